"""One question of a dialogue with its answers: an address for good, to be shared and cited. It says so, too, while it waits."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, floors, voting
from engage.floors import Heard
from engage.turns import Floor
from engage.web import kit, load, published
from engage.web.dialogues import schema, shown
from engage.web.house import actor, house, language
from engage.web.language import localized
from engage.web.views import View


async def show(request: Request) -> Response:
    dialogue_id, question_id = request.path_params["id"], request.path_params["question"]

    async def build() -> Mapping[str, Any]:
        return await _answer(request, dialogue_id, question_id)

    address = f"/dialogues/{dialogue_id}/answers/{question_id}"
    channels = [dialogues.channel(dialogue_id), f"question:{question_id}"]
    return await kit.public_page(request, "dialogues/answer.html", address, channels, build)


async def _answer(request: Request, dialogue_id: int, question_id: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "question", question_id, f"question:{question_id}")
    view, path = await load.view(request), f"/dialogues/{dialogue_id}/answers/{question_id}"
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        heard = await floors.one(db, dialogue, question_id)
        [item] = await shown.answers(db, view, dialogue, [heard])
        votes = (await voting.counts(db, [question_id]))[question_id]
        later = await published.answer(db, view, heard.question) if heard.turn.floor == Floor.CARRIED else None
    address = house(request).settings.address + localized(path, language(request))
    return {
        "live": live,
        "dialogue": dialogue,
        "item": item,
        "question": item,
        "later": later,
        "votes": votes,
        "address": address,
        "schema": schema.block(schema.qa_page(_asked(view, heard, item, later, votes, address))),
    }


def _asked(
    view: View, heard: Heard, item: Mapping[str, Any], later: Mapping[str, Any] | None, votes: int, address: str
) -> schema.Thing:
    given = [
        schema.answer(reply["text"], reply["author"], reply["at"], address, reply["corrected_at"])
        for reply in item["replies"]
    ]
    if later is not None:
        author = schema.agency(view.translator.named(later["agency"]))
        given.append(schema.answer(later["short"], author, later["published_at"], address, later["corrected_at"]))
    return schema.question(heard.question.title, heard.question.body, heard.question.created_at, votes, address, given)
