"""Promises of receipt codes: what is mistyped is noticed, what is spelled otherwise is read, what is stored tells nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from engage import receipts
from engage.receipts import ALPHABET, code_for, read

CODES = st.builds(code_for, st.just("secret"), st.text(max_size=8), st.text(max_size=8))
SEPARATORS = st.sampled_from(["", " ", "-", ".", "–", "  ", "/"])
SPOKEN = {"0": "0Oo", "1": "1IiLl"}


def letters_of(code: str) -> str:
    return code.replace("-", "")


@given(CODES)
def test_a_code_looks_as_the_receipt_shows_it_and_reads_as_itself(code: str) -> None:
    assert re.fullmatch(r"HD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", code)
    assert not set("ILOU") & set(letters_of(code))
    assert read(code) == code


@given(CODES)
def test_every_single_mistyped_letter_is_noticed(code: str) -> None:
    right = letters_of(code)
    for place, letter in enumerate(right):
        for wrong in set(ALPHABET) - {letter}:
            assert read(right[:place] + wrong + right[place + 1 :]) is None


@given(CODES)
def test_every_swapped_pair_of_neighbours_is_noticed(code: str) -> None:
    right = letters_of(code)
    for place in range(len(right) - 1):
        first, second = right[place], right[place + 1]
        swapped = right[:place] + second + first + right[place + 2 :]
        assert read(swapped) == (code if first == second else None)


@given(CODES, st.integers(0, 14), st.characters())
def test_no_strange_character_turns_one_code_into_another(code: str, place: int, strange: str) -> None:
    right = letters_of(code)
    assert read(right[:place] + strange + right[place + 1 :]) in {None, code}


@given(CODES, st.integers(0, 14))
def test_a_forgotten_letter_is_noticed(code: str, place: int) -> None:
    right = letters_of(code)
    assert read(right[:place] + right[place + 1 :]) is None


@given(CODES, st.data())
def test_every_spelling_of_a_code_is_read(code: str, data: st.DataObject) -> None:
    prefix = data.draw(st.sampled_from(["HD", "hd", "Hd", ""]))
    spelled = [data.draw(st.sampled_from(SPOKEN.get(c, c + c.lower()))) for c in letters_of(code).removeprefix("HD")]
    typed = prefix + "".join(data.draw(SEPARATORS) + letter for letter in spelled) + data.draw(SEPARATORS)
    assert read(typed) == code


def test_a_code_that_begins_like_the_prefix_is_read_without_it_too() -> None:
    number = receipts._number("HD0000000000")
    while number % 37 >= len(ALPHABET):
        number += 1
    code = receipts._written(number)
    assert code.startswith("HD-HD")
    assert read(code) == read(letters_of(code).removeprefix("HD")) == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    code = read(typed)
    assert code is None or read(code) == code


def test_the_same_form_gets_the_same_code_and_every_other_one_another() -> None:
    code = code_for("secret", "visitor", "key")
    assert code == code_for("secret", "visitor", "key")
    others = {
        code_for("secret", "visitor", "other"),
        code_for("secret", "other", "key"),
        code_for("other", "visitor", "key"),
        # The same letters, cut at another place.
        code_for("secret", "visito", "rkey"),
    }
    assert len(others | {code}) == 5


def test_codes_are_spread_over_all_letters() -> None:
    codes = [code_for("secret", "visitor", str(n)) for n in range(2_000)]
    assert len(set(codes)) == 2_000
    for place in range(receipts.DIGITS):
        assert {letters_of(code)[2 + place] for code in codes} == set(ALPHABET)


def test_what_is_stored_is_a_one_way_hash_of_the_one_spelling() -> None:
    code = code_for("secret", "visitor", "key")
    stored = receipts.hashed(code)
    assert re.fullmatch(r"[0-9a-f]{64}", stored)
    assert stored != receipts.hashed(code_for("secret", "visitor", "other"))
    assert stored == receipts.hashed(read(code.lower().replace("-", " ")) or "")
