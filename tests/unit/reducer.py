"""What a fact makes of the pieces that a reader has: the twin of `applied` in templates/static/js/pieces.js."""

from collections.abc import Mapping, Sequence
from typing import Any

Pieces = list[dict[str, str]]


def applied(pieces: Sequence[Mapping[str, str]], fact: Mapping[str, Any], floor: str = "") -> Pieces:
    """`pieces`: the greatest rank first. `floor`: the rank at which the list was cut."""
    shown = [dict(one) for one in pieces]
    for one in (fact, *fact.get("also", ())):
        shown = _changed(shown, one, floor)
    return shown


def _changed(pieces: Pieces, fact: Mapping[str, Any], floor: str) -> Pieces:
    name = fact.get("remove", fact.get("put"))
    others = [one for one in pieces if one["id"] != name]
    if "put" not in fact or fact["rank"] < floor:
        return others
    at = next((place for place, one in enumerate(others) if one["rank"] < fact["rank"]), len(others))
    return [*others[:at], {"id": fact["put"], "html": fact["html"], "rank": fact["rank"]}, *others[at:]]
