"""Reading and asking: the list, a question's page, the form, what comes after sending it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, deadlines, follows, intake, merges, people, questions, receipts, review, timeline
from engage.access import Moderation
from engage.archive import Filters
from engage.ask import CONSENT_VERSION, MOST_TITLE, Ask
from engage.db import now
from engage.deadlines import Step
from engage.errors import Failure, NotFound, Refused
from engage.web import cursors, kit, load
from engage.web.forms import Filled
from engage.web.house import CODE_SESSION, actor, house, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View
from moderation.screening import Submission

PAGE = 20
RECEIPT_SHOWN = timedelta(minutes=30)
RELATED = 3
DENUNCIATION_HINT, ASKED_BEFORE = "denunciation_hint", "asked_before"
SUGGESTED, SUGGESTED_FROM, TWINS_FROM = 3, 0.3, 0.5


async def listed(request: Request) -> Response:
    asked = {name: request.query_params.get(name, "")[:80] for name in ("topic", "agency", "province")}
    asked["stage"] = "open" if request.query_params.get("stage") == "open" else "answered"
    after = cursors.read(request.query_params.get("after", ""))

    async def build() -> Mapping[str, Any]:
        return await _list(request, asked, after)

    place = {
        **asked,
        "stage": "open" if asked["stage"] == "open" else "",
        "after": cursors.written(after) if after else "",
    }
    return await kit.public_page(
        request, "questions/list.html", f"/questions{query(place)}", ["questions"], build, keeps=not after
    )


async def _list(request: Request, asked: dict[str, str], after: tuple[datetime, int] | None) -> Mapping[str, Any]:
    live = await kit.live_room(request, "questions", 0, "questions")
    view = await load.view(request)
    async with kit.reading(request) as db:
        filters = _filters(view, asked)
        found = await archive.listed(db, filters, PAGE + 1, after)
        lines = await load.lines(db, view, found[:PAGE])
    spoken, more = language(request), len(found) > PAGE

    def url(**changed: str) -> str:
        return localized("/questions", spoken) + query({**asked, **changed})

    directory = view.directory
    rows: dict[str, Mapping[Any, Any]] = {
        "topic": directory.topics,
        "agency": directory.agencies,
        "province": directory.provinces,
    }
    chosen = {name: next((r for r in rows[name].values() if r.slug == asked[name]), None) for name in rows}
    return {
        "live": live,
        "lines": lines,
        "filters": asked,
        **view.directory.choices,
        "chips": [(view.translator.named(row), url(**{name: ""})) for name, row in chosen.items() if row],
        "next_url": url(after=cursors.written(cursors.last(found[PAGE - 1], filters))) if more else None,
        "first_url": url() if after else None,
        "feed_url": localized("/feed.xml", spoken) + query({name: asked[name] for name in ("topic", "agency")}),
    }


async def show(request: Request) -> Response:
    question_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        return await _question(request, question_id)

    channels = [f"question:{question_id}", "questions"]
    return await kit.public_page(request, "questions/show.html", f"/questions/{question_id}", channels, build)


async def _question(request: Request, question_id: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "question", question_id, f"question:{question_id}")
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, actor(request), question_id)
        shown = view.question(question, await load.author_of(db, question))
        shown["due"] = view.due(await load.due(db, question))
        near = await archive.related(db, question, RELATED)
        return {
            "live": live,
            "question": shown,
            "answer": await load.answer(db, view, question),
            "steps": view.steps(timeline.for_readers(await timeline.of(db, question))),
            "related": await load.lines(db, view, near),
            "followers": await follows.count(db, questions.SURFACE, question_id, *await merges.below(db, question_id)),
            "merged_into": await _merged_into(db, view, question),
        }


async def _merged_into(db: AsyncSession, view: View, question: questions.Question) -> Mapping[str, str] | None:
    """Where a merged question goes on; without a name when readers may not see that one any more."""
    if question.merged_into_id is None:
        return None
    target = await questions.one(db, await merges.last_of(db, question.key))
    is_public = target.moderation == Moderation.ACCEPTED and not target.sealed
    url = localized(f"/questions/{target.id}", view.translator.language)
    return {"url": url, "title": target.title if is_public else ""}


async def ask(request: Request) -> Response:
    return await _form(request, Filled(values=_suggested(request)))


async def create(request: Request) -> Response:
    """Store a question and hold it when a person must look first. A denunciation hint gives the text back, nothing stored."""
    form = await kit.form(request, Ask)
    if form["judged"] == "denunciation":
        return kit.redirect(request, "/questions/denunciation")
    if form.model is None:
        return await _form(request, form)
    ask, key = form.model, kit.form_key(request)
    try:
        if ask.website or not key:
            raise Refused("trap" if ask.website else "stale_form")
        return await _submit(request, ask, key)
    except Failure as failure:
        if failure.reason == DENUNCIATION_HINT:
            return await _form(request, form, denunciation=True)
        if failure.reason == ASKED_BEFORE:
            return await _form(request, form, twins=ask.title)
        if isinstance(failure, Refused):
            form.refuse(failure, kit.translator(request))
            return await _form(request, form)
        raise


async def _submit(request: Request, ask: Ask, key: str) -> Response:
    mine = house(request)
    code = receipts.code_for(mine.settings.secret, request.state.visitor, key)
    async with kit.judging(request) as db:
        verdict = await review.examine(db, questions.SURFACE, Submission(ask.title, ask.body))
        if verdict.outcome == "denunciation" and ask.judged != "question":
            raise Refused(DENUNCIATION_HINT)
        if not (ask.seen or ask.judged) and await archive.near(db, ask.title, 1, TWINS_FROM):
            raise Refused(ASKED_BEFORE)
        directory = await intake.find_directory(db, ask)
    is_mailed = bool(ask.email) and kit.may_write_to(request, ask.email)
    async with kit.transaction(request) as db:
        submitted = await intake.submit(db, ask, directory, code=code, language=language(request), is_mailed=is_mailed)
        await review.look_at(db, questions.SURFACE, submitted.id, verdict)
        token = await people.sign_in(db, submitted.author_id, only=f"question:{submitted.id}")
        response = kit.see_other(request, db, f"/questions/sent/{key}")
    kit.set_cookie(request, response, CODE_SESSION, token, int(people.CODE_IDLE.total_seconds()))
    return response


async def sent(request: Request) -> Response:
    """The receipt, for the visitor who sent the form: the code is computed again, it is stored nowhere."""
    mine, visitor = house(request), request.state.visitor
    if not visitor:
        raise NotFound()
    code = receipts.code_for(mine.settings.secret, visitor, request.path_params["key"])
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await questions.by_code(db, code)
        if now(db) - question.created_at > RECEIPT_SHOWN:
            raise NotFound()
        author = await load.author_of(db, question)
        review_days = await deadlines.days_for(db, questions.SURFACE, Step.MODERATE)
    is_mailed = bool(author and author.email)
    return kit.page(
        request,
        "questions/sent.html",
        code=code,
        question={**view.question(question, author), "held": question.moderation == Moderation.HELD},
        mailed=is_mailed,
        phone_only=not is_mailed,
        review_days=review_days,
    )


async def denunciation(request: Request) -> Response:
    return kit.page(request, "questions/denunciation.html")


async def _form(request: Request, form: Filled[Ask], *, denunciation: bool = False, twins: str = "") -> Response:
    """The form with what was typed; `twins` is the title that resembles earlier ones, once it was about to be sent."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        near = await archive.near(
            db, str(form["title"])[:MOST_TITLE], SUGGESTED, TWINS_FROM if twins else SUGGESTED_FROM
        )
        lines = await load.lines(db, view, near)
    is_wrong = bool(form.errors or form.note or denunciation or twins)
    return kit.page(
        request,
        "questions/ask.html",
        status=form.status if is_wrong else 200,
        form=form,
        topic_groups=load.topic_groups(view),
        provinces=view.directory.choices["provinces"],
        agencies=view.directory.choices["agencies"],
        consent=load.consent(view, CONSENT_VERSION),
        denunciation=denunciation,
        twins=bool(twins),
        lines=lines,
    )


def _suggested(request: Request) -> dict[str, str]:
    """A link may bring a topic, a province or an agency along."""
    names = ("topic", "province", "agency")
    return {name: request.query_params[name][:80] for name in names if name in request.query_params}


def _filters(view: View, asked: dict[str, str]) -> Filters:
    """An unknown name finds nothing rather than everything."""

    def id_of(rows: Mapping[int | None, Any], slug: str) -> int | None:
        return next((row.id for row in rows.values() if row.slug == slug), 0) if slug else None

    return Filters(
        topic_id=id_of(view.directory.topics, asked["topic"]),
        agency_id=id_of(view.directory.agencies, asked["agency"]),
        province_id=id_of(view.directory.provinces, asked["province"]),
        is_answered=asked["stage"] == "answered",
    )
