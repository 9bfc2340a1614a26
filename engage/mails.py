"""A notice as a mail: its words are made at sending, from the rows as they are then, in the language of who gets it."""

from collections.abc import Awaitable, Callable
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
from anyio import to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    access,
    agencies,
    answers,
    assignments,
    citizens,
    clarifications,
    desk_mails,
    dialogue_mails,
    dialogues,
    due_changes,
    flag_mails,
    flags,
    follows,
    forum,
    letters,
    links,
    lost_codes,
    merges,
    questions,
    remark_mails,
    remarks,
)
from engage.db import now
from engage.due_changes import Change
from engage.notices import Kind, Notice
from engage.people import Person
from engage.questions import Question
from engage.settings import Settings
from engage.web import load, naming, words
from engage.web.language import localized
from engage.web.templates import Templates, clock
from engage.web.views import Directory, View

SMTP_SECONDS = 20
PUBLIC_KINDS = frozenset(
    {Kind.ACCEPTED, Kind.TRANSFERRED, Kind.EXTENDED, Kind.ANSWERED, Kind.CORRECTED, Kind.OUTDATED, Kind.CARRIED}
) | {
    Kind.FOLLOWED,
    Kind.FOLLOWED_NEWS,
    Kind.FOLLOWED_PARTED,
}
NO_WHY = {"reason": "", "words": ""}


async def compose(db: AsyncSession, notice: Notice, templates: Templates, settings: Settings) -> MIMEText | None:
    """None when there is nobody to write to any more. A text that is not public is never quoted: nobody has read it, and the
    address may be a stranger's."""
    person = await db.get(Person, notice.person_id)
    if person is None or not person.email or person.ended_at is not None:
        return None
    translator = templates.translators[person.language]
    view = View(translator, Directory.of(await agencies.every_agency(db), [], []))
    told = await _telling(notice)(db, notice, view, settings)
    if told is None:
        return None
    name = f"post_{notice.kind}" if notice.surface == remarks.TABLE else notice.kind
    said = templates.get(f"mail/{name}.txt", person.language).render(**told)
    return _message(notice, person.email, said, settings)


def _telling(notice: Notice) -> Callable[..., Awaitable[dict[str, Any] | None]]:
    if notice.surface == links.SURFACE:
        return desk_mails.about_account
    if notice.surface == citizens.SURFACE:
        return _of_a_citizen
    if notice.surface == remarks.TABLE:
        return remark_mails.about_remark
    if notice.surface == flags.SURFACE:
        return flag_mails.about_flag
    if notice.surface == forum.TABLE:
        return remark_mails.about_thread
    if notice.surface == dialogues.SURFACE:
        return dialogue_mails.about_dialogue
    return desk_mails.gathered if notice.kind in {Kind.DIGEST, Kind.CALENDAR_ENDS} else _of_a_question


