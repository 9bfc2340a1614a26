"""Why a date is that date: the ledger and the calendar as sentences. Asks no database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engage.deadlines import Due, here
from engage.due_changes import Change, DueChange
from engage.web import words
from engage.web.language import Translator
from engage.web.templates import day

ANSWER = "answer"


def sentences(
    translator: Translator,
    due: Due,
    clock: str = ANSWER,
    changes: Sequence[DueChange] = (),
    agencies: Mapping[int | None, Any] | None = None,
) -> list[str]:
    say = translator.say
    term = changes[0].days if changes else due.term
    counted = words.WHY_DUE["counted"] if clock == ANSWER else words.timing.COUNTED[clock]
    return [
        say(counted, days=term, start=day(due.start)),
        say(words.WHY_DUE["weekends"]),
        *(say(words.WHY_DUE["holiday"], day=day(row.day), name=translator.named(row)) for row in due.skipped),
        *(say(words.timing.WHY["worked"], day=day(one)) for one in due.worked),
        *_moved(translator, due, changes, agencies or {}),
    ]


def _moved(
    translator: Translator, due: Due, changes: Sequence[DueChange], agencies: Mapping[int | None, Any]
) -> Iterator[str]:
    """What happened to it since. Of pauses those that are over, and the one that lasts."""
    stands = [change for change in changes if change.kind == Change.PAUSED][-1:] if due.paused else []
    for change in changes[1:]:
        if (change.kind == Change.PAUSED and change not in stands) or (
            change.kind == Change.RESUMED and not change.days
        ):
            continue
        agency = agencies.get(change.agency_id)
        yield translator.say(
            words.timing.WHY[_sentence(change)],
            on=day(here(change.at)),
            since=day(here(change.since or change.at)),
            days=abs(change.days),
            reason=change.reason,
            agency=translator.named(agency) if agency else translator.say(words.timing.PORTAL_DESK),
            before=day(here(change.due_before or change.due_after)),
            after=day(here(change.due_after)),
        )


def _sentence(change: DueChange) -> str:
    return "complexity_unset" if change.kind == Change.COMPLEXITY_SET and change.days < 0 else change.kind
