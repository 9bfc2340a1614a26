"""What a handler is built of: read a form, open the store, answer with a page or a redirect, keep a public page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from limits import parse
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from engage import agencies, kept
from engage.access import PUBLIC
from engage.errors import Conflict, NotAllowed
from engage.web import enclosed as enclosing
from engage.web import frame, guards, proofs, words
from engage.web.forms import Filled, Model, Shape, faults, filled, flat, readable
from engage.web.house import actor, house, language
from engage.web.language import Translator, localized, other_than
from engage.web.pages import Page
from engage.web.rendering import guarding, media_type, no_guard, render
from live import stream

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DESKS = frozenset({"review", "agency"})  # rooms in which people also hear what is for them alone
POLICY, TEMPLATE = "content-security-policy", "template"  # what a page's context may say of its answer
YEAR = 365 * 24 * 3600
MAILS_TO_STRANGERS = parse("6/day")
COUNTS_STAND = 600  # seconds; midnight in Viet Nam is a multiple of it


class Repeated(Exception):
    """This very submission was answered before; the error handler gives the same answer again."""

    def __init__(self, status: int, location: str) -> None:
        super().__init__(location)
        self.status = status
        self.location = location


# The store


def reading(request: Request) -> AbstractAsyncContextManager[AsyncSession]:
    return house(request).store.reading()


@asynccontextmanager
async def judging(request: Request) -> AsyncIterator[AsyncSession]:
    """Reading before a transaction, for what takes its time. A repeated form is answered as before, whatever is true by now."""
    async with reading(request) as db:
        await _answered_before(db, request.state.sent)
        request.state.is_judged = True
        yield db


@asynccontextmanager
async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """One request, one transaction. Opens only for a form that proved to be ours; a repeated one is answered as before."""
    must_be_ours(request)
    sent: kept.Submission | None = request.state.sent
    try:
        async with house(request).store.transaction() as db:
            if not request.state.is_judged:  # else it was asked a moment ago, and a later twin is told by its own clash
                await _answered_before(db, sent)
            yield db
            if location := db.info.get("location"):
                if request.state.stored:
                    request.state.stored.count(request)
                if sent:
                    await kept.keep(db, sent, 303, location)
    except (IntegrityError, Conflict) as clash:
        await answered_meanwhile(request)
        raise (clash if isinstance(clash, Conflict) else Conflict("moved_on")) from clash


def must_be_ours(request: Request) -> None:
    """A form that met no limit, and proved that a page of ours was filled in."""
    if request.state.too_many:
        raise request.state.too_many
    if not request.state.is_verified:
        raise NotAllowed("unverified_form")


async def _answered_before(db: AsyncSession, sent: kept.Submission | None) -> None:
    if sent and (first := await kept.answer_to(db, sent)):
        raise Repeated(first.status, first.location) from None


async def answered_meanwhile(request: Request) -> None:
    """Two processes may get the same submission at once: the one that comes too late gives the other's answer."""
    async with reading(request) as db:
        await _answered_before(db, request.state.sent)


def see_other(request: Request, db: AsyncSession, path: str) -> Response:
    """Where a submission leads; kept with what it wrote, so that sending it twice leads there twice."""
    location = localized(path, language(request))
    db.info["location"] = location
    return RedirectResponse(location, status_code=303)


def redirect(request: Request, path: str, status: int = 303) -> Response:
    return RedirectResponse(localized(path, language(request)), status_code=status)


# Forms


async def form(
    request: Request, model: type[Model], *, shape: Shape = flat, listed: tuple[str, ...] = (), files: bool = False
) -> Filled[Model]:
    """Read and check a form. What is wrong stands in the result, what was typed too; the token is checked here."""
    enclosed, body = enclosing.split(await _body(request, files)) if files else (None, await _body(request))
    fault = faults(body, listed)
    shaped = shape(body)
    if fault:
        shaped = {name: readable(value) if isinstance(value, str) else value for name, value in shaped.items()}
    result = filled(model, shaped, translator(request))
    result.enclosed = enclosed or result.enclosed
    # Whatever is no honest form counts as not ours: a button's handler, which reads no field, may not act on it either.
    proofs.verify(request, "" if fault else str(body.get("csrf", "")))
    proofs.name_submission(request, body.multi_items(), str(body.get("key", "")))
    if request.state.too_many:
        if request.state.stored:  # what met the limit may be the twin of what was just stored
            await answered_meanwhile(request)
        result.refuse(request.state.too_many, translator(request))
    elif fault or not request.state.is_verified:
        is_to_confirm = proofs.is_guest_form(request)
        reason = fault or ("confirm_once" if is_to_confirm else "stale_form")
        result.model, result.status = None, 400 if fault else 200 if is_to_confirm else 403
        result.note = say(request, reason)
    return result


