"""What mails to people at their desks say: the day's digest, and their account. Public titles only."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, calendars, digests, errands, links, translations
from engage.access import is_public
from engage.chases import Chase, Step
from engage.deadlines import here
from engage.errands import Errand
from engage.links import AccountLink
from engage.notices import Kind, Notice
from engage.people import Person
from engage.questions import Question
from engage.settings import Settings
from engage.web import words
from engage.web.language import localized
from engage.web.templates import day, moment
from engage.web.views import View

LATER = {Step.SUPERVISOR, Step.PORTAL_DESK}


async def gathered(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """None when there is nothing to say any more."""
    if notice.kind == Kind.CALENDAR_ENDS:
        alarm = await calendars.alarm(db)
        return {"alarm": alarm, "url": _url("/admin/calendar", view, settings)} if alarm else None
    posts = await agencies.posts_of(db, notice.person_id)
    lines = [
        _line(chase, question, view, settings, question.agency_id in posts)
        for chase, question in await digests.items(db, notice.thing_id)
    ]
    brought = [_errand(errand, view, settings) for errand in await errands.of(db, notice.thing_id)]
    if not lines and not brought:
        return None
    url = _url("/desk" if posts else "/review/overdue", view, settings)
    return {"lines": lines, "brought": brought, "url": url}


async def about_account(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """To staff. The token exists in this mail only. A link that is void already is not sent."""
    person = await db.get_one(Person, notice.person_id)
    link = None if notice.kind == Kind.FACTOR_RESET else await db.get(AccountLink, notice.thing_id)
    if link is not None and link.used_at is not None:
        return None
    path = f"/links/{links.token_of(settings.secret, link)}" if link else "/account"
    return {
        "name": person.name,
        "url": _url(path, view, settings),
        "ends": moment(link.ends_at) if link else "",
    }


def _line(chase: Chase, question: Question, view: View, settings: Settings, is_mine: bool) -> dict[str, Any]:
    """Where the reader can do something about it; who is only told reads the public page, where there is one."""
    step = Step.OVERDUE if chase.step in LATER else chase.step
    is_told = is_mine or is_public(question)
    path = f"/desk/questions/{question.key}" if is_mine else question.path if is_told else "/review/overdue"
    return {
        "words": view.translator.say(words.timing.CHASED[f"{chase.clock}_{step}"], day=day(here(chase.due_at))),
        "title": question.title if is_told else view.translator.say(words.TITLE_WITHHELD),
        "agency": view.directory.agencies.get(question.agency_id),
        "url": _url(path, view, settings),
    }


def _errand(errand: Errand, view: View, settings: Settings) -> dict[str, Any]:
    agency, question = view.directory.agencies[errand.agency_id], errand.question
    said = words.assigning.BROUGHT[errand.kind]
    return {
        "words": view.translator.say(said, agency=view.translator.named(agency)),
        "due": here(errand.due_at) if errand.due_at else None,
        "title": question.title if question else "",
        "url": _url(_where(errand, agency.slug), view, settings),
    }


def _where(errand: Errand, slug: str) -> str:
    if errand.question is None:
        return f"/desk?agency={slug}&tab=working&official=nobody"
    if errand.kind == Kind.SHARE_ASKED:
        return "/desk?tab=shares"
    return f"/{'translations' if errand.kind == translations.SURFACE else 'desk/questions'}/{errand.question.key}"


def _url(path: str, view: View, settings: Settings) -> str:
    return settings.address + localized(path, view.translator.language)
