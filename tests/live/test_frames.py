"""What clients may send, as a list: each line ends in a message or in the right close code, however the bytes are cut."""

import json
import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.protocol import Protocol, Side, State

from live import frames, wire
from live.frames import Broken, Incoming, Message, Op
from tests.live.client import CASES, Case, masked


def _fed(pieces: Iterable[bytes]) -> tuple[list[Message], int | None]:
    """The messages, and the code it broke with."""
    incoming, messages = Incoming(), list[Message]()
    try:
        for piece in pieces:
            messages += incoming.feed(piece)
    except Broken as fault:
        return messages, fault.code
    return messages, None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("size", [1, 3, 1_000_000])
def test_what_a_client_sends_ends_as_the_standard_says(case: Case, size: int) -> None:
    sent = case.sent
    messages, code = _fed(sent[at : at + size] for at in range(0, len(sent), size))
    said = next((message.code for message in messages if message.op is Op.CLOSE), None)
    assert (code or said) == case.code
    assert [message.payload.decode() for message in messages if message.op is Op.TEXT] == list(case.texts)
    assert sum(message.op is Op.PING for message in messages) == case.pongs


@given(
    texts=st.lists(st.text(max_size=300), max_size=6), cuts=st.lists(st.integers(1, 40), min_size=1), seed=st.randoms()
)
def test_messages_come_out_whole_however_they_are_cut_and_fragmented(
    texts: list[str], cuts: list[int], seed: random.Random
) -> None:
    sent = b""
    for text in texts:
        payload = text.encode()
        at = seed.randint(0, len(payload))
        sent += masked(Op.TEXT, payload[:at], fin=False) + masked(Op.PING, b"p") + masked(Op.CONTINUATION, payload[at:])
    pieces, start, turn = [], 0, 0
    while start < len(sent):
        pieces.append(sent[start : start + cuts[turn % len(cuts)]])
        start, turn = start + cuts[turn % len(cuts)], turn + 1
    messages, code = _fed(pieces)
    assert code is None
    assert [message.payload.decode() for message in messages if message.op is Op.TEXT] == texts
    assert sum(message.op is Op.PING for message in messages) == len(texts)


@given(st.binary(max_size=600))
def test_no_bytes_raise_anything_but_broken_and_none_are_hoarded(sent: bytes) -> None:
    incoming = Incoming()
    code = None
    try:
        assert len([*incoming.feed(sent)]) <= len(sent)
    except Broken as fault:
        code = fault.code
    assert code in {None, frames.PROTOCOL_ERROR, frames.BAD_TEXT, wire.TOO_LARGE}
    assert len(incoming._buffer) + len(incoming._begun) <= Incoming.LIMIT + 14


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_server_frame_is_read_by_a_client_that_follows_the_standard(size: int) -> None:
    client = Protocol(Side.CLIENT, state=State.OPEN, max_size=None)
    client.receive_data(frames.text(b"x" * size) + frames.ping(b"p") + frames.close(4408, "chậm"))
    text, ping, close = client.events_received()
    assert (text.data, ping.data) == (b"x" * size, b"p")  # type: ignore[union-attr]  # frames, all three
    assert close.data[2:].decode() == "chậm"  # type: ignore[union-attr]  # frames, all three


def test_a_long_reason_is_cut_between_letters() -> None:
    frame = frames.close(1012, "đ" * 100)
    assert len(frame) <= 2 + frames.CONTROL_BYTES
    frame[4:].decode()


def test_the_list_of_cases_says_each_thing_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    json.dumps([case.name for case in CASES])


def test_a_message_in_endless_pieces_is_not_waited_for() -> None:
    sent = masked(Op.TEXT, b"a", fin=False) + masked(Op.CONTINUATION, b"", fin=False) * 1_000
    assert _fed([sent]) == ([], wire.TOO_LARGE)


def test_who_has_heard_enough_does_not_pay_for_the_rest() -> None:
    messages = Incoming().feed(masked(Op.PONG, b"") * 3 + b"\xff" * 20)  # what follows is broken, and never looked at
    assert [next(messages).op for _ in range(3)] == [Op.PONG] * 3
