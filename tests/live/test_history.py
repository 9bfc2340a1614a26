"""The checker itself: it passes what is right, and catches every fault that is planted."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.live.history import Connection, Fault, History, Logged, judged

EPOCH = "e1"


def fact(number: int, channel: str = "a", type: str = "answer.given") -> dict[str, Any]:
    return {"k": "fact", "c": channel, "n": number, "type": type}


def hello(top: int, epoch: str = EPOCH) -> dict[str, Any]:
    return {"k": "hello", "epoch": epoch, "top": top, "me": 0}


def right(seed: int) -> History:
    """Three clients that come, go and come back, and were given everything."""
    chance = random.Random(seed)
    rows = [Logged("a", number, "answer.given") for number in range(1, 41)]
    clients = dict[str, list[Connection]]()
    for name in "xyz":
        at, connections = chance.randrange(0, 20), list[Connection]()
        own = -1
        while at < 40:
            end = 40 if chance.random() < 0.4 else chance.randrange(at, 41)
            messages = [hello(at), *(fact(number) for number in range(at + 1, end + 1))]
            texts = [str(message) for message in messages]
            connections.append(Connection(EPOCH if own >= 0 else None, {"a": own}, messages, end == 40, texts))
            at = own = end
        clients[name] = connections
    return History(rows, [EPOCH], clients, ["a"], secrets=["bí mật"])


@pytest.mark.parametrize("seed", range(20))
def test_a_history_in_which_all_was_well_has_no_fault(seed: int) -> None:
    assert judged(right(seed)) == []


Plant = Callable[[list[dict[str, Any]], random.Random], list[dict[str, Any]]]


def _without_one(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    at = chance.randrange(1, len(messages) - 1)
    return messages[:at] + messages[at + 1 :]


def _one_twice(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    at = chance.randrange(1, len(messages))
    return [*messages[: at + 1], messages[at], *messages[at + 1 :]]


def _two_swapped(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    at = chance.randrange(1, len(messages) - 1)
    return [*messages[:at], messages[at + 1], messages[at], *messages[at + 2 :]]


def _another_life(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    return [hello(messages[0]["top"], "e0"), *messages[1:]]


def _never_logged(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    at = chance.randrange(1, len(messages))
    return [*messages[:at], fact(messages[at]["n"], type="answer.invented"), *messages[at + 1 :]]


def _cut_short(messages: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    return messages[:-1]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("fault", "plant"),
    [
        (Fault.GAP, _without_one),
        (Fault.DOUBLE, _one_twice),
        (Fault.REORDER, _two_swapped),
        (Fault.EPOCH, _another_life),
        (Fault.PHANTOM, _never_logged),
        (Fault.LOST, _cut_short),
    ],
)
def test_a_planted_fault_is_found(fault: Fault, plant: Plant, seed: int) -> None:
    history, chance = right(seed), random.Random(seed)
    name, at = next(
        (name, at)
        for name, connections in history.clients.items()
        for at, one in enumerate(connections)
        if one.stayed and len(one.messages) > 3
    )
    connections = list(history.clients[name])
    connections[at] = replace(connections[at], messages=plant([dict(one) for one in connections[at].messages], chance))
    found = judged(replace(history, clients={**history.clients, name: connections}))
    assert (fault, name) in {(one.fault, one.client) for one in found}
    assert {one.client for one in found} == {name}


def test_a_secret_in_any_text_is_found() -> None:
    history = right(1)
    (first, *rest) = history.clients["x"]
    leaking = replace(first, texts=[*first.texts, '{"k":"pass","data":"bí mật"}'])
    found = judged(replace(history, clients={**history.clients, "x": [leaking, *rest]}))
    assert [one.fault for one in found] == [Fault.LEAK]


def test_who_comes_back_with_another_life_and_is_simply_continued_is_found() -> None:
    history = right(1)
    back = Connection("e0", {"a": 5}, [hello(40), fact(6)], texts=[])
    found = judged(replace(history, clients={"x": [back]}))
    assert Fault.RESUME in {one.fault for one in found}


def test_who_is_sent_to_the_snapshot_goes_on_from_there() -> None:
    snap = {"k": "snap", "epoch": EPOCH, "n": 38, "url": "/snapshot.json"}
    back = Connection("e0", {"a": 5}, [hello(38), snap, fact(39), fact(40)], stayed=True)
    assert judged(replace(right(1), clients={"x": [back]})) == []


def test_a_thing_that_went_out_as_removed_is_no_phantom() -> None:
    back = Connection(EPOCH, {"a": 38}, [hello(40), fact(39, type="removed"), fact(40)], stayed=True)
    assert judged(replace(right(1), clients={"x": [back]})) == []


def test_words_that_were_taken_back_before_somebody_came_are_found_only_with_them() -> None:
    history = right(1)
    text = '{"k":"fact","html":"Bị gỡ"}'
    before, after = Connection(None, {}, [], texts=[text]), Connection(None, {}, [], texts=[text], gone=["Bị gỡ"])
    found = judged(replace(history, clients={"x": [before], "y": [after]}))
    assert [(one.fault, one.client) for one in found] == [(Fault.LEAK, "y")]


def test_an_ok_for_what_was_not_committed_is_found() -> None:
    told = Connection(None, {}, [{"k": "ok", "key": "1"}, {"k": "no", "key": "2", "reason": "late"}])
    assert judged(replace(right(1), clients={"x": [told]}, kept=frozenset("1"))) == []
    assert [one.fault for one in judged(replace(right(1), clients={"x": [told]}))] == [Fault.UNKEPT]


def test_a_gap_at_the_seam_of_two_connections_is_found() -> None:
    back = Connection(EPOCH, {"a": 30}, [hello(40), *(fact(number) for number in range(32, 41))], stayed=True)
    found = judged(replace(right(1), clients={"x": [back]}))
    assert [(one.fault, one.number) for one in found] == [(Fault.GAP, 32)]
