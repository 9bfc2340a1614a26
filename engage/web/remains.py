"""What an erasure leaves outside the database: mails in a folder, and bytes of files."""

from anyio import to_thread
from starlette.requests import Request

from engage import attachments, letters
from engage.forgetting import Left
from engage.web.house import house


async def remove_letters(request: Request, left: Left) -> None:
    """Before COMMIT: a file that stayed behind would never be found again, one that is gone is missed by nobody."""
    names = [f"notice-{notice_id}" for notice_id in left.notice_ids]
    await to_thread.run_sync(letters.remove, house(request).settings.mail_folder, names)


async def remove_files(request: Request, left: Left) -> None:
    """After COMMIT: a row never names bytes that are not there."""
    await attachments.erase_bytes(house(request).storage, left.file_keys)
