"""Promises of the word list."""

import pytest

from moderation.passage import Passage
from moderation.wordlist import Entry, Match, compiled, seed


def matches(body: str, *entries: Entry) -> list[Match]:
    passage = Passage("body", body)
    words = compiled(entries) if entries else seed()
    return words.matches(passage.lower, passage.words, passage.is_toned)


def test_a_list_may_come_from_rows() -> None:
    assert [m.entry.kind for m in matches("đây là từ cấm", Entry("từ cấm", "house"))] == ["house"]


def test_whole_syllables_only() -> None:
    assert matches("từ cấmx", Entry("từ cấm", "house")) == []


def test_either_tone_placement_is_the_same_word() -> None:
    assert matches("đồ thoã", Entry("thõa", "house"))
    assert matches("đồ thõa", Entry("thoã", "house"))


def test_stripped_text_is_weak_evidence_and_only_where_allowed() -> None:
    bare = Entry("từ cấm", "house", bare=True)
    assert [m.certainty for m in matches("day la tu cam", bare)] == ["weak"]
    assert matches("day la tu cam", Entry("từ cấm", "house")) == []
    assert matches("đây là tu cam", bare) == []


def test_a_neighbour_makes_a_word_innocent() -> None:
    entry = Entry("óc chó", "insult", unless_after=frozenset({"quả"}), unless_before=frozenset({"rang"}))
    assert matches("quả óc chó", entry) == []
    assert matches("óc chó rang", entry) == []
    assert matches("đồ óc chó", entry)


def test_one_place_is_said_once() -> None:
    assert [m.entry.text for m in matches("địt con mẹ mày")] == ["địt con mẹ", "con mẹ mày"]
    assert len(matches("địt mẹ")) == 1


@pytest.mark.parametrize("disguise", ["đ ị t", "đ.ị.t", "đ-ị-t", "đ_ị_t", "đ . ị . t", "đ.ịt", "đị.t", "địiiit"])
def test_separators_and_repeats_hide_nothing(disguise: str) -> None:
    assert [m.entry.text for m in matches(disguise)] == ["địt"]


@pytest.mark.parametrize("entry", seed().entries, ids=lambda entry: entry.text)
def test_every_seeded_entry_finds_itself(entry: Entry) -> None:
    assert matches(f"à {entry.text} ạ"), entry.text
