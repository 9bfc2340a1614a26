"""What is screened before a comment is stored: who accuses somebody is told where that goes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import comments, review
from engage.comments import CommentForm
from engage.errors import Refused
from engage.surfaces import LEAST_REMARK
from engage.web.sending import DENUNCIATION_HINT
from moderation.screening import Submission, Verdict


async def judged(db: AsyncSession, form: CommentForm) -> Verdict:
    verdict = await review.examine(db, comments.SURFACE, Submission("", form.body), least=LEAST_REMARK)
    if verdict.outcome == "denunciation" and form.judged != "post":
        raise Refused(DENUNCIATION_HINT)
    return verdict
