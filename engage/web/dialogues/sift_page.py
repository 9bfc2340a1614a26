"""What the sifting desk shows: what was asked, narrowed as the address says, and what the last press came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import batches, clusters, groupings, guests, sifting
from engage.access import Actor, may_lead
from engage.db import now
from engage.dialogues import Dialogue
from engage.errors import NotFound
from engage.guests import Group
from engage.sifting import Age, Order, Row, Sieve, State, Twins
from engage.web import kit, load
from engage.web.cursors import number
from engage.web.dialogues import desk
from engage.web.dialogues.desk import SIFT, Frozen
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.language import Translator, localized
from engage.web.templates import query
from engage.web.views import View
from engage.web.words import sifting as words

Choice = Field(default="", pattern=r"^[0-9]{0,10}$")


class Filter(Frozen):
    """As it stands in the address. Empty narrows nothing; "0" is no group, no guest."""

    state: State = State.OPEN
    order: Order = Order.OLDEST
    group: str = Choice
    guest: str = Choice
    cluster: str = Choice
    twins: Twins | None = None
    age: Age | None = None
    q: str = Field(default="", max_length=200)
    after: str = Field(default="", pattern=r"^([0-9]{1,10}(-[0-9]{1,10}){0,2})?$")

    @classmethod
    def of(cls, request: Request) -> "Filter":
        """An address that says nothing we know is the whole list."""
        said = {name: request.query_params.get(name, "").strip() for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in said.items() if value and "\0" not in value})
        except ValidationError:
            return cls()

    @property
    def sieve(self) -> Sieve:
        group, guest, cluster = map(number, (self.group, self.guest, self.cluster))
        return Sieve(self.state, group, guest, cluster, self.twins, self.age, self.q)

    @property
    def place(self) -> sifting.Place | None:
        """A place of another order is the top."""
        parts = [number(part) for part in self.after.split("-")]
        known = tuple(part for part in parts if part is not None)
        return known if len(known) == len(parts) == (3 if self.order is Order.CLUSTER else 1) else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group or self.guest or self.cluster or self.twins or self.age or self.q)

    @property
    def pairs(self) -> dict[str, str]:
        """What is shown anyway is not said."""
        usual = Filter()
        said = {name: getattr(self, name) for name in Filter.model_fields}
        return {name: str(value) for name, value in said.items() if value and value != getattr(usual, name)}

    def query(self, **changed: Any) -> str:
        """Another choice begins at the first page."""
        return query({**self.pairs, "after": "", **changed})


async def page(request: Request, form: Filled[Any]) -> Response:
    chosen, who, dialogue_id = Filter.of(request), actor(request), request.path_params["id"]
    live, view = await desk.live_room(request, dialogue_id), await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await SIFT.find(db, who, dialogue_id)
        context = await desk.frame(request, db, view, dialogue)
        found = await sifting.listed(db, dialogue, chosen.sieve, chosen.order, sifting.LIMIT + 1, chosen.place)
        here = localized(SIFT.path(dialogue_id), language(request))
        shown, groups = found[: sifting.LIMIT], await guests.groups(db, dialogue_id)
        sizes = await sifting.sizes(db, dialogue, [line.turn.cluster_id for line in shown])
        proposed = await _proposed(db, dialogue, chosen, shown)
        context |= {
            "rows": [_row(view, line, context["guests"], groups, sizes, proposed) for line in shown],
            "groups": groups,
            "matching": await sifting.count(db, dialogue, chosen.sieve),
            "unread": await sifting.unread(db, dialogue),
            "tabs": _tabs(view.translator, chosen, here, await sifting.counts(db, dialogue)),
            "most_counted": sifting.MOST_COUNTED,
            "grouped": await clusters.progress(db, dialogue_id),
            "next_url": here + chosen.query(after=_place(shown[-1], chosen, sizes))
            if len(found) > len(shown)
            else None,
            "first_url": here + chosen.query() if chosen.after else None,
            "everything": here + query({"state": chosen.pairs.get("state", "")}),
            "outcome": await outcome(request, db, view.translator),
            "leads": may_lead(who, dialogue_id),
        }
    context |= {"live": live, "desk": SIFT.name, "form": form, "chosen": chosen, "words": choices(view.translator)}
    return kit.page(request, "dialogues/sift.html", status=form.answer_status, **context)


def choices(translator: Translator) -> Mapping[str, Sequence[tuple[str, str]]]:
    tables = {"orders": words.ORDERS, "ages": words.AGES, "twins": words.TWINS}
    return {name: [(code, translator.say(said)) for code, said in table.items()] for name, table in tables.items()}


def row_of(view: View, line: Row, came: Any, groups: Sequence[Group]) -> dict[str, Any]:
    said, tone = words.FLOORS[line.turn.floor]
    group = next((one.name for one in groups if one.id == line.turn.group_id), "")
    return desk.shown(view, line, came) | {
        "votes": line.people,
        "group": group,
        "floor": (view.translator.say(said), tone),
    }


async def outcome(request: Request, db: AsyncSession, translator: Translator) -> dict[str, Any] | None:
    """From the address: reloading tells it again and does nothing again."""
    act, _, done = request.query_params.get("done", "").partition(".")
    if act not in words.DONE or (n := number(done)) is None:
        return None
    left = number(request.query_params.get("left", "")) or 0
    return {
        "done": translator.say(words.DONE[act], n=n),
        "left": translator.say(words.STAYED, n=left) if left else "",
        "undo": await _undoable(request, db, actor(request)),
    }


async def _undoable(request: Request, db: AsyncSession, who: Actor) -> int | None:
    batch_id = number(request.query_params.get("batch", ""))
    if not batch_id:
        return None
    try:
        batch = await batches.one(db, who, batch_id)
    except NotFound:
        return None
    return batch.id if batches.can_be_undone(batch, now(db)) else None


def _tabs(translator: Translator, chosen: Filter, here: str, counts: Mapping[State, int]) -> list[dict[str, Any]]:
    return [
        {
            "words": translator.say(words.STATES[state]),
            "url": here + chosen.query(state="" if state is State.OPEN else state),
            "count": counts[state],
            "is_this": state is chosen.state,
        }
        for state in State
    ]


async def _proposed(db: AsyncSession, dialogue: Dialogue, chosen: Filter, shown: Sequence[Row]) -> Mapping[int, int]:
    """Only where those without a group are looked for."""
    if chosen.sieve.group_id != sifting.NONE:
        return {}
    rows = [{"id": line.question.key, "group": line.turn.group_id} for line in shown]
    return await groupings.proposed(db, dialogue, rows)


def _row(
    view: View, line: Row, came: Any, groups: Sequence[Group], sizes: Mapping[int, int], proposed: Mapping[int, int]
) -> dict[str, Any]:
    group_id = proposed.get(line.question.key)
    twins = 1 if line.turn.is_apart else sizes.get(line.turn.cluster_id or 0, 1)
    return row_of(view, line, came, groups) | {
        "twins": twins - 1,
        "proposed": next((one.name for one in groups if one.id == group_id), ""),
    }


def _place(last: Row, chosen: Filter, sizes: Mapping[int, int]) -> str:
    size = 1 if last.turn.is_apart else sizes.get(last.turn.cluster_id or 0, 1)
    return "-".join(map(str, sifting.place_of(last, chosen.order, size)))
