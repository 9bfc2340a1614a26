"""Comments as tests over HTTP need them: a portal whose readers write by a bearer, and wait until they are let in."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.web.people import COORDINATOR, People
from tests.web.portals import Portal, registered

_numbers = count(1)
COMMENTS = "/embed/comments"


@dataclass
class Article:
    portal: Portal
    external: str

    @property
    def asked(self) -> str:
        return f"?site={self.portal.slug}&article={self.external}"

    @property
    def fragment(self) -> str:
        answer = self.portal.send(COMMENTS + self.asked)
        assert answer.status_code == 200, answer.text
        return answer.text

    def body(self, text: str = "", **more: Any) -> dict[str, Any]:
        said = text or f"Ý kiến thứ {next(_numbers)} về tuyến xe buýt."
        named = {"site": self.portal.slug, "article": self.external, "title": "Xe buýt điện về 14 xã"}
        return named | {"address": f"{self.portal.origin}/{self.external}.html", "body": said} | more

    def write(self, text: str = "", bearer: str = "", **more: Any) -> int:
        answer = self.portal.send(COMMENTS, self.body(text, **more), bearer=bearer or self.portal.bearer())
        assert answer.status_code == 202, answer.text
        return int(answer.json()["id"])

    def written(self, text: str = "", bearer: str = "", **more: Any) -> int:
        """One that readers see."""
        remark_id = self.write(text, bearer, **more)
        site, rows = self.portal.people.site, "select moderation from remark where id = :id"
        site.wait(lambda: site.rows(rows, id=remark_id)[0].moderation == "accepted")
        return remark_id

    @property
    def id(self) -> int:
        named = "select article.id from article join site on site.id = site_id where slug = :slug and external = :id"
        return int(self.portal.people.site.rows(named, slug=self.portal.slug, id=self.external)[0].id)


def article(people: People, portal: Portal | None = None, **values: Any) -> Article:
    return Article(portal or registered(people, **values), f"bai-{next(_numbers)}")


def by_staff(people: People) -> tuple[int, int]:
    """An article, and a comment of the coordinator's under it that readers see."""
    under = article(people)
    root, site = under.written(), people.site
    writer, page = people.staff(COORDINATOR), f"/articles/{under.id}/write?to={root}"
    sent = writer.fill(page, {"body": "Chúng tôi ghi nhận ý kiến này."}, action="/comments")
    remark_id = int(sent.headers["location"].rpartition("/")[2])
    rows = "select moderation from remark where id = :id"
    site.wait(lambda: site.rows(rows, id=remark_id)[0].moderation == "accepted")
    return under.id, remark_id
