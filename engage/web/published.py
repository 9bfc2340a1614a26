"""The published answer as the public sees it: its words, who stands behind it, what became of it since; and all its versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import (
    answers,
    archive,
    attachments,
    differences,
    markup,
    questions,
    revising,
    revisions,
    shares,
    transcripts,
    translations,
)
from engage.answers import OUT, Answer
from engage.errors import NotFound
from engage.questions import Question
from engage.revisions import Revision
from engage.web import citing, kit, load, words
from engage.web.house import actor
from engage.web.language import localized
from engage.web.views import View

RELATED = 20


async def answer(db: AsyncSession, view: View, question: Question) -> dict[str, Any] | None:
    if question.answer not in OUT:
        return None
    given = await answers.published(db, question.key)
    if given is None:
        return None
    kept = await revisions.of(db, answers.KIND, given.root)
    files = [
        row for one in sorted({given.root, given.key}) for row in await attachments.of(db, attachments.ANSWER, one)
    ]
    translation = await _translation(db, given) if view.translator.language == "en" else None
    return {
        "agency": view.directory.agencies[given.agency_id],
        "again_due_at": question.again_due_at,
        "outcome": view.translator.say(words.contributing.OUTCOMES[given.outcome]) if given.outcome else "",
        "short": given.short,
        "full": Markup(given.full_html),  # noqa: S704 sanitised when stored
        "translation": translation,
        "as_of": given.as_of,
        "published_at": kept[0].at if kept else given.published_at,
        "approved_at": given.published_at,
        "signatory": given.signatory,
        "signatory_title": given.signatory_title,
        "citations": await citing.shown(db, view, await load.citations(db, given), given.as_of),
        "revision": len(kept),
        "files": [view.file(row) for row in files if row.is_public],
        "shared_with": [view.directory.agencies[agency_id] for agency_id in await shares.named(db, question)],
        "corrected_at": given.published_at if given.first_id else None,
        "reason": given.reason,
        "versions_url": localized(f"/questions/{question.id}/revisions", view.translator.language),
        "letter": await transcripts.of(db, given.key),
        "by_desk": given.by_desk,
        "outdated_on": given.outdated_on,
        "outdated_reason": given.outdated_reason,
        "newer": (await _links(db, view, [given.newer_question_id] if given.newer_question_id else [])),
        "replaces": await _links(db, view, await revising.replaced(db, question.key)),
    }


async def versions(request: Request) -> Response:
    """Every version the public saw, newest first, each with what it changed in the one before."""
    question_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        view = await load.view(request)
        async with kit.reading(request) as db:
            question = await questions.seen_by(db, actor(request), question_id)
            given = await answers.published(db, question.key) if question.answer in OUT else None
            if given is None:
                raise NotFound()
            kept = await revisions.of(db, answers.KIND, given.root)
        shown = view.question(question, None)
        return {"question": shown, "agency": view.directory.agencies[given.agency_id], "versions": _versions(kept)}

    channels = [f"question:{question_id}", "questions"]
    return await kit.public_page(
        request, "questions/revisions.html", f"/questions/{question_id}/revisions", channels, build
    )


def _versions(kept: Sequence[Revision]) -> list[dict[str, Any]]:
    shown = [
        {
            "number": one.number,
            "at": one.at,
            "reason": one.content.get("reason", ""),
            "short": one.content["short"],
            "full": markup.rendered(one.content["full"]),
            "citations": one.content["citations"],
            "change": differences.between(_whole(before.content), _whole(one.content)) if before else None,
        }
        for before, one in zip([None, *kept], kept, strict=False)
    ]
    return shown[::-1]


def _whole(content: Mapping[str, Any]) -> str:
    cited = "\n".join(" ".join(filter(None, (c["title"], c["number"], c["article"]))) for c in content["citations"])
    return "\n\n".join(part for part in (content["short"], differences.plain(content["full"]), cited) if part)


async def _translation(db: AsyncSession, given: Answer) -> dict[str, Any] | None:
    row = await translations.shown(db, given)
    if row is None:
        return None
    return {
        "short": row.short,
        "full": Markup(row.full_html),  # noqa: S704 sanitised when stored
        "by_desk": row.by_desk,
        "is_older": row.answer_id != given.id,
    }


async def _links(db: AsyncSession, view: View, ids: Sequence[int]) -> list[dict[str, str]]:
    """Only what every reader may see."""
    titles = await archive.public_titles(db, ids[:RELATED])
    language = view.translator.language
    return [{"title": titles[key], "url": localized(f"/questions/{key}", language)} for key in ids if key in titles]
