"""Promises of the form: every error is said at once, and no strange text gets further than it should."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engage.ask import MOST_BODY, MOST_TITLE, OFFICES, Ask
from tests.unit.town import BODY, TITLE, an_ask


def errors(**changes: Any) -> dict[str, str]:
    """Field → what is wrong with it."""
    try:
        an_ask(**changes)
    except ValidationError as wrong:
        return {str(error["loc"][0]): error["type"] for error in wrong.errors()}
    return {}


def test_an_honest_form_is_accepted() -> None:
    assert errors() == {}


def test_every_error_of_a_form_is_said_at_once() -> None:
    with pytest.raises(ValidationError) as wrong:
        Ask.model_validate(
            {"title": "Ngắn", "name": "1", "email": "x", "phone": "y", "province": "abroad", "judged": "z"}
        )
    assert {str(error["loc"][0]): error["type"] for error in wrong.value.errors()} == {
        "title": "title_too_short",
        "body": "body_missing",
        "country": "country_missing",
        "name": "name_missing",
        "email": "email_wrong",
        "phone": "phone_wrong",
        "consent": "consent_missing",
        "judged": "literal_error",
    }


def test_an_empty_form_misses_what_it_must_hold() -> None:
    with pytest.raises(ValidationError) as wrong:
        Ask.model_validate({})
    missing = {str(error["loc"][0]) for error in wrong.value.errors()}
    assert missing == {"title", "body", "name", "phone", "consent"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " " * 50}, {"title": "title_missing"}),
        ({"title": "\u200b\u202e\u2066\ufeff" * 20}, {"title": "title_missing"}),
        ({"title": "a" * (MOST_TITLE + 1)}, {"title": "title_too_long"}),
        ({"title": "a" * 2001}, {"title": "string_too_long"}),
        ({"body": "\n \t\u00a0" * 30}, {"body": "body_missing"}),
        ({"body": "Quá ngắn."}, {"body": "body_too_short"}),
        ({"body": "a" * (MOST_BODY + 1)}, {"body": "body_too_long"}),
        ({"body": "a" * 40_000}, {"body": "body_too_long"}),
        ({"body": "a" * 40_001}, {"body": "string_too_long"}),
        ({"name": ""}, {"name": "name_missing"}),
        ({"name": "12345"}, {"name": "name_not_a_name"}),
        ({"name": "ô" * 81}, {"name": "name_too_long"}),
        ({"email": "", "phone": ""}, {"phone": "contact_missing"}),
        ({"email": "  ", "phone": " - "}, {"phone": "contact_missing"}),
        ({"email": "sai", "phone": ""}, {"email": "email_wrong"}),
        ({"province": "abroad", "country": " "}, {"country": "country_missing"}),
        ({"consent": False}, {"consent": "consent_missing"}),
        ({"consent": "perhaps"}, {"consent": "bool_parsing"}),
        ({"title": ["a"]}, {"title": "string_type"}),
        ({"title": {"a": 1}, "body": 7}, {"title": "string_type", "body": "string_type"}),
        ({"stranger": "1"}, {"stranger": "extra_forbidden"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert errors(**changes) == expected


def test_lengths_are_counted_as_people_count_them() -> None:
    letters = "ề" * MOST_TITLE
    assert errors(title=unicodedata.normalize("NFD", letters)) == {}
    assert errors(title="\u200b".join(letters)) == {}
    assert errors(body="ề" * MOST_BODY) == {}


def test_decomposed_letters_are_stored_composed() -> None:
    ask = an_ask(title=unicodedata.normalize("NFD", TITLE), body=unicodedata.normalize("NFD", BODY))
    assert (ask.title, ask.body) == (TITLE, BODY)


def test_what_cannot_be_seen_is_left_out_of_every_text() -> None:
    unseen = "\u200b\u200d\u202e\u2066\u2069\ufeff\x00\x07\x1b\ud800"
    ask = an_ask(title=unseen.join(TITLE), body=unseen.join(BODY), name=unseen.join("Trần Thị Hoa"))
    assert (ask.title, ask.body, ask.name) == (TITLE, BODY, "Trần Thị Hoa")


def test_a_title_and_a_name_are_one_line_and_a_body_keeps_its_own() -> None:
    ask = an_ask(
        title="Tôi nghỉ việc\r\nthì \t được\u2028gì?", name=" Trần \n Thị  Hoa ", body=f"\n{BODY}\r\n\r\nCảm ơn.  \n"
    )
    assert ask.title == "Tôi nghỉ việc thì được gì?"
    assert ask.name == "Trần Thị Hoa"
    assert ask.body == f"{BODY}\n\nCảm ơn."


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "'; drop table question; --", "{{ 7 * 7 }}", "%(x)s %s"]
)
def test_markup_and_commands_are_kept_as_the_text_they_are(hostile: str) -> None:
    ask = an_ask(title=f"{hostile} có được không?", body=f"{BODY} {hostile}", name=f"Hoa {hostile}")
    assert hostile in ask.title
    assert ask.body.endswith(hostile)
    assert ask.name == f"Hoa {hostile}"


@pytest.mark.parametrize("office", OFFICES)
def test_nobody_is_named_like_an_office(office: str) -> None:
    for name in (office, office.upper(), f"{office} tỉnh", unicodedata.normalize("NFD", office)):
        assert errors(name=name) == {"name": "name_like_an_office"}


@pytest.mark.parametrize(
    "name",
    [
        "Bộ Cоng an",  # a Cyrillic o
        "Ban Biên tậр",  # a Cyrillic р
        "ВАN QUẢN TRỊ",  # Cyrillic В and А
        "Bộ\u200b Công\u00ad an",
        "B0 C0NG AN",
        "Ｂộ　Ｃôｎｇ ａｎ",  # full width
        "Chính-phủ",
        "Uỷ  ban nhân dân",
        "Quản trị viên",
        "bo cong an",
    ],
)
def test_no_look_alike_letters_make_an_office_of_a_name(name: str) -> None:
    assert errors(name=name) == {"name": "name_like_an_office"}


@pytest.mark.parametrize(
    "name", ["Bội Ngọc", "Công Anh", "Ban Mai", "Trần Văn Bộ", "Y Moan Ênuôl", "Nguyễn Thị Ủy", "Li"]
)
def test_people_keep_their_names(name: str) -> None:
    assert an_ask(name=name).name == name


@pytest.mark.parametrize("email", ["a@b.vn", "Hoa.Tran+hoi@Thu.Example", "hoa_1@mail.gov.vn", "hòa@thu.vn", "a@1.2.vn"])
def test_a_mail_address_is_taken_in_lower_case(email: str) -> None:
    assert an_ask(email=f" {email} ").email == email.lower()


@pytest.mark.parametrize(
    "email",
    [
        "hoa",
        "hoa@",
        "@thu.vn",
        "hoa@thu",
        "hoa@thu..vn",
        "hoa@-thu.vn",
        "hoa@thu-.vn",
        "a b@thu.vn",
        "a@b.vn,c@d.vn",
        "a@b@c.vn",
        "<a@b.vn>",
        "a@b.vn>",
        "a\nBcc: x@y.vn",
        "x" * 65 + "@thu.vn",
        "a;b@thu.vn",
        "a@thu.vn.",
        '"a"@thu.vn',
    ],
)
def test_what_is_no_mail_address_is_refused(email: str) -> None:
    assert errors(email=email) == {"email": "email_wrong"}


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("0912345678", "0912345678"),
        (" 0912 345 678 ", "0912345678"),
        ("(024) 3825-1234", "02438251234"),
        ("+84.912.345.678", "+84912345678"),
        ("", ""),
    ],
)
def test_a_phone_number_is_taken_however_it_is_written(phone: str, stored: str) -> None:
    assert an_ask(phone=phone).phone == stored


@pytest.mark.parametrize("phone", ["12345678", "0" * 15, "09123456a8", "++84912345678", "84+912345678", "không có"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert errors(phone=phone) == {"phone": "phone_wrong"}


def test_a_phone_alone_is_enough_to_ask() -> None:
    assert errors(email="", phone="0912345678") == {}


TEXTS = st.dictionaries(st.sampled_from(sorted(Ask.model_fields)), st.text(max_size=300))


@given(TEXTS)
def test_no_text_in_any_field_is_more_than_an_error(values: dict[str, str]) -> None:
    said = errors(**values)
    assert set(said) <= set(Ask.model_fields)
    if not said:
        an_ask(**values).model_dump_json()


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_was_stored_once_is_not_changed_by_being_sent_again(title: str, body: str) -> None:
    ask = an_ask(title=f"{TITLE} {title}"[:MOST_TITLE], body=f"{BODY} {body}")
    again = an_ask(title=ask.title, body=ask.body)
    assert (again.title, again.body) == (ask.title, ask.body)
