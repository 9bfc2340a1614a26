"""The home of the block, the data rules, the agencies."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import (
    agencies,
    archive,
    campaigns,
    covers,
    dialogues,
    feedback,
    forum,
    lists,
    policies,
    retention,
    tallies,
    week,
)
from engage.agencies import Agency
from engage.ask import CONSENT_VERSION
from engage.campaigns import Campaign
from engage.countdowns import WAITING
from engage.db import now
from engage.lists import Filters
from engage.questions import FEEDBACK, LISTS
from engage.web import cursors, kit, load, words
from engage.web.cursors import Cursor
from engage.web.dialogues import listing
from engage.web.forum import shown as talk
from engage.web.house import language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View

LATEST, TOPICS, SOME, TALKED = 5, 12, 3, 5
GROUP_OF_KIND = {
    "ministry": "ministry",
    "ministerial_level": "ministry",
    "government_agency": "ministry",
    "sub_ministry": "ministry",
    "socio_political": "union",
    "state_office": "state",
    "judiciary": "state",
    "state_audit": "state",
    "provincial_people_committee": "province",
    "provincial_party_committee": "province",
}


async def home(request: Request) -> Response:
    channels = [*LISTS.values(), dialogues.LIST, campaigns.CHANNEL, forum.CHANNEL]
    return await kit.public_page(request, "home.html", "/", channels, lambda: _home(request))


async def _home(request: Request) -> Mapping[str, Any]:
    """The four applications together: what is open, what was answered, what comes next, what people talk about."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        latest = await load.lines(db, view, await lists.listed(db, Filters(), LATEST))
        outcomes = await load.lines(db, view, await lists.listed(db, Filters(surface=FEEDBACK), SOME))
        counted = await tallies.read(db)
        held = await dialogues.upcoming(db, SOME)
        pictures = await covers.of_all(db, [row.key for row in held])
        taking = await campaigns.taking(db)
        talked, followed = await week.talked(db, TALKED), await week.followed(db, TALKED)
        at = now(db)
    busiest = sorted(counted.by_topic.items(), key=lambda item: (-item[1], item[0]))[:TOPICS]
    return {
        "latest": latest,
        "outcomes": outcomes,
        "held": [listing.line(view.translator, row, {}, pictures) for row in held],
        "waited_for": next((row.starts_at for row in held[:1] if row.stage in WAITING and row.starts_at > at), None),
        "campaigns": [_campaign(view, row) for row in taking[:SOME]],
        "talked": [{**talk.line(view, one.listed), "posts": one.posts} for one in talked],
        "followed": [{**view.line(one.listed, None), "followers": one.followers} for one in followed],
        "counts": {"answered": counted.answered, "open": counted.open, "agencies": len(counted.by_agency)},
        "topics": [(view.directory.topics[topic_id], times) for topic_id, times in busiest],
    }


def _campaign(view: View, row: Campaign) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": localized(f"/feedback/campaigns/{row.key}", view.translator.language),
        "agency": view.directory.agencies.get(row.agency_id),
        "closes_at": row.closes_at,
    }


async def privacy(request: Request) -> Response:
    async def build() -> Mapping[str, Any]:
        view, names = await load.view(request), words.administering.NAMES["retention"]
        async with kit.reading(request) as db:
            kept = [(view.translator.say(names[row.kind]), row.days) for row in await retention.every(db)]
            of_feedback = feedback.CONSENT[await feedback.readership(db)]
        return {"consent": load.consent(view, CONSENT_VERSION), "feedback_version": of_feedback, "kept": kept}

    return await kit.public_page(request, "privacy.html", "/privacy", [policies.CHANNEL], build)


async def listed(request: Request) -> Response:
    return await kit.public_page(request, "agencies/list.html", "/agencies", ["questions"], lambda: _agencies(request))


async def _agencies(request: Request) -> Mapping[str, Any]:
    async with kit.reading(request) as db:
        every, answered = await agencies.every_agency(db), (await tallies.read(db)).by_agency
    groups: dict[str, list[tuple[Agency, int]]] = {code: [] for code in words.AGENCY_GROUPS}
    for agency in every:
        if not agency.may_answer:
            continue
        groups[GROUP_OF_KIND.get(agency.kind, "party")].append((agency, answered.get(agency.id or 0, 0)))
    say = kit.translator(request).say
    return {"groups": [(say(words.AGENCY_GROUPS[code]), rows) for code, rows in groups.items() if rows]}


async def agency(request: Request) -> Response:
    slug, cursor = request.path_params["slug"], Cursor.of(request)
    known = (await load.view(request)).directory.agencies
    found = next((row for row in known.values() if row.slug == slug), None)
    if found and found.successor_id:  # its old address leads to whoever goes on under another name
        return kit.redirect(request, f"/agencies/{known[found.successor_id].slug}", status=308)

    async def build() -> Mapping[str, Any]:
        return await _agency(request, slug, cursor)

    address = f"/agencies/{slug}{query(cursor.pairs)}"
    return await kit.public_page(request, "agencies/show.html", address, ["questions"], build, keeps=cursor.is_top)


async def _agency(request: Request, slug: str, cursor: Cursor) -> Mapping[str, Any]:
    view, here = await load.view(request), localized(f"/agencies/{slug}", language(request))
    async with kit.reading(request) as db:
        found = await agencies.by_slug(db, slug)
        page = await cursors.paged(db, Filters(agency_id=found.id), cursor, lambda **at: here + query(at))
        lines = await load.lines(db, view, page.rows)
        answered = await tallies.answered_by(db, found.id or 0)
        waiting = await archive.count_open(db, found.id or 0)
        satisfaction = await load.satisfaction(db, view, found.id or 0)
    by_slug = {row.slug: row for row in view.directory.agencies.values()}
    return {
        "agency": found,
        "earlier": [row for row in view.directory.agencies.values() if row.successor_id == found.id],
        "parent": by_slug.get(found.parent_slug or ""),
        "answered": answered,
        "open": waiting,
        "satisfaction": satisfaction,
        "lines": lines,
        **page.ways,
        "feed_url": localized("/feed.xml", language(request)) + query({"agency": slug}),
    }
