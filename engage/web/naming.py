"""What is said of questions, said of feedback: the same sentences with a noun of their own, so that no kind of text needs a
catalogue. A name or a title that stands in a sentence is put in afterwards, and stays as its writer wrote it."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from engage.questions import Kind
from engage.web.language import Translator

NOUNS: Mapping[str, Mapping[str, str]] = {
    "vi": {Kind.REPORT: "phản ánh", Kind.PROPOSAL: "kiến nghị", Kind.CONTRIBUTION: "góp ý"},
    "en": {Kind.REPORT: "report", Kind.PROPOSAL: "proposal", Kind.CONTRIBUTION: "contribution"},
}
# In this order. Nobody asks a report: it is sent, and says something.
INSTEAD: Mapping[str, tuple[tuple[str, str], ...]] = {
    "vi": (
        (r"người hỏi gửi kèm", "gửi kèm"),
        (r"câu hỏi", "{noun}"),
        (r"(?<=điều bạn )hỏi|(?<=điều tôi )hỏi", "nêu"),
        (r"(?<!trong một )\bcâu\b(?! trả lời| tóm)", "mục"),
        (r"\bhỏi\b", "gửi"),
    ),
    "en": (
        (r"question", "{noun}"),
        (r"asker", "sender"),
        (r"ask(?= one more)|ask$|ask(?=\?)", "send"),
        (r"asked(?= one more)|asked(?= on\b)|(?<=what you )asked", "sent"),
        (r"asks(?= the same)", "says"),
        (r"asked(?= the same)", "said"),
    ),
}


class Named(Translator):
    """Says of one kind of feedback what another says of a question."""

    def __init__(self, plain: Translator, kind: str) -> None:
        self.language = plain.language
        self._entries = plain._entries
        self._kind = kind

    def gettext(self, said: str) -> str:
        return renamed(super().gettext(said), self.language, self._kind)


def about(translator: Translator, kind: str) -> Translator:
    return Named(translator, kind) if kind in NOUNS[translator.language] else translator


@lru_cache(maxsize=2_000)
def renamed(said: str, language: str, kind: str) -> str:
    for pattern, word in INSTEAD[language]:
        said = re.sub(pattern, partial(_cased, word.format(noun=NOUNS[language][kind])), said, flags=re.IGNORECASE)
    return said


def _cased(word: str, found: re.Match[str]) -> str:
    return word[0].upper() + word[1:] if found[0][0].isupper() else word


def speaking(translator: Translator) -> Callable[..., str]:
    """The `_` of a page, in the words of this translator: text of ours is no markup, what stands in it is escaped."""

    @pass_context
    def say(context: Context, said: str, /, **figures: object) -> str:
        words = translator.gettext(said)
        return (Markup(words) if context.eval_ctx.autoescape else words) % figures  # noqa: S704 a sentence of ours

    return say
