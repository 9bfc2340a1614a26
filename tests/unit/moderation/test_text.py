"""Promises of moderation.text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import text

ANY = st.text(alphabet=st.characters(), max_size=60)  # lone surrogates included


@given(ANY)
def test_cleaning_twice_changes_nothing_more(wild: str) -> None:
    once = text.clean(wild)
    assert text.clean(once) == once


@given(ANY)
def test_cleaned_text_can_be_stored_and_hides_nothing(wild: str) -> None:
    cleaned = text.clean(wild)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"]
    assert "\n\n\n\n" not in cleaned
    assert cleaned == cleaned.strip()


@given(ANY)
def test_folding_twice_changes_nothing_more(wild: str) -> None:
    once = text.fold(wild)
    assert text.fold(once) == once


@given(ANY)
def test_readings_in_place_keep_the_length(wild: str) -> None:
    cleaned = text.clean(wild)
    for reading in (text.lower_in_place, text.fold_in_place, text.respell):
        assert len(reading(cleaned)) == len(cleaned)


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("a\x00b\x07c", "abc"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("cuối dòng  \t\n tiếp", "cuối dòng\n tiếp"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        (unicodedata.normalize("NFD", "Đường phố"), "Đường phố"),
        ("a\u00a0b\u3000c", "a b c"),
        ("z" + "\u0335" * 50, "z" + "\u0335" * 3),
        ("xuống\u2028dòng", "xuống\ndòng"),
        ("\ud800x", "x"),
    ],
)
def test_the_door_cleans(dirty: str, cleaned: str) -> None:
    assert text.clean(dirty) == cleaned


@pytest.mark.parametrize("written", ["Đường", unicodedata.normalize("NFD", "Đường"), "Ðường", "Đư\u200bờng", "Ｄường"])
def test_every_spelling_of_a_street_has_one_key(written: str) -> None:
    assert text.fold(written) == "duong"


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("hoà", "hòa"), ("HOÀ", "HÒA"), ("khoẻ", "khỏe"), ("thuý", "thúy"), ("Uỷ ban", "Ủy ban"),
        ("qúy", "quý"), ("hòan", "hoàn"), ("hùynh", "huỳnh"), ("toạ đàm", "tọa đàm"),
    ],
)  # fmt: skip
def test_one_tone_placement(new: str, old: str) -> None:
    assert text.respell(new) == old
    assert text.fold(new) == text.fold(old)


@pytest.mark.parametrize("right", ["quý", "hoàn", "huỳnh", "hòa", "hoặc", "quả", "giúp", "thuyền", "toàn", "quỳnh"])
def test_right_spelling_is_left_alone(right: str) -> None:
    assert text.respell(right) == right


def test_an_abbreviation_and_its_long_form_share_a_key() -> None:
    assert text.fold(text.expand("sổ BHXH ở UBND, hdnd")) == "so bao hiem xa hoi o uy ban nhan dan, hoi dong nhan dan"


def test_syllables_are_lower_case_words() -> None:
    assert text.syllables("Bộ Nội vụ, 12/2024!") == ["bộ", "nội", "vụ", "12", "2024"]


def test_tone_marks_are_seen_composed_or_not() -> None:
    assert text.has_tone_marks("xin chào")
    assert text.has_tone_marks(unicodedata.normalize("NFD", "xin chào"))
    assert not text.has_tone_marks("xin chao 123")


@pytest.mark.parametrize("fake", ["Bộ Nộі vụ", "BỘ NỘI VỤ", "Bo N0i vu", "Bộ-Nội-vụ", "Bộ Nộl vụ", "Вộ Nội vụ"])
def test_look_alikes_share_a_skeleton(fake: str) -> None:
    assert text.skeleton(fake) == text.skeleton("Bộ Nội vụ")


def test_different_names_have_different_skeletons() -> None:
    assert text.skeleton("Bộ Nội vụ") != text.skeleton("Bộ Ngoại giao")
