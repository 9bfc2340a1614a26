"""How a post or a comment was put before its author changed it, for everybody: the newest first, each with what it changed."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import differences, redactions
from engage.remarks import Remark
from engage.web.views import paragraphs


async def of(db: AsyncSession, remark: Remark) -> Sequence[dict[str, Any]]:
    before = await redactions.wordings(db, remark)
    said = [*(body for _, body in before), remark.body]
    began = [remark.accepted_at, *(until for until, _ in before)]
    shown = [
        {
            "number": number,
            "at": began[number - 1],
            "body": paragraphs(body),
            "change": differences.between(said[number - 2], body) if number > 1 else None,
        }
        for number, body in enumerate(said, start=1)
    ]
    return shown[::-1]
