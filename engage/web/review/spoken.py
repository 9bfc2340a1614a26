"""A remark as the desk shows it: who said it, where, and in answer to what."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import articles, forum, remarks
from engage.remarks import Remark, Said
from engage.web.language import localized
from engage.web.views import View

SAID = 240


async def shown(db: AsyncSession, view: View, remark: Remark) -> dict[str, Any]:
    """In the shape that a case's page has for whatever it is about."""
    answered = await remarks.one(db, remark.reply_to_id) if remark.reply_to_id else None
    return {
        "question": {
            "id": remark.id,
            "stage": None,
            "topic": None,
            "no_marks": not remark.has_marks,
            "asker": remark.name,
            "asked_at": remark.created_at,
            "place": None,
            "agency_wish": None,
        },
        "where": await _where(db, view, remark),
        "answers": {"name": answered.name, "words": answered.body[:SAID]} if answered else None,
        "routes": [],
        "likely": [],
        "alike": [],
        "returned_before": True,
        "merged_into": None,
    }


async def _where(db: AsyncSession, view: View, remark: Remark) -> dict[str, str]:
    """The place it stands in, as a link. What opens a place leads to itself."""
    if remark.surface == Said.COMMENT:
        return await _article(db, view, remark)
    titles = await forum.titles(db, [remark.place_id])
    return {
        "title": titles.get(remark.place_id, "") or remark.title,
        "url": localized(f"/forum/threads/{remark.place_id}", view.translator.language),
    }


async def _article(db: AsyncSession, view: View, remark: Remark) -> dict[str, str]:
    """Its title is what a reader's page said; the address is one of the portal's own."""
    article = await articles.one(db, remark.place_id)
    return {
        "title": article.title or article.external or "",
        "url": localized(f"/review/articles/{article.key}", view.translator.language),
        "address": await articles.address_of(db, article),
    }
