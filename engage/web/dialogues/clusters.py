"""Questions of a dialogue that ask much the same: the biggest cluster first, each merged with one press, or one taken out."""

from typing import Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import batches, clusters, guests, sifting, turns
from engage.access import Actor
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.web import kit, load
from engage.web.dialogues import desk
from engage.web.dialogues.desk import CLUSTERS, SIFT, Frozen
from engage.web.dialogues.sift import BatchForm
from engage.web.dialogues.sift_page import outcome, row_of
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query

PAGE, MEMBERS = 10, 5


class MergeForm(Frozen):
    cluster: int = Field(ge=1, le=MOST_ID)
    into: int = Field(ge=1, le=MOST_ID)


class ApartForm(Frozen):
    question: int = Field(ge=1, le=MOST_ID)


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def merge(request: Request) -> Response:
    return await desk.act(request, CLUSTERS, await kit.form(request, MergeForm), page, _merge)


async def take_out(request: Request) -> Response:
    return await desk.act(request, CLUSTERS, await kit.form(request, ApartForm), page, _take_out)


async def undo(request: Request) -> Response:
    return await desk.act(request, CLUSTERS, await kit.form(request, BatchForm), page, _undo)


async def page(request: Request, form: Filled[Any]) -> Response:
    dialogue_id, after = request.path_params["id"], _after(request)
    live, view = await desk.live_room(request, dialogue_id), await load.view(request)
    here = localized(CLUSTERS.path(dialogue_id), language(request))
    async with kit.reading(request) as db:
        dialogue = await CLUSTERS.find(db, actor(request), dialogue_id)
        context = await desk.frame(request, db, view, dialogue)
        groups = await guests.groups(db, dialogue_id)
        found = await clusters.biggest(db, dialogue, PAGE + 1, after)
        first = await clusters.leading(db, dialogue_id, [cluster_id for cluster_id, _ in found[:PAGE]], MEMBERS)
        lines = await sifting.of(db, dialogue, [key for ids in first.values() for key in ids])
        rows = {line.question.key: row_of(view, line, context["guests"], groups) for line in lines}
        context |= {
            "clusters": [
                {"id": cluster_id, "size": size, "rows": [rows[key] for key in first.get(cluster_id, ())]}
                for cluster_id, size in found[:PAGE]
            ],
            "most_merged": clusters.MOST_MERGED,
            "grouped": await clusters.progress(db, dialogue_id),
            "outcome": await outcome(request, db, view.translator),
            "first_url": here if after else None,
            "next_url": here + query({"after": "{1}-{0}".format(*found[PAGE - 1])}) if len(found) > PAGE else None,
        }
    context |= {"live": live, "desk": SIFT.name, "form": form}
    return kit.page(request, "dialogues/clusters.html", status=form.answer_status, **context)


def _after(request: Request) -> tuple[int, int] | None:
    """A damaged place is the top."""
    size, _, last = request.query_params.get("after", "").partition("-")
    fits = all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (size, last))
    return (int(size), int(last)) if fits else None


async def _merge(db: AsyncSession, who: Actor, dialogue: Dialogue, model: MergeForm) -> str:
    batch_id = await clusters.merge(db, who, dialogue, model.cluster, model.into)
    merged = len((await batches.one(db, who, batch_id)).items)
    return query({"done": f"merge.{merged}", "batch": str(batch_id)})


async def _take_out(db: AsyncSession, who: Actor, dialogue: Dialogue, model: ApartForm) -> str:
    await clusters.take_out(db, who, dialogue, await turns.one(db, dialogue.key, model.question))
    return query({"done": "apart.1"})


async def _undo(db: AsyncSession, who: Actor, dialogue: Dialogue, model: BatchForm) -> str:
    return query({"done": f"undo.{await clusters.undo(db, who, dialogue, model.batch)}"})
