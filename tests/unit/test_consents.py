"""What people agreed to can be proved: a version stands for one text, and whoever sends something keeps the version they read."""

import hashlib
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa

from engage import feedback, questions
from engage.ask import CONSENT_VERSION
from engage.policies import Policy, Readership
from engage.questions import FEEDBACK
from engage.web import load, naming
from engage.web.feedback import consent
from engage.web.language import LANGUAGES, Translator
from engage.web.templates import folder
from tests.unit.test_campaigns import contribute
from tests.unit.town import Town

# A text that changes gets a new version; the old line goes once nobody's consent names it.
TEXTS = {
    "2026-11": "804c26e34df660db",
    "2026-11-B": "8997e957d4041468",
    "2026-11-C": "46b5a1f06d90e1cb",
    "2026-11-D": "759fd0afddad833c",
}
VERSIONS = [CONSENT_VERSION, *feedback.CONSENT.values()]


def text_of(version: str) -> str:
    """All that stands in the forms of a version: of every kind, in both languages."""
    told = []
    for language in LANGUAGES:
        plain = Translator(language, folder() / "locale")
        kinds = [""] if version == CONSENT_VERSION else list(feedback.KINDS)
        for kind in kinds:
            view = cast(Any, SimpleNamespace(translator=naming.about(plain, kind)))
            readership = next((one for one in Readership if feedback.CONSENT[one] == version), None)
            said = consent(view, readership) if readership else load.consent(view, version)
            told.append("\n".join(said[name] for name in ("purpose", "readers", "retention")))
    return "\n".join(told)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_stands_for_the_same_words_for_ever(version: str) -> None:
    assert hashlib.sha256(text_of(version).encode()).hexdigest()[:16] == TEXTS[version]


def test_no_two_texts_have_one_version() -> None:
    assert len({text_of(version) for version in VERSIONS}) == len(VERSIONS) == len(set(VERSIONS))


@pytest.mark.anyio
@pytest.mark.parametrize("readership", Readership)
async def test_whoever_sends_feedback_keeps_the_version_they_read(town: Town, readership: Readership) -> None:
    async with town.store.transaction() as db:
        await db.exec(sa.update(Policy).where(sa.column("surface") == FEEDBACK).values(readership=readership.value))
    sent = await contribute(town, 0, kind="report", campaign="", place="Phường Láng", time="Hôm qua")
    async with town.store.reading() as db:
        assert (await questions.one(db, sent)).consent == feedback.CONSENT[readership]
