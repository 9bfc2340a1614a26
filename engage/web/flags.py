"""Reporting a public text: a page for readers, a door for scripts of portals. What others reported is shown to nobody here."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import flagging, flags, votes
from engage.access import Role
from engage.db import MOST_ID
from engage.errors import Failure, NotFound, Refused, TooMany
from engage.flags import Flag, FlagForm, Flagger
from engage.questions import Question
from engage.remarks import Remark, Said
from engage.web import embedding, guards, kit, pace, voters, words
from engage.web.comments import shown as commented
from engage.web.forms import Filled
from engage.web.forum import shown
from engage.web.house import actor, house, language
from engage.web.language import Translator, localized
from engage.web.templates import query

SAID = 160


async def form(request: Request) -> Response:
    asked = request.query_params
    thing_id = asked.get("id", "")
    is_number = thing_id.isascii() and thing_id.isdecimal() and len(thing_id) <= 10
    return await _page(request, asked.get("thing", ""), int(thing_id) if is_number else 0, Filled())


async def create(request: Request) -> Response:
    """Sent twice, it is one flag; what it came to stands on the same page."""
    surface, thing_id = request.path_params["surface"], request.path_params["id"]
    form = await kit.form(request, FlagForm)
    if form.model is None:
        return await _page(request, surface, thing_id, form)
    try:
        if form.model.website:
            raise Refused("trap")
        about = form.model.model_copy(update={"thing": surface, "id": thing_id})
        async with kit.transaction(request) as db:
            made = await flagging.flag(db, await _flagger(request, db), about)
            return kit.see_other(request, db, "/flags/new" + query({"thing": made.surface, "id": str(made.thing_id)}))
    except Failure as failure:
        if not isinstance(failure, Refused | TooMany):
            raise
        form.refuse(failure, kit.translator(request))
        return await _page(request, surface, thing_id, form)


async def send(request: Request) -> Response:
    """From a portal's page, by whoever writes there."""
    if embedding.portal(request) is None:
        raise NotFound()
    embedding.must_be_embedded(request)
    form = await embedding.body(request, FlagForm)
    async with kit.transaction(request) as db:
        made = await flagging.flag(db, await _flagger(request, db), form)
    told = {"id": made.id, "state": made.state, "words": kit.translator(request).say(words.flagging.STANDS[made.state])}
    return JSONResponse(told, 202, {"cache-control": "no-store"})


async def _flagger(request: Request, db: AsyncSession) -> Flagger:
    who, mine = actor(request), house(request)
    address = guards.address_key(pace.address(request))
    return Flagger(
        name=voters.voter_of(request, who),
        source="" if who.has(Role.STAFF) else votes.source_of(mine.settings.secret, address, mine.store.clock()),
        person_id=who.person_id,
        is_proved=await flags.is_proved(db, who.person_id),
    )


async def _page(request: Request, surface: str, thing_id: int, form: Filled[FlagForm]) -> Response:
    if not 0 < thing_id <= MOST_ID:
        raise NotFound()
    who, translator = actor(request), kit.translator(request)
    async with kit.reading(request) as db:
        thing = await flagging.seen(db, surface, thing_id)
        own = await flagging.own(db, thing, voters.voter_of(request, who))
        reasons = await flags.reasons(db)
        may_be_told = await flags.is_proved(db, who.person_id)
    return kit.page(
        request,
        "flags/new.html",
        status=form.answer_status,
        form=form,
        action=localized(f"/flags/{thing.surface}/{thing.key}", language(request)),
        about=_about(thing, translator),
        reasons=[{"code": row.code, "words": translator.named(row)} for row in reasons],
        own=_own(own, translator) if own else None,
        may_be_told=may_be_told,
        is_own=who.person_id is not None and who.person_id == thing.author_id,
    )


def _about(thing: Question | Remark, translator: Translator) -> dict[str, Any]:
    return {
        "surface": translator.say(words.SURFACES[thing.surface]),
        "said": thing.title or " ".join(thing.body.split())[:SAID],
        "is_cut": not thing.title and len(thing.body) > SAID,
        "url": localized(_path(thing), translator.language),
        "has_answer": isinstance(thing, Question),
    }


def _path(thing: Question | Remark) -> str:
    if isinstance(thing, Question):
        return thing.path
    if thing.surface == Said.COMMENT:
        return commented.path_of(thing)
    return shown.path_of(thing.place_id, thing.number or 1)


def _own(flag: Flag, translator: Translator) -> dict[str, Any]:
    return {
        "at": flag.made_at,
        "words": translator.say(words.flagging.STANDS[flag.state]),
        "is_waiting": flag.state == flags.State.WAITING,
        "is_told": flag.person_id is not None,
    }
