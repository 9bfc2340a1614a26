"""What an agency's list is narrowed by, as it stands in the address, and how it comes back after a form was sent."""

from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from engage import desks
from engage.access import Actor, holds
from engage.agencies import Agency, Post
from engage.questions import Kind
from engage.web import kit
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View

TABS = (*desks.TABS, "shares")
MINE, NOBODY = "mine", "nobody"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """As typed and clicked; anything unknown narrows nothing."""

    agency: str = ""
    tab: str = ""
    official: str = ""
    due: str = ""
    topic: str = ""
    kind: str = ""
    q: str = ""
    after: str = ""

    def path(self, path: str, language: str, **changes: str) -> str:
        """The address of a page that keeps the list as it is, but for the changes."""
        return localized(path, language) + query(asdict(replace(self, **changes)))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.official or self.due or self.topic or self.kind or self.q)


_NAMES = tuple(field.name for field in fields(Chosen))


def chosen(request: Request) -> Chosen:
    """From the address. A form that was sent from a list knows it by the page it stood on: no form has to carry it along."""
    typed = request.url.query if request.method in kit.SAFE else _came_from(request)
    pairs = {name: value[:LONGEST] for name, value in parse_qsl(typed, errors="replace") if "\0" not in value}
    return Chosen(**{name: pairs[name].strip() for name in _NAMES if name in pairs})


def back(request: Request, path: str, *, done: str = "") -> str:
    """Where a sent form leads: there, with the list as it was. In no language yet: the redirect adds it. `done`: what it came
    to stands in the address, so that reloading tells it again and does nothing again."""
    told = {"done": done} if done else {}
    return path + query(asdict(chosen(request)) | told)


def with_defaults(found: Chosen, who: Actor, agency: Agency, tab: str) -> Chosen:
    """Whoever comes without a wish sees what is theirs to do: new ones, their own, or what waits for approval."""
    found, agency_id = replace(found, agency=agency.slug), agency.id
    if found.tab in TABS:
        return found
    if tab:
        return replace(found, tab=tab)
    if holds(who, agency_id, Post.COORDINATOR):
        return replace(found, tab="offered")
    if holds(who, agency_id, Post.OFFICIAL):
        return replace(found, tab="working", official=found.official or MINE)
    return replace(found, tab="approval")


def wanted(found: Chosen, view: View, mine: frozenset[int]) -> desks.Wanted:
    topics = {topic.slug: topic.id for topic in view.directory.topics.values()}
    return desks.Wanted(
        tab=found.tab,
        officials=_officials(found.official, mine),
        due=found.due if found.due in desks.DUES and found.tab != "answered" else "",
        topic_id=topics.get(found.topic),
        kind=found.kind if found.kind in set(Kind) else "",
        typed=found.q,
    )


def _officials(official: str, mine: frozenset[int]) -> frozenset[int] | None:
    if official == MINE:
        return mine
    if official == NOBODY:
        return frozenset({desks.NOBODY})
    return frozenset({int(official)}) if official.isdecimal() and len(official) < 10 and int(official) else None


def _came_from(request: Request) -> str:
    page = urlsplit(request.headers.get("referer", ""))
    return page.query if "/desk" in page.path and page.netloc == request.url.netloc else ""
