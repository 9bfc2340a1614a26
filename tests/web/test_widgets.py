"""What portals' pages load of ours: the script, its styles, the newest answers, a dialogue."""

import re

import pytest

from tests.site import Site
from tests.web.people import AGENCY, People
from tests.web.portals import Portal, registered


@pytest.fixture(scope="module")
def portal(people: People) -> Portal:
    return registered(people)


@pytest.mark.parametrize("path", ["/widget.js", "/embed/style.css"])
def test_any_page_may_load_the_script_and_its_styles(site: Site, path: str) -> None:
    reader = site.visitor()
    first = reader.get(path, headers={"origin": "https://bat-ky.example"})
    assert first.status_code == 200
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in first.headers
    again = reader.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_styles_stay_below_their_root_and_hang_on_no_size_of_the_page(site: Site) -> None:
    text = site.visitor().get("/embed/style.css").text
    assert text.startswith("@layer engage {")
    assert text.count("{") == text.count("}")
    for foreign in (":root", "rem;", "@font-face", "@page", "body", "html", "url("):
        assert not re.search(rf"(?<![\w-]){re.escape(foreign)}", text), foreign


def test_the_newest_answers_come_as_a_fragment_with_whole_addresses(portal: Portal, site: Site) -> None:
    shown = portal.send(f"/embed/answers?site={portal.slug}&agency={AGENCY}&most=3")
    assert shown.status_code == 200
    assert shown.headers["access-control-allow-origin"] == portal.origin
    assert shown.headers["cache-control"] == "public, max-age=15"
    assert shown.text.startswith('<section class="engage')
    assert shown.text.count("<li id=") == 3
    assert not re.search(r'(?:href|src|action)="/(?!/)', shown.text)
    assert f'href="{site.url}/questions/' in shown.text
    assert 'href="#i-seal"' in shown.text
    assert '<symbol id="i-seal"' in shown.text
    again = portal.send(
        f"/embed/answers?site={portal.slug}&agency={AGENCY}&most=3", **{"if-none-match": shown.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.headers["access-control-allow-origin"] == portal.origin


def test_fragments_speak_english_where_asked(portal: Portal) -> None:
    for door in ("/embed/answers?lang=en", "/en/embed/answers"):
        assert "/en/questions/ask" in portal.send(door).text


def test_nothing_is_shown_of_what_is_not_known_or_to_whom_is_not_registered(portal: Portal) -> None:
    for door in (
        "/embed/answers?topic=khong-co",
        "/embed/answers?agency=khong-co",
        "/embed/dialogue?dialogue=99999",
        "/embed/dialogue?dialogue=x",
    ):
        assert portal.send(door).status_code == 404
    assert portal.send("/embed/answers", origin="https://la.example").status_code == 403


def test_the_dialogue_on_air_or_the_next_comes_with_its_room(portal: Portal) -> None:
    shown = portal.send(f"/embed/dialogue?site={portal.slug}")
    assert shown.status_code == 200
    assert re.search(r'data-room="dialogue/\d+" data-epoch="\w+" data-at="\d+"', shown.text)


def test_a_portals_server_may_put_a_fragment_into_its_page(site: Site) -> None:
    """It names no origin, and sends no cookie."""
    assert site.visitor().get("/embed/answers").status_code == 200