async def _of_a_question(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    question, language = await questions.one(db, notice.thing_id), view.translator.language
    view = view.about(question.kind)
    if notice.kind == Kind.MERGED and question.merged_into_id is None:  # taken out again before the mail left
        return None
    path = await _path(db, notice, question)
    is_public = access.is_public(question)
    return {
        "_": naming.speaking(view.translator),
        "question": {
            "id": question.id,
            "title": question.title if is_public else view.translator.say(words.TITLE_WITHHELD),
        },
        "url": settings.address + localized(path, language),
        "agency": view.directory.agencies.get(question.agency_id),
        "due": view.due(await load.due(db, question)),
        "leave": settings.address + localized(_letter(notice, settings), language),
        "links": await _ways_back(db, notice, settings, language),
        **await _why(db, notice, question, view),
    }


async def _of_a_citizen(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """Link and code exist in this mail only; one that is void already is not sent. The name that was typed is not said:
    whoever typed it may be a stranger."""
    proof = await db.get(citizens.CitizenProof, notice.thing_id)
    if proof is None or not citizens.is_open(proof, now(db)):
        return None
    path = f"/citizens/links/{citizens.token_of(settings.secret, proof)}"
    return {
        "url": settings.address + localized(path, view.translator.language),
        "code": citizens.code_of(settings.secret, proof),
        "ends": clock(proof.ends_at),
    }


async def send(settings: Settings, notice: Notice, message: MIMEText) -> None:
    """At least once: the Message-ID and the file name stay the same however often it is sent."""
    if not settings.mail_url:
        await to_thread.run_sync(letters.put, settings.mail_folder, f"notice-{notice.id}", message)
        return
    server = urlsplit(settings.mail_url)
    await aiosmtplib.send(
        message,
        hostname=server.hostname,
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=SMTP_SECONDS,
    )


async def _path(db: AsyncSession, notice: Notice, question: Question) -> str:
    """To the public page once there is one; before that to where the receipt code is typed."""
    if notice.kind == Kind.WITHDRAWN:
        return "/questions" if question.surface == questions.SURFACE else f"/{question.surface}"
    if notice.kind == Kind.MERGED:
        return f"/questions/{await merges.last_of(db, question.key)}"
    leads_there = notice.kind in PUBLIC_KINDS and not question.restricted
    return question.path if leads_there else "/track"


def _letter(notice: Notice, settings: Settings) -> str:
    """Where a follower confirms, or leaves."""
    return f"/follows/{follows.token(settings.secret, notice.surface, notice.person_id)}"


async def _ways_back(db: AsyncSession, notice: Notice, settings: Settings, language: str) -> list[tuple[Question, str]]:
    """For who lost a code: a link to each question of that address."""
    if notice.kind != Kind.LOST_CODE:
        return []
    ways = await lost_codes.links(db, await db.get_one(Person, notice.person_id))
    tokens = [(question, lost_codes.token(settings.secret, way.id or 0)) for way, question in ways]
    return [(question, settings.address + localized(f"/track/lost/{one}", language)) for question, one in tokens]


async def _why(db: AsyncSession, notice: Notice, question: Question, view: View) -> dict[str, Any]:
    language = view.translator.language
    match notice.kind:
        case Kind.REFUSED | Kind.RETURNED:
            return dict(await load.refusal(db, question, language) or NO_WHY)
        case Kind.HIDDEN:
            return dict(await load.hidden(db, question, language) or NO_WHY)
        case Kind.MERGED:
            target = await questions.one(db, await merges.last_of(db, question.key))
            return {"target": target.title if access.is_public(target) else ""}
        case Kind.CLARIFY:
            rounds = await clarifications.of(db, question)
            return {"until": rounds[-1].due_at if rounds else None}
        case Kind.ANSWERED:
            given = await answers.published(db, question.key)
            return {"is_cited": bool(given and await answers.citations_of(db, given))}
        case Kind.CARRIED:
            dialogue = await dialogues.one(db, question.dialogue_id or 0)
            return {"dialogue": dialogue.title, "is_asker": notice.person_id == question.author_id}
        case Kind.EXTENDED:
            extended = [row.reason for row in await due_changes.of(db, question) if row.kind == Change.EXTENDED]
            return {"reason": extended[-1] if extended else ""}
    turns = await assignments.of(db, question)
    last = turns[-1] if turns else None
    if last is None:
        return {"reason": ""}
    return {"reason": last.reason or view.reasons(last.why, view.directory.agencies.get(last.agency_id))}


def _message(notice: Notice, to: str, said: str, settings: Settings) -> MIMEText:
    """Headers are encoded here: the standard library's newer message class loses a space when it folds a long subject."""
    head, _, body = said.lstrip().partition("\n")
    message = MIMEText(body.strip() + "\n", "plain", "utf-8")
    message["From"], message["To"] = formataddr(parseaddr(settings.mail_from)), to
    subject = " ".join(head.removeprefix("Subject:").split())
    message["Subject"] = Header(
        subject, "utf-8", header_name="Subject"
    ).encode()  # unnamed, it folds before the first word
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<notice-{notice.id}@{urlsplit(settings.address).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    return message
