"""Promises of kinship: the same text is one group, the order does not matter, and who talks of something else stays alone."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engage import kinship
from engage.kinship import ALIKE, Text, group

ONCE = (
    "Rút bảo hiểm xã hội một lần sau bao lâu thì nhận tiền?",
    "Tôi nghỉ việc tháng ba, nay muốn rút một lần để chữa bệnh.",
)
AGAIN = (
    "Rút BHXH một lần sau bao lâu thì được nhận tiền?",
    "Tôi nghỉ việc từ tháng ba, nay muốn rút một lần để chữa bệnh.",
)
SCHOOL = ("Con tôi học lớp một ở trường nào khi chuyển chỗ ở?", "Gia đình mới chuyển từ Nghệ An ra Hà Nội.")
SYLLABLES = "bảo hiểm xã hội lương hưu đất đai nhà trường lớp một rút tiền bao lâu khi nào ở đâu"
WORDS = st.sampled_from(re.findall(r"\w+", SYLLABLES))
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
TEXTS = st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=25)


def test_the_same_in_other_words_is_one_group() -> None:
    assert group({1: ONCE, 2: SCHOOL, 3: AGAIN}) == {1: 1, 2: 2, 3: 1}


def test_without_tone_marks_it_is_the_same() -> None:
    assert group({1: ONCE, 2: ("rut bao hiem xa hoi mot lan sau bao lau thi nhan tien", ONCE[1])})[2] == 1


def test_a_title_that_asks_nothing_brings_nobody_together() -> None:
    assert group({1: ("Hỏi về bảo hiểm", ONCE[1]), 2: ("Hỏi về bảo hiểm", SCHOOL[1])}) == {1: 1, 2: 2}


def test_five_hundred_times_the_same_is_one_group() -> None:
    assert set(group(dict.fromkeys(range(7, 507), ONCE)).values()) == {7}


@given(texts=TEXTS, data=st.data())
@settings(max_examples=60)
def test_the_order_in_which_they_come_does_not_matter(texts: list[Text], data: st.DataObject) -> None:
    named = dict(enumerate(texts, start=1))
    came = kinship.Kinship()
    for key in data.draw(st.permutations(sorted(named))):
        came.add(key, named[key])
    assert {key: came.group_of(key) for key in named} == group(named)


@given(texts=TEXTS)
@settings(max_examples=60)
def test_the_same_text_is_always_together(texts: list[Text]) -> None:
    groups = group(dict(enumerate([*texts, *texts])))
    assert all(groups[place] == groups[place + len(texts)] for place in range(len(texts)))


@given(one=st.tuples(SENTENCES, SENTENCES), other=st.tuples(SENTENCES, SENTENCES))
def test_two_are_together_only_from_the_threshold_on(one: Text, other: Text) -> None:
    if group({1: one, 2: other})[2] == 1:
        assert kinship.likeness(kinship.read(one), kinship.read(other)) >= ALIKE


@given(text=st.tuples(SENTENCES, SENTENCES))
def test_likeness_is_at_most_one(text: Text) -> None:
    assert kinship.likeness(kinship.read(text), kinship.read(text)) == 1
