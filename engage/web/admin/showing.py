"""Rows of the directory and of the rules as an administrator reads them: what each is called, what it says, what was changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from engage.agencies import Agency, Topic
from engage.deadlines import CALENDAR_DAYS, TIMES, Step, Term
from engage.flags import FlagReason
from engage.histories import Change
from engage.nouns import Noun
from engage.policies import Limit, Reason
from engage.retention import Retention
from engage.sections import Section
from engage.web import words
from engage.web.language import Translator
from engage.web.views import View
from moderation.text import fold

# In the order of a question's way.
STEPS = list(Step)


def title(translator: Translator, noun: Noun, row: Any) -> str:
    if hasattr(row, "name_vi"):
        return translator.named(row)
    code = f"{row.step}_{row.complexity}" if noun.table is Term else noun.slug_of(row)
    return translator.say(words.administering.NAMES[noun.name].get(code, code))


def in_order(translator: Translator, noun: Noun, rows: Sequence[Any]) -> list[Any]:
    """The directory by name, with whatever is not in use any more; rules as they come one after the other."""
    if noun.table is Term:
        return sorted(rows, key=lambda row: (STEPS.index(row.step), row.days))
    if noun.table in {Reason, FlagReason, Section}:
        return sorted(rows, key=lambda row: (row.place, noun.slug_of(row)))
    return sorted(rows, key=lambda row: (fold(title(translator, noun, row)), noun.slug_of(row)))


def beside(view: View, noun: Noun, row: Any) -> str:
    """What tells a row from others of its kind: where it belongs, or what it says."""
    say = view.translator.say
    if noun.table is Agency:
        return say(words.directing.KINDS.get(row.kind, row.kind))
    if noun.table is Topic:
        return view.translator.named(view.directory.agencies.get(row.agency_id))
    if noun.table is Term:
        return say(words.administering.COUNTED[unit_of(row)], n=row.days)
    if noun.table is Retention:
        return say(words.administering.COUNTED[words.administering.DAYS], n=row.days)
    if noun.table is Section:
        return say(words.talking.WRITERS[row.writers])
    if noun.table is Limit:
        return f"{row.per_caller} · {row.per_address} · {row.overall}"
    return "; ".join(getattr(row, "merged_from", ()))


def unit_of(term: Term) -> str:
    if term.step in TIMES:
        return words.administering.TIMES
    return words.administering.DAYS if term.step in CALENDAR_DAYS else words.administering.WORKING_DAYS


def choices(view: View) -> Mapping[str, Any]:
    """What the fields of a row are chosen from: all agencies, also those that do not answer, may be above others."""
    say, known = view.translator.say, view.directory
    kinds = {
        **words.directing.KINDS,
        **{row.kind: row.kind for row in known.agencies.values() if row.kind not in words.directing.KINDS},
    }
    by_name = sorted(known.agencies.values(), key=lambda row: fold(view.translator.named(row)))
    return {
        "writers": [(code, say(said)) for code, said in words.talking.WRITERS.items()],
        "kinds": [(code, say(said)) for code, said in kinds.items()],
        "levels": [(code, say(said)) for code, said in words.directing.LEVELS.items()],
        "areas": [(code, say(said)) for code, said in words.FIELDS.items()],
        "every_agency": [row for row in by_name if row.active],
        "answering": known.choices["agencies"],
        "topics": known.choices["topics"],
        "every_province": list(known.provinces.values()),
    }


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as their fields show them: a list has one a line."""
    return {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}


def change(translator: Translator, change: Change, by: str) -> dict[str, Any]:
    say = translator.say
    return {
        "id": change.id,
        "at": change.at,
        "by": by,
        "act": say(words.directing.ACTS[change.act]),
        "fields": [
            {
                "name": column(translator, name),
                "before": value(translator, change.before.get(name)),
                "after": value(translator, change.after.get(name)),
            }
            for name in (change.fields if change.before else [])
        ],
    }


def column(translator: Translator, name: str) -> str:
    return translator.say({**words.directing.COLUMNS, **words.administering.COLUMNS}.get(name, name))


def value(translator: Translator, value: Any) -> str:
    if isinstance(value, bool):
        return translator.say(words.directing.YES if value else words.directing.NO)
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text or translator.say(words.directing.NOTHING)
