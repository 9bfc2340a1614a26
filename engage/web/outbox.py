"""The mails of a demonstration, for its staff to look at. In production there is no such page."""

from asyncio import to_thread

from starlette.requests import Request
from starlette.responses import Response

from engage import letters
from engage.errors import NotFound
from engage.web import kit
from engage.web.house import house
from engage.web.language import localized

MOST = 200


async def listed(request: Request) -> Response:
    _only_in_a_demonstration(request)
    found = await to_thread(letters.newest, house(request).settings.mail_folder, MOST)
    spoken = kit.translator(request).language
    mails = [
        {
            "url": localized(f"/outbox/{mail.name}", spoken),
            "to": mail.to,
            "subject": mail.subject,
            "at": mail.at,
        }
        for mail in found
    ]
    return kit.page(request, "outbox.html", mails=mails)


async def show(request: Request) -> Response:
    _only_in_a_demonstration(request)
    mail = await to_thread(letters.one, house(request).settings.mail_folder, request.path_params["name"])
    if mail is None:
        raise NotFound()
    return kit.page(request, "outbox_mail.html", mail=mail)


def _only_in_a_demonstration(request: Request) -> None:
    if house(request).settings.is_production:
        raise NotFound()
