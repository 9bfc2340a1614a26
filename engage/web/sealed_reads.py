"""Pages that show sealed words only read for their reader, and yet write: that they were opened, before anything of it is shown."""

from starlette.requests import Request

from engage import clarifications, questions, review, seals, takedowns
from engage.attachments import Attachment
from engage.surfaces import SURFACES
from engage.web import kit
from engage.web.house import actor, house


async def of_case(request: Request, case_id: int) -> None:
    if not actor(request).may_unseal:
        return
    async with kit.reading(request) as db:
        case = await review.one(db, actor(request), case_id)
        is_sealed = case.sealed or (await SURFACES[case.surface].one(db, case.thing_id)).sealed
    if is_sealed:
        async with house(request).store.transaction() as db:
            await seals.note_read(db, actor(request), case)


async def of_original(request: Request, question_id: int) -> None:
    """Of a text that was covered in part."""
    async with house(request).store.transaction() as db:
        question = await questions.seen_by(db, actor(request), question_id)
        await takedowns.note_original_read(db, actor(request), question)


async def of_file(request: Request, key: str) -> Attachment:
    async with house(request).store.transaction() as db:
        return await seals.file(db, actor(request), key)


async def of_clarifications(request: Request, most: int) -> None:
    if not actor(request).may_unseal:
        return
    async with house(request).store.transaction() as db:
        held = await clarifications.held(db, actor(request), most)
        await clarifications.note_reads(db, actor(request), held)
