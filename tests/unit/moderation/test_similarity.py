"""Promises of similarity."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.similarity import near

ASKED = "Mức lương cơ sở năm 2026 của cán bộ xã là bao nhiêu"


def test_the_same_text_is_one_and_marks_do_not_matter() -> None:
    assert near(ASKED, ASKED) == 1
    assert near(ASKED, "muc luong co so nam 2026 cua can bo xa la bao nhieu?") == 1


def test_abbreviations_are_the_same_words() -> None:
    assert near("thẻ BHYT hết hạn", "thẻ bảo hiểm y tế hết hạn") == 1


def test_a_rewording_is_nearer_than_another_question() -> None:
    reworded = "Xin hỏi lương cơ sở của cán bộ xã năm 2026 bao nhiêu"
    assert near(ASKED, reworded) > 0.4 > near(ASKED, "Thủ tục cấp đổi giấy phép lái xe ở đâu")


def test_a_part_is_near_but_not_the_same() -> None:
    assert 0.5 < near("lương cơ sở năm 2026", ASKED) < 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_nearness_is_symmetric_and_between_zero_and_one(a: str, b: str) -> None:
    assert 0 <= near(a, b) == near(b, a) <= 1
