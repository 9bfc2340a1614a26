"""Rows of the directory and of the rules: find one, add one, edit one, see who changed it, take the last change back."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import calendars, directory, histories, successions
from engage.deadlines import Term
from engage.errors import Failure, NotFound
from engage.nouns import NOUNS, Noun
from engage.policies import Limit
from engage.successions import SuccessionForm
from engage.web import cursors, kit, load, told, words
from engage.web.admin import showing
from engage.web.forms import Filled, said_by
from engage.web.house import actor, house, language
from engage.web.language import Translator, localized
from engage.web.templates import query
from moderation.text import fold

PAGE, CHANGES, MOST_TYPED = 40, 20, 80
STATES = ("active", "ended", "all")


async def listed(request: Request) -> Response:
    plural, noun = _noun(request)
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    state, after = request.query_params.get("state", ""), request.query_params.get("after", "")[:80]
    state = state if state in STATES else "active"
    view = await load.view(request)
    async with kit.reading(request) as db:
        every, alarm = await directory.every(db, noun), await calendars.alarm(db)
    every = showing.in_order(view.translator, noun, every)
    found = [row for row in every if _is_found(view.translator, noun, row, fold(typed), state)]
    starts = next((place for place, row in enumerate(found, 1) if noun.slug_of(row) == after), 0)
    shown, here = found[starts : starts + PAGE], localized(f"/admin/{plural}", language(request))
    asked = {"q": typed, "state": "" if state == "active" else state}
    earlier = noun.slug_of(found[starts - PAGE - 1]) if starts > PAGE else ""
    more = len(found) > starts + PAGE
    return kit.page(
        request,
        "admin/rows.html",
        plural=plural,
        title=view.translator.say(words.directing.NOUNS[plural]),
        lead=view.translator.say(words.administering.LEADS[plural]) if plural in words.administering.LEADS else "",
        alarm=alarm,
        grows=noun.grows,
        typed=typed,
        state=state,
        found=len(found),
        rows=[
            {
                "slug": noun.slug_of(row),
                "title": showing.title(view.translator, noun, row),
                "beside": showing.beside(view, noun, row),
                "active": getattr(row, "active", True),
            }
            for row in shown
        ],
        first_url=here + query(asked) if starts else None,
        previous_url=here + query({**asked, "after": earlier}) if starts else None,
        next_url=here + query({**asked, "after": noun.slug_of(shown[-1])}) if more else None,
    )


async def new(request: Request) -> Response:
    return await _new(request, Filled(values={"active": True, "answers": True, "level": "central"}))


async def add(request: Request) -> Response:
    plural, noun = _noun(request)
    form = await kit.form(request, noun.form)
    if form.model is None:
        return await _new(request, form)
    slug = form.model.slug or directory.slug_of(str(form["name_vi"]))
    try:
        async with kit.transaction(request) as db:
            await directory.add(db, actor(request), noun, slug, form.model.values)
            return kit.see_other(request, db, f"/admin/{plural}/{slug}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _new(request, form)


async def show(request: Request) -> Response:
    return await _row(request, None)


async def change(request: Request) -> Response:
    plural, noun = _noun(request)
    slug = request.path_params["slug"]
    form = await kit.form(request, noun.form)
    if form.model is None:
        return await _row(request, form)
    try:
        async with kit.transaction(request) as db:
            await directory.edit(db, actor(request), noun, slug, form.model)
            response = kit.see_other(request, db, f"/admin/{plural}/{slug}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _row(request, form)
    await in_force(request, noun)
    return response


async def undo(request: Request) -> Response:
    plural, noun = _noun(request)
    form = await kit.form(request, histories.UndoForm)
    if form.model is None:
        return await _row(request, None, note=form)
    try:
        async with kit.transaction(request) as db:
            await directory.undo(db, actor(request), noun, request.path_params["slug"], form.model.version)
            response = kit.see_other(request, db, f"/admin/{plural}/{request.path_params['slug']}")
    except NotFound:
        raise
    except Failure as failure:
        form.note, form.status = said_by(failure, kit.translator(request)), failure.status
        return await _row(request, None, note=form)
    await in_force(request, noun)
    return response


async def merge(request: Request) -> Response:
    return await _succeed(request, "agencies")


async def retire(request: Request) -> Response:
    return await _succeed(request, "topics")


async def _succeed(request: Request, plural: str) -> Response:
    slug, verb = (
        request.path_params["slug"],
        successions.merge_agency if plural == "agencies" else successions.retire_topic,
    )
    form = await kit.form(request, SuccessionForm)
    if form.model is None:
        return await _row(request, None, ending=form, plural=plural)
    try:
        async with kit.transaction(request) as db:
            moved = await verb(db, actor(request), slug, form.model)
            return kit.see_other(request, db, told.telling(f"/admin/{plural}/{slug}", plural, moved))
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _row(request, None, ending=form, plural=plural)


async def in_force(request: Request, noun: Noun) -> None:
    """A limit holds here at once; the other processes follow within their next refresh."""
    if noun.table is Limit:
        async with kit.reading(request) as db:
            await house(request).limits.refresh(db)


async def _new(request: Request, form: Filled[Any]) -> Response:
    plural, noun = _noun(request)
    if not noun.grows:
        raise NotFound()
    view = await load.view(request)
    say = view.translator.say
    return kit.page(
        request,
        "admin/row.html",
        status=form.answer_status,
        plural=plural,
        noun=noun.name,
        is_rule=noun.is_rule,
        several=say(words.directing.NOUNS[plural]),
        title=say(words.administering.ADDING[plural]),
        row=None,
        form=form,
        **showing.choices(view),
    )


async def _row(
    request: Request,
    form: Filled[Any] | None,
    *,
    note: Filled[Any] | None = None,
    ending: Filled[Any] | None = None,
    plural: str = "",
) -> Response:
    """The row with what was typed, or as it is; `note` and `ending` are what its smaller forms said."""
    plural = plural or request.path_params["noun"]
    noun, view = NOUNS[plural], await load.view(request)
    async with kit.reading(request) as db:
        row = await directory.one(db, noun, request.path_params["slug"])
        successor = await _successor(db, noun, row)
        said = form or Filled(values=showing.typed(await directory.values_of(db, noun, row)))
        context = {
            **await _past(request, db, view.translator, plural, row),
            "waiting": await directory.open_questions(db, noun, row),
            "successor": successor,
            "done": told.said(request, words.directing.ENDED, (plural,) if successor else ()),
        }
    refused = form or note or ending
    return kit.page(
        request,
        "admin/row.html",
        status=refused.answer_status if refused else 200,
        plural=plural,
        noun=noun.name,
        is_rule=noun.is_rule,
        several=view.translator.say(words.directing.NOUNS[plural]),
        title=showing.title(view.translator, noun, row),
        unit=view.translator.say(showing.unit_of(row)) if noun.table is Term else "",
        row=row,
        slug=noun.slug_of(row),
        grows=noun.grows,
        form=said,
        note=note.note if note else "",
        ending=ending or Filled(),
        **context,
        **showing.choices(view),
    )


async def _past(request: Request, db: AsyncSession, translator: Translator, plural: str, row: Any) -> dict[str, Any]:
    """Who changed it, a page at a time, and whether the last change can be taken back."""
    noun, before = NOUNS[plural], cursors.number(request.query_params.get("before", ""))
    slug = noun.slug_of(row)
    last = await histories.last(db, noun.name, slug)
    found = await histories.of(db, noun.name, slug, CHANGES + 1, before=before)
    shown, here = found[:CHANGES], localized(f"/admin/{plural}/{slug}", language(request))
    has_ended = getattr(row, "successor_id", None) is not None
    return {
        "version": last[0].id if last else 0,
        "changes": [showing.change(translator, change, by) for change, by in shown],
        "undoable": last is not None and last[0].act in directory.UNDOABLE and not has_ended,
        "first_url": here if before is not None else None,
        "next_url": here + query({"before": shown[-1][0].id}) if len(found) > CHANGES else None,
    }


async def _successor(db: AsyncSession, noun: Noun, row: Any) -> Any:
    successor_id = getattr(row, "successor_id", None)
    return await db.get(noun.table, successor_id) if successor_id else None


def _noun(request: Request) -> tuple[str, Noun]:
    plural = request.path_params["noun"]
    return plural, NOUNS[plural]


def _is_found(translator: Translator, noun: Noun, row: Any, typed: str, state: str) -> bool:
    if state != "all" and getattr(row, "active", True) is not (state == "active"):
        return False
    names = (showing.title(translator, noun, row), getattr(row, "name_vi", ""), getattr(row, "name_en", ""))
    return not typed or any(typed in fold(name) for name in (*names, noun.slug_of(row), *getattr(row, "aliases", ())))
