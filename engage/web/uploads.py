"""Files that come with a form: checked, written anew, scanned, stored, and kept for the form until it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import anyio
from anyio import to_thread
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from engage import antivirus, attachments, authorship, dialogues, filetypes, pictures
from engage.access import Role
from engage.antivirus import Scan
from engage.attachments import Attachment
from engage.authorship import OFFICE
from engage.errors import NotAllowed, Refused
from engage.filetypes import FIELD, FORMS, PICTURES, Kind
from engage.settings import MEGABYTE
from engage.web import guards, kit, load
from engage.web.enclosed import new_draft
from engage.web.forms import Filled, said_by
from engage.web.house import actor, house

ACCEPTED = ",".join(
    [*(form.media_type for form in FORMS.values()), *(f".{form.endings[0]}" for form in FORMS.values())]
)


class UploadForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    surface: Literal["question", "answer"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file whose bytes are stored, and whose row is not yet written."""

    key: str
    name: str
    kind: Kind
    size: int
    scan: Scan


async def change(request: Request) -> Response:
    """With a script: one file more or less, while the form is still open. Answers with the list that stands in the form."""
    form = await kit.form(request, UploadForm, files=True)
    surface = form.model.surface if form.model else attachments.QUESTION
    if surface == attachments.ANSWER and not (actor(request).has(Role.AGENCY) or actor(request).has(Role.MODERATOR)):
        raise NotAllowed()
    if form.model is not None:
        await receive(request, form, surface)
    context = {"form": form, "tray": await tray(request, form, surface)}
    return kit.page(request, "attachments/_tray.html", status=form.answer_status, **context)


async def receive(request: Request, form: Filled[Any], surface: str) -> None:
    """Keep the good files that came with a form. Each that is refused is named with its reason; the form is then not acted on."""
    sent, refused = form.enclosed, list[str]()
    if not (sent.files or sent.about or sent.remove) or not _may_keep(request):
        return await sent.close()
    sent.draft = sent.draft or new_draft()
    kept = []
    for file in sent.files:
        try:
            kept.append(await stored(request, file, surface))
        except Refused as refusal:
            refused.append(said_by(refusal, kit.translator(request)))
    await sent.close()
    async with kit.transaction(request) as db:
        refused += await _note(db, request, form, surface, kept)
    if sent.remove:
        form.errors.clear()  # whoever takes a file out has not sent the form yet
    if refused:
        form.errors[FIELD], form.model, form.status = " ".join(refused), None, 422
    return None


async def bind(
    db: AsyncSession, request: Request, form: Filled[Any], surface: str, thing_id: int, *, channel: str, owner: str
) -> None:
    """The form is being sent, in this transaction."""
    if form.enclosed.draft:
        draft = draft_of(request, form.enclosed.draft)
        await attachments.bind(db, draft, surface, thing_id, channel=channel, owner=owner)


async def forget(request: Request, form: Filled[Any], surface: str) -> None:
    """Nothing of this form is kept, so its files are not either. The sweep takes the bytes, which nobody can name any more."""
    sent = form.enclosed
    await sent.close()
    if not _may_keep(request):
        return
    sent.lost = bool(sent.files)
    if sent.draft:
        async with kit.transaction(request) as db:
            dropped = await attachments.uploaded(db, draft_of(request, sent.draft), surface)
            await attachments.drop(db, dropped)
        for row in dropped:
            await house(request).storage.delete(row.key)
        sent.lost = sent.lost or bool(dropped)


async def tray(request: Request, form: Filled[Any], surface: str) -> Mapping[str, Any]:
    """What the form shows of its files: those kept so far, and how many more may come."""
    settings, sent = house(request).settings, form.enclosed
    rows: list[Attachment] = []
    view = await load.view(request)
    if sent.draft and request.state.visitor:
        async with kit.reading(request) as db:
            rows = list(await attachments.uploaded(db, draft_of(request, sent.draft), surface))
    return {
        "draft": sent.draft or new_draft(),
        "surface": surface,
        "files": [{**view.file(row), "about": sent.about.get(row.key, row.about)} for row in rows],
        "most": attachments.MOST[surface],
        "accept": ACCEPTED,
        "file_mb": settings.attachment_mb,
        "form_mb": settings.form_mb,
        "lost": sent.lost,
    }


def draft_of(request: Request, draft: str) -> str:
    """Only the visitor who began a form finds its files."""
    return guards.digest(f"{request.state.visitor}:{draft}")


def _may_keep(request: Request) -> bool:
    return bool(request.state.is_verified and not request.state.too_many)


async def stored(request: Request, file: UploadFile, surface: str) -> Stored:
    """Bytes first, then the row: what crashes in between leaves bytes that nobody names, and the sweep takes them."""
    mine, given = house(request), file.filename or ""
    if (file.size or 0) > mine.settings.attachment_mb * MEGABYTE:
        name = filetypes.plain_name(given)[: filetypes.MOST_NAME]
        raise Refused("file_too_large", field=FIELD, name=name, most=mine.settings.attachment_mb)
    kind, content = await _checked(given, await file.read(), surface, mine.slow)
    scan = await antivirus.scan(mine.settings.clamd, content)
    name = filetypes.shown_name(given, kind)
    if scan is Scan.INFECTED:
        raise Refused("file_infected", field=FIELD, name=name)
    key = attachments.new_key()
    await mine.storage.put(key, content)
    return Stored(key, name, kind, len(content), scan)


async def _checked(given: str, content: bytes, surface: str, slow: anyio.CapacityLimiter) -> tuple[Kind, bytes]:
    """In a thread: the loop serves everybody else meanwhile."""

    def check() -> tuple[Kind, bytes]:
        if surface == dialogues.SURFACE:  # its cover, which every list of dialogues loads
            kind = filetypes.picture_of(given, content)
            return kind, pictures.rewritten(given, content, kind, longest=pictures.COVER_SIDE)
        kind = filetypes.kind_of(given, content)
        if kind in PICTURES:
            return kind, pictures.rewritten(given, content, kind)
        if kind in OFFICE and surface == attachments.QUESTION:  # who wrote an answer's file is no secret
            return kind, authorship.removed(given, content)
        return kind, content

    return await to_thread.run_sync(check, limiter=slow)


async def _note(db: AsyncSession, request: Request, form: Filled[Any], surface: str, kept: list[Stored]) -> list[str]:
    """Rows for what is stored, what was said of earlier ones, and one less when its button was pressed."""
    sent, refused = form.enclosed, []
    draft = draft_of(request, sent.draft)
    there = await attachments.uploaded(db, draft, surface)
    await attachments.drop(db, [row for row in there if row.key == sent.remove])
    await attachments.describe(db, [row for row in there if row.key != sent.remove], sent.about)
    add = partial(attachments.add, most_bytes=house(request).settings.form_mb * MEGABYTE)
    for one in kept:
        try:
            await add(db, draft, surface, key=one.key, name=one.name, kind=one.kind, size=one.size, scan=one.scan)
        except Refused as refusal:
            refused.append(said_by(refusal, kit.translator(request)))
    return refused
