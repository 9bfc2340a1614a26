"""Writing on a portal's page, by its script: JSON in, JSON out, by a bearer. Our own pages find nothing here."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import authoring, comments, kept, namings, records, review
from engage.articles import Named
from engage.comments import CommentForm, EditForm
from engage.embeds import Embedded
from engage.errors import Conflict, NotAllowed, NotFound
from engage.people import Person
from engage.records import Act
from engage.remarks import Remark
from engage.surfaces import LEAST_REMARK
from engage.web import embedding, guards, kit, voters, words
from engage.web.comments.judging import judged
from engage.web.forms import Nothing
from engage.web.origin import origin
from moderation.screening import Submission

UNKEPT = {"cache-control": "no-store"}


class SentForm(Named, CommentForm):
    """`key` names this very submission: sent again, it is the same comment."""

    key: str = Field(default="", max_length=64)


class UsefulForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    useful: bool = True


async def create(request: Request) -> Response:
    who = _writer(request)
    form = await embedding.body(request, SentForm)
    if form.site != who.portal.slug:
        raise NotAllowed("embed_site_differs")
    sent = _submission(request, who, form)
    try:
        return await _created(request, who, form, sent)
    except Conflict:
        async with kit.reading(request) as db:  # the same one, at the same moment
            first = await kept.answer_to(db, sent) if sent else None
            if first is None:
                raise
            return _told(request, await comments.own(db, who.actor, int(first.location)))


async def _created(request: Request, who: Embedded, form: SentForm, sent: kept.Submission | None) -> Response:
    async with kit.reading(request) as db:
        if sent and (first := await kept.answer_to(db, sent)):
            return _told(request, await comments.own(db, who.actor, int(first.location)))
        verdict = await judged(db, form)
    async with kit.transaction(request) as db:
        if request.state.stored:
            request.state.stored.count(request)
        article = await namings.opened(db, who.portal, form)
        made = await comments.write(db, await db.get_one(Person, who.actor.person_id), article, form)
        if sent:
            await kept.keep(db, sent, 202, str(made.key))
        await review.look_at(db, comments.SURFACE, made.key, verdict)
        await _note(request, db, made)
        made = await comments.own(db, who.actor, made.key)
    return _told(request, made)


async def edit(request: Request) -> Response:
    who = _writer(request)
    form = await embedding.body(request, EditForm)
    async with kit.reading(request) as db:
        verdict = await review.examine(db, comments.SURFACE, Submission("", form.body), least=LEAST_REMARK)
    async with kit.transaction(request) as db:
        remark = await comments.own(db, who.actor, request.path_params["id"])
        await comments.edit(db, remark, form, verdict)
    return _told(request, remark, 200)


async def withdraw(request: Request) -> Response:
    who = _writer(request)
    await embedding.body(request, Nothing)
    async with kit.transaction(request) as db:
        remark = await comments.own(db, who.actor, request.path_params["id"])
        await authoring.withdraw_comment(db, remark)
    return _told(request, remark, 200)


async def useful(request: Request) -> Response:
    who = _writer(request)
    form = await embedding.body(request, UsefulForm)
    voter, source = voters.of_comment(request, who.actor)
    async with kit.transaction(request) as db:
        times = await comments.find_useful(db, request.path_params["id"], voter, source, on=form.useful)
    return JSONResponse({"useful": times}, headers=UNKEPT)


def _writer(request: Request) -> Embedded:
    if embedding.portal(request) is None:
        raise NotFound()
    return embedding.must_be_embedded(request)


def _submission(request: Request, who: Embedded, form: SentForm) -> kept.Submission | None:
    """The same key of the same person, whatever it holds."""
    if not form.key:
        return None
    visitor = guards.digest(f"person {who.actor.person_id}")
    return kept.Submission(visitor=visitor, door=request.scope["path"][:80], key=form.key, fingerprint="")


async def _note(request: Request, db: AsyncSession, made: Remark) -> None:
    from_where: dict[str, Any] = {"surface": comments.SURFACE, "thing_id": made.key}
    await records.note(db, origin(request), made.author_id, Act.POSTED, **from_where)


def _told(request: Request, remark: Remark, status: int = 202) -> Response:
    """`hint`: only in words, and only where some would make it easier to read."""
    say = kit.translator(request).say
    state = "held" if remark.sealed else remark.moderation
    body = {
        "id": remark.key,
        "state": state,
        "version": remark.version,
        "words": say(words.commenting.STANDS[state][0]),
    }
    if not remark.has_marks:
        body["hint"] = say(words.commenting.MARKS)
    return JSONResponse(body, status, UNKEPT)
