"""Where a page of a list ended, in its address: keyset paging, so that page 500 costs what page 1 costs."""

from datetime import UTC, datetime

from engage.archive import Filters, Listed
from engage.db import MOST_ID


def last(question: Listed, filters: Filters) -> tuple[datetime, int]:
    at = question.published_at if filters.is_answered else question.accepted_at
    return at or question.created_at, question.id


def written(after: tuple[datetime, int]) -> str:
    return f"{int(after[0].timestamp() * 1_000_000)}-{after[1]}"


def read(text: str) -> tuple[datetime, int] | None:
    """Where the last page ended; a damaged one starts from the top."""
    moment, _, question_id = text.partition("-")
    if not (moment.isdecimal() and question_id.isdecimal() and len(text) <= 40) or int(question_id) > MOST_ID:
        return None
    try:
        whole, part = divmod(int(moment), 1_000_000)
        return datetime.fromtimestamp(whole, UTC).replace(microsecond=part), int(question_id)
    except (OverflowError, ValueError, OSError):
        return None
