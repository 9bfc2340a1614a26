"""What is said of a question is said of feedback in its own words: nobody is told of a question they never asked."""

import re
from pathlib import Path

import pytest

from engage.web import naming, words
from engage.web.language import LANGUAGES, Translator
from engage.web.naming import NOUNS
from engage.web.templates import folder

# Pages and mails that an asker of feedback meets; what is sent about dialogues speaks of questions.
MET = (
    "track/show",
    "track/_acts",
    "track/_next",
    "track/_said",
    "track/withdraw",
    "questions/sent",
    "questions/_piece",
)
MAILS = (
    "accepted",
    "answered",
    "clarify",
    "corrected",
    "extended",
    "hidden",
    "merged",
    "received",
    "refused",
    "returned",
)
SAID = re.compile(r'_\("((?:[^"\\]|\\.)*)"')
ASKING = {"vi": re.compile(r"câu hỏi|người hỏi|\bbạn hỏi\b", re.IGNORECASE), "en": re.compile("question|asker", re.I)}


def translator(language: str) -> Translator:
    return Translator(language, folder() / "locale")


def sentences() -> set[str]:
    paths = [Path(f"{name}.html") for name in MET] + [Path(f"mail/{name}.txt") for name in MAILS]
    found = {said for path in paths for said in SAID.findall((folder() / path).read_text(encoding="utf-8"))}
    return found | set(words.STEPS.values()) | set(words.CONSENT.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NOUNS["vi"])
def test_no_sentence_about_feedback_speaks_of_a_question(language: str, kind: str) -> None:
    named = naming.about(translator(language), kind)
    assert not [said for one in sentences() if ASKING[language].search(said := named.gettext(one))]


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "Phản ánh của bạn đã được trả lời"), ("en", "Your report has been answered")],
)
def test_the_noun_of_the_kind_stands_for_the_question(language: str, said: str) -> None:
    assert naming.about(translator(language), "report").say("Câu hỏi của bạn đã được trả lời") == said


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    named = naming.about(translator("vi"), "proposal")
    assert named.say("Câu hỏi: %(title)s", title="Câu hỏi về họp chi bộ") == "Kiến nghị: Câu hỏi về họp chi bộ"


def test_an_answer_stays_an_answer() -> None:
    named = naming.about(translator("vi"), "report")
    assert named.say("Đọc câu trả lời") == "Đọc câu trả lời"
    assert named.say("Câu hỏi của bạn đã được gộp với câu khác") == "Phản ánh của bạn đã được gộp với mục khác"


def test_a_question_is_said_as_ever() -> None:
    plain = translator("vi")
    assert naming.about(plain, "question") is plain
