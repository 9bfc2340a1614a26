"""The minutes as JSON (docs/minutes.md says what each name holds) and as schema.org. The same reading as the page's."""

from collections.abc import Mapping
from typing import Any

from engage import markup
from engage.proceedings import Item, Proceedings, Said
from engage.web.dialogues import schema
from engage.web.dialogues.minuted import Minuted
from engage.web.templates import iso

VERSION = 1


def json_of(held: Proceedings, minuted: Minuted) -> Mapping[str, Any]:
    dialogue, approved = held.dialogue, held.minutes.approved_at
    return {
        "version": VERSION,
        "url": minuted.link(f"/dialogues/{dialogue.key}/minutes"),
        "dialogue": {
            "id": dialogue.key,
            "url": minuted.link(f"/dialogues/{dialogue.key}"),
            "title": dialogue.title,
            "started_at": iso(dialogue.started_at or dialogue.starts_at),
            "ended_at": iso(dialogue.ended_at or dialogue.ends_at),
            "place": dialogue.place,
            "hosts": list(held.hosts),
            "guests": [{"name": guest.name, "title": guest.title} for guest in held.guests],
        },
        "published_at": iso(dialogue.published_at) if dialogue.published_at else None,
        "approved_at": iso(approved) if approved else None,
        "corrected": held.is_corrected,
        "opening_html": str(markup.rendered(held.minutes.opening)),
        "closing_html": str(markup.rendered(held.minutes.closing)),
        "course": [{"type": step.fact, "at": iso(step.at), "reason": step.reason} for step in held.steps],
        "groups": [
            {"name": group.name if group else None, "questions": [_item(item, minuted, dialogue.key) for item in items]}
            for group, items in held.groups
        ],
        "answered_later": [
            {"id": one.key, "title": one.title, "url": minuted.link(f"/questions/{one.key}")} for one in held.later
        ],
        "polls": [
            {
                "question": result.poll.words,
                "voters": result.voters,
                "choices": [{"words": words, "times": times} for words, times in result.counted],
            }
            for result in held.results
        ],
        "figures": _figures(held),
    }


def _figures(held: Proceedings) -> Mapping[str, Any]:
    figures = held.figures
    names = ("advance", "live", "persons", "votes", "answered_live", "answered_later", "waiting")
    took = figures.median_time.total_seconds() if figures.median_time is not None else None
    return {**{name: getattr(figures, name) for name in names}, "peak": figures.peak or None, "median_seconds": took}


def _item(item: Item, minuted: Minuted, dialogue_id: int) -> Mapping[str, Any]:
    shown = minuted.view.question(item.question, item.author)
    return {
        "number": item.number,
        "id": item.question.key,
        "url": minuted.link(f"/dialogues/{dialogue_id}/answers/{item.question.key}"),
        "title": item.title,
        "asker": shown["asker"],
        "place": shown["place"],
        "asked_at": iso(item.question.created_at),
        "votes": item.votes,
        "html": str(shown["body"]),
        "answers": [_said(said) for said in item.said],
    }


def _said(said: Said) -> Mapping[str, Any]:
    return {
        "guest": {"name": said.guest.name, "title": said.guest.title},
        "released_at": iso(said.reply.released_at) if said.reply.released_at else None,
        "text": said.reply.text,
        "html": said.reply.html,
        "corrections": [{"at": iso(one.at), "reason": one.reason} for one in said.corrections],
    }


def schema_of(held: Proceedings, minuted: Minuted) -> Any:
    event = schema.event(held.dialogue, held.guests, minuted.link(f"/dialogues/{held.dialogue.key}"))
    return schema.block(schema.report(event, [_asked(item, minuted, held.dialogue.key) for item in held.items]))


def _asked(item: Item, minuted: Minuted, dialogue_id: int) -> schema.Thing:
    url = minuted.link(f"/dialogues/{dialogue_id}/answers/{item.question.key}")
    answers = [
        schema.answer(said.reply.text, schema.person(said.guest), said.reply.released_at, url, said.reply.corrected_at)
        for said in item.said
        if said.reply.released_at
    ]
    return schema.question(item.title, item.question.body, item.question.created_at, item.votes, url, answers)
