"""Promises of following: a mail's link opens one person's following and nothing else, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.errors import NotFound
from engage.follows import person_of, token


def test_a_token_is_its_persons_under_its_secret_only() -> None:
    assert person_of("secret", token("secret", 17)) == 17
    for wrong in (token("other", 17), token("secret", 18).replace("18.", "17."), "17.", "17", ""):
        with pytest.raises(NotFound):
            person_of("secret", wrong)


@given(st.one_of(st.text(max_size=60), st.builds("{}.{}".format, st.integers(0, 10**12), st.text(max_size=40))))
def test_whatever_else_is_typed_is_missing(typed: str) -> None:
    with pytest.raises(NotFound):
        person_of("secret", typed)
