"""What nginx lets in, turns away, and keeps to itself."""

from tests.deploy.behind import Behind
from tests.web.people import People

def test_pages_are_served(behind: Behind, people: People) -> None:
    v = behind.visitor()
    a = v.get("/")
    print(a.status_code, a.http_version, dict(a.headers), len(a.content))
    asked = people.accepted()
    print(asked.page, v.get(asked.page).status_code)
    print(behind.front.logs[-3000:])
    print(behind.log("serve-1")[-3000:])
    assert 0
