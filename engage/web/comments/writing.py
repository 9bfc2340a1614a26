"""Writing in a plain form: on our own pages, and from portals' pages without a script, where it is shown here and confirmed.

Who is not signed in proves a mail address by a code, where the site takes guests; with it they are signed in here.
"""

from typing import Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import articles, comments, namings, records, review, sites
from engage.access import PUBLIC
from engage.articles import Article, Named
from engage.comments import CommentForm
from engage.db import now
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused, TooMany
from engage.people import Person
from engage.records import Act
from engage.sites import Portal
from engage.web import embedding, kit, load, words
from engage.web.comments import listing, shown
from engage.web.comments.judging import judged
from engage.web.forms import Filled
from engage.web.forum import guests
from engage.web.house import actor
from engage.web.language import localized
from engage.web.origin import origin
from engage.web.sending import DENUNCIATION_HINT
from engage.web.templates import query
from engage.web.views import View


class WritingForm(Named, CommentForm):
    """`ask` names the mail with the code; `website` is a trap that people never see."""

    name: str = Field(default="", max_length=400)
    email: str = Field(default="", max_length=400)
    ask: str = Field(default="", max_length=100)
    code: str = Field(default="", max_length=20)
    again: bool = False  # another mail
    website: str = Field(default="", max_length=200)


async def form(request: Request) -> Response:
    """Under an article that has comments; the others are written to from their own pages."""
    asked = request.query_params.get("to", "")
    to = asked if asked.isascii() and asked.isdecimal() and len(asked) < 10 else ""
    async with kit.reading(request) as db:
        article = await articles.seen_by(db, actor(request), request.path_params["id"])
        portal = (await sites.portals(db)).by_id.get(article.site_id)
        address = "" if article.external else await articles.address_of(db, article)
    values = {"site": portal.slug if portal else "", "article": article.external or "", "address": address}
    return await _page(request, Filled(values={**values, "reply_to": to}))


async def create(request: Request) -> Response:
    typed = await kit.form(request, WritingForm)
    if typed["judged"] == "denunciation":
        return kit.redirect(request, "/questions/denunciation")
    if typed.model is None:
        return await _page(request, typed)
    try:
        return await _submit(request, typed, typed.model)
    except Failure as failure:
        if failure.reason == DENUNCIATION_HINT:
            return await _page(request, typed, denunciation=True)
        if isinstance(failure, Refused | TooMany | Conflict | NotAllowed):
            typed.refuse(failure, kit.translator(request))
            return await _page(request, typed)
        raise


async def _submit(request: Request, typed: Filled[WritingForm], form: WritingForm) -> Response:
    if form.website or not kit.form_key(request):
        raise Refused("trap" if form.website else "stale_form")
    async with kit.judging(request) as db:
        portal = await _portal(db, form.site)
        if portal is None:
            raise Refused("comment_site")
        verdict, shut = await judged(db, form), await _why_shut(db, portal, form)
    if shut:  # before a code is asked for, and spent
        raise Refused(shut)
    who, guest = actor(request), None
    if who.person_id is None:
        if not portal.guests:
            raise Refused("comment_sign_in")
        if not form.ask or form.again:
            await guests.send_code(request, typed, form)
            return await _page(request, typed)
        guest = await guests.prove(request, form)
    async with kit.transaction(request) as db:
        article = await namings.opened(db, portal, form)
        author = await db.get_one(Person, guest.id if guest else who.person_id)
        made = await comments.write(db, author, article, form)
        await review.look_at(db, comments.SURFACE, made.key, verdict)
        await records.note(db, origin(request), made.author_id, Act.POSTED, surface=comments.SURFACE, thing_id=made.key)
        response = kit.see_other(request, db, f"/comments/{made.key}")
        if guest:
            await guests.sign_in(request, db, author, response)
        return response


async def _why_shut(db: AsyncSession, portal: Portal, form: WritingForm) -> str:
    article = await articles.found(db, portal, form)
    if article is None:
        return articles.why_closed(portal, form.section, form.published, now(db))
    return articles.why_shut(portal, article, now(db))


async def _page(request: Request, typed: Filled[Any], *, denunciation: bool = False) -> Response:
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        portal = await _portal(db, str(typed["site"]))
        article = await _meant(db, portal, typed)
        reason = articles.why_shut(portal, article, now(db)) if article else ""
        answered = await _answered(db, view, article, str(typed["reply_to"]))
    if portal is None and not typed.note:
        typed.note, typed.status = kit.say(request, "comment_site"), 422
    back = f"/articles/{article.key}" if article and article.top else ""
    sign_in = "/citizens/sign-in" + query({"next": f"{back}/write" if back else ""})
    is_wrong = bool(typed.errors or typed.note or denunciation)
    return kit.page(
        request,
        "comments/write.html",
        status=typed.status if is_wrong else 200,
        form=typed,
        title=article.title if article and article.top else str(typed["title"]),
        back=back,
        closed=listing.closed(view, reason),
        answers=answered,
        author=who.name if who.person_id is not None else "",
        guests=bool(portal and portal.guests),
        sign_in_url=localized(sign_in, view.translator.language),
        denunciation=denunciation,
        hint=words.commenting.MARKS,
    )


async def _portal(db: AsyncSession, slug: str) -> Portal | None:
    return (await sites.portals(db)).by_slug.get(slug)


async def _meant(db: AsyncSession, portal: Portal | None, typed: Filled[Any]) -> Article | None:
    """The row of the article that is named, as far as it is named rightly."""
    if portal is None:
        return None
    try:
        named = embedding.checked(Named, {one: str(typed[one]) for one in ("site", "article", "address")})
        return await articles.found(db, portal, named)
    except Refused:
        return None


async def _answered(db: AsyncSession, view: View, article: Article | None, typed: str) -> dict[str, Any] | None:
    if article is None or not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        return None
    try:
        remark = await comments.one(db, PUBLIC, int(typed))
    except NotFound:
        return None
    return shown.comment(view, remark) if remark.place_id == article.key else None
