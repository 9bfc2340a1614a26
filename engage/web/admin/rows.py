"""Agencies, topics and provinces: find one, add one, edit one, see who changed it, take the last change back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import directory, histories, successions
from engage.agencies import Agency
from engage.directory import NOUNS, Noun
from engage.errors import Failure
from engage.histories import Change
from engage.successions import SuccessionForm
from engage.web import kit, load, words
from engage.web.forms import Filled, said_by
from engage.web.house import actor, language
from engage.web.language import Translator, localized
from engage.web.templates import query
from engage.web.views import View
from moderation.text import fold

PAGE, CHANGES, MOST_TYPED = 40, 20, 80
STATES = ("active", "ended", "all")


async def listed(request: Request) -> Response:
    plural, noun = _noun(request)
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    state, after = request.query_params.get("state", ""), request.query_params.get("after", "")[:80]
    state = state if state in STATES else "active"
    view = await load.view(request)
    found = [row for row in _rows(view, plural) if _is_found(row, fold(typed), state)]
    starts = next((place for place, row in enumerate(found, 1) if row.slug == after), 0)
    shown, here = found[starts : starts + PAGE], localized(f"/admin/{plural}", language(request))
    asked = {"q": typed, "state": "" if state == "active" else state}
    earlier = found[starts - PAGE - 1].slug if starts > PAGE else ""
    return kit.page(
        request,
        "admin/rows.html",
        plural=plural,
        title=kit.translator(request).say(words.directing.NOUNS[plural]),
        typed=typed,
        state=state,
        found=len(found),
        rows=[(row, _beside(view, noun, row)) for row in shown],
        first_url=here + query(asked) if starts else None,
        previous_url=here + query({**asked, "after": earlier}) if starts else None,
        next_url=here + query({**asked, "after": shown[-1].slug}) if len(found) > starts + PAGE else None,
    )


async def new(request: Request) -> Response:
    return await _new(request, Filled(values={"active": True, "answers": True, "level": "central"}))


async def add(request: Request) -> Response:
    plural, noun = _noun(request)
    form = await kit.form(request, noun.form)
    if form.model is None:
        return await _new(request, form)
    slug = form.model.slug or directory.slug_of(form.model.name_vi)
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
            return kit.see_other(request, db, f"/admin/{plural}/{slug}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _row(request, form)


async def undo(request: Request) -> Response:
    plural, noun = _noun(request)
    form = await kit.form(request, histories.UndoForm)
    if form.model is None:
        return await _row(request, None, note=form)
    try:
        async with kit.transaction(request) as db:
            await directory.undo(db, actor(request), noun, request.path_params["slug"], form.model.version)
            return kit.see_other(request, db, f"/admin/{plural}/{request.path_params['slug']}")
    except Failure as failure:
        if failure.status == 404:
            raise
        form.note, form.status = said_by(failure, kit.translator(request)), failure.status
        return await _row(request, None, note=form)


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
            await verb(db, actor(request), slug, form.model)
            return kit.see_other(request, db, f"/admin/{plural}/{slug}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _row(request, None, ending=form, plural=plural)


async def _new(request: Request, form: Filled[Any]) -> Response:
    plural, noun = _noun(request)
    view = await load.view(request)
    return kit.page(
        request,
        "admin/row.html",
        status=form.answer_status,
        plural=plural,
        noun=noun.name,
        row=None,
        form=form,
        **_choices(view),
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
        values = await directory.values_of(db, noun, row)
        changes = await histories.of(db, noun.name, row.slug, CHANGES)
        waiting = await directory.open_questions(db, noun, row)
        successor = await _successor(db, noun, row)
    version = changes[0][0].id if changes else 0
    said, refused = form or Filled(values=_typed(values)), form or note or ending
    return kit.page(
        request,
        "admin/row.html",
        status=refused.answer_status if refused else 200,
        plural=plural,
        noun=noun.name,
        row=row,
        form=said,
        note=note.note if note else "",
        ending=ending or Filled(),
        version=version,
        waiting=waiting,
        successor=successor,
        changes=[_change(view.translator, change, by) for change, by in changes],
        undoable=bool(changes)
        and changes[0][0].act in directory.UNDOABLE
        and getattr(row, "successor_id", None) is None,
        **_choices(view),
    )


async def _successor(db: AsyncSession, noun: Noun, row: Any) -> Any:
    successor_id = getattr(row, "successor_id", None)
    return await db.get(noun.table, successor_id) if successor_id else None


def _noun(request: Request) -> tuple[str, Noun]:
    plural = request.path_params["noun"]
    return plural, NOUNS[plural]


def _rows(view: View, plural: str) -> Sequence[Any]:
    """By name, as they are shown; with whatever is not in use any more."""
    known: Mapping[Any, Any] = getattr(view.directory, plural)
    return sorted(known.values(), key=lambda row: (fold(view.translator.named(row)), row.slug))


def _is_found(row: Any, typed: str, state: str) -> bool:
    if state != "all" and row.active is not (state == "active"):
        return False
    names = (row.name_vi, row.name_en, row.slug, *getattr(row, "aliases", ()))
    return not typed or any(typed in fold(name) for name in names)


def _beside(view: View, noun: Noun, row: Any) -> str:
    """What tells a row from others of its kind."""
    if noun.table is Agency:
        return view.translator.say(words.directing.KINDS.get(row.kind, row.kind))
    if noun.name == "topic":
        return view.translator.named(view.directory.agencies.get(row.agency_id))
    return "; ".join(row.merged_from)


def _choices(view: View) -> Mapping[str, Any]:
    """What the fields of a row are chosen from: all agencies, also those that do not answer, may be above others."""
    say, known = view.translator.say, view.directory
    kinds = {
        **words.directing.KINDS,
        **{row.kind: row.kind for row in known.agencies.values() if row.kind not in words.directing.KINDS},
    }
    by_name = sorted(known.agencies.values(), key=lambda row: fold(view.translator.named(row)))
    return {
        "kinds": [(code, say(said)) for code, said in kinds.items()],
        "levels": [(code, say(said)) for code, said in words.directing.LEVELS.items()],
        "areas": [(code, say(said)) for code, said in words.FIELDS.items()],
        "every_agency": [row for row in by_name if row.active],
        "answering": known.choices["agencies"],
        "topics": known.choices["topics"],
        "every_province": list(known.provinces.values()),
    }


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as their fields show them: a list has one a line."""
    return {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}


def _change(translator: Translator, change: Change, by: str) -> dict[str, Any]:
    say = translator.say
    return {
        "id": change.id,
        "at": change.at,
        "by": by,
        "act": say(words.directing.ACTS[change.act]),
        "fields": [
            {
                "name": say(words.directing.COLUMNS.get(name, name)),
                "before": said_value(translator, change.before.get(name)),
                "after": said_value(translator, change.after.get(name)),
            }
            for name in (change.fields if change.before else [])
        ],
    }


def said_value(translator: Translator, value: Any) -> str:
    if isinstance(value, bool):
        return translator.say(words.directing.YES if value else words.directing.NO)
    text = "; ".join(value) if isinstance(value, list) else str(value or "")
    return text or translator.say(words.directing.NOTHING)