async def _body(request: Request, files: bool = False) -> FormData:
    try:
        most = request.scope["bound"].most  # a pasted sheet is one field
        body = await request.form(max_fields=200, max_files=enclosing.MOST_FILES if files else 0, max_part_size=most)
    except (UnicodeError, ClientDisconnect):  # a charset that is none; a connection that broke, and nobody reads this
        raise HTTPException(400) from None
    if not frame.came_whole(request.scope):
        await body.close()
        raise HTTPException(400)
    return body


def form_key(request: Request) -> str:
    """Names this very submission, empty when the form had no key: another text under the same key is another one."""
    sent: kept.Submission | None = request.state.sent
    return f"{sent.key}-{sent.fingerprint[:16]}" if sent else ""


def may_write_to(request: Request, email: str) -> bool:
    """Whether an address that nobody has confirmed may get one more mail today: forms must not make us a nuisance to others."""
    limiter = request.app.state.limiter.limiter
    try:
        return bool(limiter.hit(MAILS_TO_STRANGERS, "mail", guards.digest(email)))
    except Exception:  # the counters are away; the doors' own limits still hold
        return True


# Words


def translator(request: Request) -> Translator:
    return house(request).templates.translators[language(request)]


def say(request: Request, reason: str, **figures: Any) -> str:
    return translator(request).say(words.REASONS[reason], **figures)


# Pages


def page(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    """A page for this reader alone; never stored by anybody."""
    body = render(request, name, {"status": status, **context, "guard": guarding(request)})
    response = Response(body, status_code=status, media_type=media_type(name))
    response.headers["cache-control"] = "no-store"
    _give_visitor_cookie(request, response)
    return response


async def public_page(
    request: Request,
    name: str,
    address: str,
    channels: Sequence[str],
    build: Callable[[], Awaitable[Mapping[str, Any]]],
    *,
    keeps: bool = True,
    stands: int = COUNTS_STAND,
) -> Response:
    """A page anybody may read: unchanged is a 304 without a query, known is sent again, changed is built anew.

    `keeps` False for addresses without end, such as the depths of a list: they would push out the pages that many read.

    `address` is the page's canonical path with its query. A signed-in reader gets a page of their own.
    """
    if actor(request) != PUBLIC:
        context = await build()
        return _under(context, page(request, context.get(TEMPLATE, name), **context))
    mine = house(request)
    tag = await tag_of(request, channels, stands)
    key = f"{language(request)} {address}"
    known = mine.pages.get(key, tag)
    if known is None:
        # What else stood in this reader's address must not get into everybody's page.
        other = localized(address, other_than(language(request)))
        context = await build()
        name = context.get(TEMPLATE, name)
        body = render(request, name, {**context, "guard": no_guard, "other_language": other}).encode()
        known = Page(tag, body, media_type(name), context.get(POLICY, ""))
        if keeps:
            mine.pages.put(key, known)
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "cookie"}
    if known.content_policy:
        headers[POLICY] = known.content_policy
    # Only now: a tag guessed for what is not public must find the same 404 as anything else.
    if tag in stream.tags(request):
        return Response(status_code=304, headers=headers)
    return Response(known.body, media_type=known.media_type, headers=headers)


def _under(context: Mapping[str, Any], response: Response) -> Response:
    if context.get(POLICY):
        response.headers[POLICY] = context[POLICY]
    return response


async def live_room(request: Request, kind: str, thing_id: int, channel: str) -> Mapping[str, Any]:
    """Where a page begins to follow its room. Ask before reading the rows: a fact in between is then met again, not missed."""
    hub, who = house(request).hub, actor(request)
    at: dict[str, Any] = {
        "room": kind,
        "id": thing_id,
        "epoch": await hub.epoch(),
        "after": await hub.position(channel),
    }
    if kind in DESKS and who.person_id is not None:
        at["me"] = await hub.position(f"person:{who.person_id}")
    return at


async def tag_of(request: Request, channels: Sequence[str], stands: int = COUNTS_STAND) -> str:
    """Positions are read before the rows. The minutes are part of it: counts that record no fact, and what is overdue today."""
    mine, channels = house(request), (*channels, agencies.CHANNEL)
    positions = [mine.hub.known(channel) for channel in channels]
    for place, channel in enumerate(channels):
        if positions[place] is None:
            positions[place] = await mine.hub.position(channel)
    parts = (
        await mine.hub.epoch(),
        positions,
        language(request),
        int(mine.store.clock().timestamp() // stands),
        mine.templates.release,
    )
    return f'"{guards.digest(repr(parts))[:24]}"'


def _give_visitor_cookie(request: Request, response: Response) -> None:
    mine = house(request)
    if getattr(request.state, "visitor", "") and not request.state.had_visitor:
        set_cookie(
            request, response, guards.VISITOR, guards.visitor_cookie(mine.settings.secret, request.state.visitor), YEAR
        )


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    """`seconds` None: until the browser closes; 0: gone now."""
    mine = house(request)
    response.set_cookie(
        mine.cookie(name), value, max_age=seconds, httponly=True, samesite="lax", secure=mine.settings.is_https
    )
