"""Who works for the agency and who is away: seen by all of them, set by the coordinator or by each for themselves."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import absences, agencies, officials, people
from engage.absences import AbsenceForm
from engage.access import Actor, holds
from engage.agencies import Agency, Post
from engage.db import MOST_ID
from engage.errors import Conflict, NotFound, Refused
from engage.web import kit, load
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.templates import day


async def listed(request: Request) -> Response:
    return await _page(request, request.query_params.get("agency", ""), Filled())


async def begin(request: Request) -> Response:
    form = await kit.form(request, AbsenceForm)
    slug = str(form["agency"])
    if form.model is None:
        return await _page(request, slug, form)
    try:
        async with kit.transaction(request) as db:
            await _begin(db, actor(request), form.model)
            return kit.see_other(request, db, f"/desk/people?agency={slug}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, slug, form)


async def end(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        absence = await absences.end(db, actor(request), request.path_params["id"])
        agency = await db.get(Agency, absence.agency_id)
        return kit.see_other(request, db, f"/desk/people?agency={agency.slug if agency else ''}")


async def _begin(db: AsyncSession, who: Actor, typed: AbsenceForm) -> None:
    agency = await agencies.chosen(db, typed.agency, field="person")
    if agency.id not in who.posts:
        raise NotFound()
    if typed.starts is None:
        raise Refused("date_missing", field="starts")
    if typed.ends is None:
        raise Refused("date_missing", field="ends")
    person_id, stand_in_id = _person(typed.person, "person"), _person(typed.stand_in, "stand_in")
    await absences.begin(db, who, agency.id or 0, person_id, stand_in_id, (typed.starts, typed.ends))


def _person(typed: str, field: str) -> int:
    if not typed.isdecimal() or int(typed) > MOST_ID:
        raise Refused("person_missing", field=field)
    return int(typed)


async def _page(request: Request, slug: str, form: Filled[Any]) -> Response:
    who = actor(request)
    view = await load.view(request)
    mine = [view.directory.agencies[agency_id] for agency_id in who.posts]
    agency = next((one for one in mine if one.slug == slug), mine[0])
    leads = holds(who, agency.id, Post.COORDINATOR)
    writes = leads or holds(who, agency.id, Post.OFFICIAL)
    async with kit.reading(request) as db:
        staff = await officials.of_agency(db, agency.id or 0)
        coming = await absences.coming(db, agency.id or 0)
        names = {one.id: one.name for one in staff}
        names |= await people.names(db, [one.stand_in_id for one in coming] + [one.person_id for one in coming])
    context = {
        "agency": agency,
        "agencies": mine,
        "staff": staff,
        "may_set": writes,
        "may_manage": leads,
        "whom": [one for one in staff if leads or one.id == who.person_id],
        "coming": [_shown(who, one, names, leads) for one in coming],
    }
    return kit.page(request, "desk/absences.html", status=form.answer_status, form=form, **context)


def _shown(who: Actor, absence: absences.Absence, names: dict[int, str], leads: bool) -> dict[str, Any]:
    return {
        "id": absence.id,
        "name": names.get(absence.person_id, ""),
        "stand_in": names.get(absence.stand_in_id, ""),
        "starts": day(absence.starts_on),
        "ends": day(absence.ends_on),
        "may_end": leads or absence.person_id == who.person_id,
    }
