"""An editor's page: one page, each section a form of its own; and a dialogue that is new."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import arranging, covers, crews, dialogues, guests, people, rehearsals
from engage.access import may_edit
from engage.arranging import WRITTEN, DraftForm, Particulars
from engage.attachments import Attachment
from engage.dialogues import BEFORE, Dialogue, Series, Stage
from engage.errors import Conflict, Failure, NotAllowed
from engage.web import kit, load, words
from engage.web.dialogues import announcement
from engage.web.forms import Filled
from engage.web.house import actor, house
from engage.web.templates import local
from engage.web.views import View

NOTHING_TYPED: Mapping[str, Filled[Any]] = {}


async def new(request: Request) -> Response:
    return await _new(request, Filled())


async def begin(request: Request) -> Response:
    form = await kit.form(request, DraftForm)
    if form.model is None:
        return await _new(request, form)
    try:
        async with kit.transaction(request) as db:
            dialogue = await arranging.begin(db, actor(request), form.model)
            return kit.see_other(request, db, f"/dialogues/{dialogue.key}/edit")
    except NotAllowed:
        raise
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _new(request, form)


async def show(request: Request) -> Response:
    return await page(request)


async def save(request: Request) -> Response:
    dialogue_id = request.path_params["id"]
    async with kit.reading(request) as db:
        before = await dialogues.seen_by(db, actor(request), dialogue_id)
    model = DraftForm if before.stage == Stage.DRAFT else Particulars
    form: Filled[Any] = await kit.form(request, model)
    if form.model is None:
        return await page(request, written=form)
    try:
        async with kit.transaction(request) as db:
            dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
            await arranging.edit(db, actor(request), dialogue, form.model)
            return kit.see_other(request, db, f"/dialogues/{dialogue_id}/edit")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, written=form, is_overtaken=isinstance(failure, Conflict))


async def page(
    request: Request,
    *,
    written: Filled[Any] | None = None,
    is_overtaken: bool = False,
    typed: Mapping[str, Filled[Any]] = NOTHING_TYPED,
) -> Response:
    """`written`, and `typed` by section (see `_sections`): forms that were refused, with everything typed."""
    view, who, dialogue_id = await load.view(request), actor(request), request.path_params["id"]
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, who, dialogue_id)
        if not may_edit(who, dialogue_id):
            raise NotAllowed()
        invited, groups = await guests.of(db, dialogue_id), await guests.groups(db, dialogue_id)
        crew = await crews.of(db, dialogue_id)
        names = await people.names(db, [row.person_id for row in crew])
        cover = await covers.newest(db, dialogue_id)
        series, rehearsal = await dialogues.every_series(db), await rehearsals.of(db, dialogue_id)
    known = view.directory
    stored = stored_words(view, dialogue, series)
    forms = _sections(request, view, invited, groups, cover) | dict(typed)
    written = written or Filled(values=stored)
    refused = next((form for form in (written, *forms.values()) if form.errors or form.note), None)
    return kit.page(
        request,
        "dialogues/edit.html",
        status=refused.answer_status if refused else 200,
        dialogue=dialogue,
        is_open=dialogue.stage in BEFORE,
        stage=announcement.stage(view.translator, dialogue.stage),
        form=written,
        version=dialogue.version if is_overtaken else written["version"] or dialogue.version,
        # What a colleague saved meanwhile, where it is not what stands in the form
        theirs=_differing(view, written, stored) if is_overtaken else [],
        **{f"{name}_form": form for name, form in forms.items()},
        guests=[(guest, known.agencies.get(guest.agency_id)) for guest in invited],
        groups=[(one, known.agencies.get(one.agency_id), known.topics.get(one.topic_id)) for one in groups],
        crew=[(row, names.get(row.person_id, ""), _name_of(row.guest_id, invited)) for row in crew],
        parts=[(part.value, view.translator.say(words.announcing.PARTS[part])) for part in crews.Part],
        part_words=words.announcing.PARTS,
        checklist=_said(view, arranging.missing(dialogue, invited, groups, crew)),
        series=series,
        cover=cover,
        file_mb=house(request).settings.attachment_mb,
        rehearsal=rehearsal,
        **known.choices,
    )


def _sections(
    request: Request, view: View, invited: Any, groups: Any, cover: Attachment | None
) -> dict[str, Filled[Any]]:
    """The forms below the first, with what is stored."""
    return {
        "cover": Filled(values={"cover_about": cover.about if cover else ""}),
        "guest": Filled(values=_guest(request, view, invited)),
        "groups": Filled(values={"groups": "\n".join(group.name for group in groups)}),
        "group": Filled(values=_group(request, view, groups)),
        "crew": Filled(),
        "rehearsal": Filled(),
    }


def _said(view: View, checklist: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [(view.translator.say(words.announcing.CHECKLIST[code]), is_there) for code, is_there in checklist]


async def _new(request: Request, form: Filled[DraftForm]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        series = await dialogues.every_series(db)
    status = form.answer_status
    return kit.page(
        request, "dialogues/new.html", status=status, form=form, series=series, version=0, **view.directory.choices
    )


def stored_words(view: View, dialogue: Dialogue, series: Any) -> Mapping[str, str]:
    """What is stored, as it would be typed."""
    agency = view.directory.agencies.get(dialogue.agency_id)
    chosen: Series | None = next((row for row in series if row.id == dialogue.series_id), None)
    return {
        "title": dialogue.title,
        "lead": dialogue.lead,
        "about": dialogue.about,
        "starts_at": local(dialogue.starts_at).strftime(WRITTEN),
        "ends_at": local(dialogue.ends_at).strftime(WRITTEN),
        "place": dialogue.place,
        "series": chosen.slug if chosen else "",
        "cohosts": "\n".join(" ".join(pair) for pair in dialogue.cohosts),
        "agency": agency.slug if agency else "",
        "video_url": dialogue.video_url,
    }


def _differing(view: View, written: Filled[Any], stored: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = words.announcing.FIELDS
    return [
        (view.translator.say(labels[name]), value)
        for name, value in stored.items()
        if name in labels and str(written[name]).split() != value.split()
    ]


def _guest(request: Request, view: View, invited: Any) -> dict[str, Any]:
    """The guest that the address names, to be changed; else an empty form for one more."""
    wanted = request.query_params.get("guest", "")
    guest = next((one for one in invited if str(one.id) == wanted), None)
    if guest is None:
        return {}
    agency = view.directory.agencies.get(guest.agency_id)
    return {
        "guest": guest.id,
        "guest_name": guest.name,
        "guest_title": guest.title,
        "guest_agency": agency.slug if agency else "",
        "guest_place": guest.place + 1,
    }


def _group(request: Request, view: View, groups: Any) -> dict[str, Any]:
    wanted = request.query_params.get("group", "")
    group = next((one for one in groups if str(one.id) == wanted), None)
    if group is None:
        return {}
    agency, topic = view.directory.agencies.get(group.agency_id), view.directory.topics.get(group.topic_id)
    return {
        "group": group.id,
        "group_agency": agency.slug if agency else "",
        "group_topic": topic.slug if topic else "",
    }


def _name_of(guest_id: int | None, invited: Any) -> str:
    return next((guest.name for guest in invited if guest.id == guest_id), "")
