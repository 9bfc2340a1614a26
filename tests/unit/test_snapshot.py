"""Promises of the pages for the day everything is down: only what the public sees, in plain files that lead to each other."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import snapshots
from engage.app import create_app
from engage.errors import NotFound
from engage.questions import Question
from engage.settings import Settings
from engage.web import snapshot
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
LINK = re.compile(r'(?:href|src)="([^"]*)"')


async def taken(town: Town) -> dict[str, str]:
    url = town.store.engine.url.render_as_string(hide_password=False)
    files = await snapshot.files(create_app(Settings(database_url=url)), 10)
    return {name: body.decode() for name, body in files.items() if name.endswith(".html")} | {
        name: "" for name in files if not name.endswith(".html")
    }


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "A_PAGE", 1)


async def test_it_shows_answers_and_rules_in_both_languages(town: Town) -> None:
    one, two = await town.answered(), await town.answered()
    files = await taken(town)
    pages = {name for name in files if name.endswith(".html")}
    bare = {"questions.html", "questions/page-2.html", f"questions/{one}.html", f"questions/{two}.html", "rules.html"}
    assert pages == {"index.html", "en.html", *bare, *(f"en/{name}" for name in bare)}
    for page in (files["index.html"], files[f"questions/{one}.html"], files["rules.html"]):
        assert "Bản lưu lúc" in page
        assert "Hệ thống đang tạm ngừng, chưa nhận câu hỏi." in page
    assert "Được rút sau 12 tháng nghỉ việc" in files[f"questions/{one}.html"]
    assert "stopped for now" in files["en.html"]


async def test_what_the_public_does_not_see_is_in_no_file(town: Town) -> None:
    answered, sealed, (held, _) = await town.answered(), await town.answered(), await town.held(title="Câu còn giữ lại")
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == sealed).values(sealed=True, title="Câu niêm phong"))
    files = await taken(town)
    assert f"questions/{answered}.html" in files
    assert not {f"questions/{hidden}.html" for hidden in (held, sealed)} & files.keys()
    everything = "".join(files.values())
    assert not [secret for secret in ("Câu còn giữ lại", "Câu niêm phong", "hoa@thu.example") if secret in everything]


async def test_every_link_leads_to_a_file_and_nothing_asks_the_service(town: Town) -> None:
    await town.answered()
    await town.answered()
    files = await taken(town)
    for name, page in files.items():
        for what in ("<script", "<form", "<button", "<iframe", " style=", "hx-"):
            assert what not in page, f"{what} in {name}"
        for link in LINK.findall(page):
            target, _ = urldefrag(unquote(link))
            if not target or target.startswith(("https://", "http://")):
                continue
            there = (Path("/") / Path(name).parent / target).resolve().relative_to("/")
            assert str(there) in files, f"{name} leads to {link}"


async def test_what_is_taken_down_while_it_is_written_leads_to_the_first_page(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, _ = await town.answered(), await town.answered()

    async def missing(_db: object, _who: object, question_id: int) -> object:
        if question_id == gone:
            raise NotFound()
        return await town.question(question_id)

    monkeypatch.setattr(snapshot.questions, "seen_by", missing)
    files = await taken(town)
    assert f"questions/{gone}.html" not in files
    assert f"{gone}.html" not in files["questions.html"]


def test_it_is_replaced_as_a_whole_and_nothing_else_ever_is(tmp_path: Path) -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    folder = tmp_path / "srv" / "snapshot"
    snapshots.put(folder, {"index.html": b"old", "questions/1.html": b"old"}, at)
    snapshots.put(folder, {"index.html": b"new"}, at)
    assert {path.name for path in folder.iterdir()} == {"index.html", "snapshot.json"}
    assert (folder / "index.html").read_bytes() == b"new"
    assert folder.stat().st_mode & 0o777 == 0o755, "nginx runs as somebody else"
    assert [path.name for path in folder.parent.iterdir()] == ["snapshot"]
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").touch()
    with pytest.raises(snapshots.Foreign):
        snapshots.put(tmp_path / "papers", {"index.html": b"new"}, at)
    assert [path.name for path in (tmp_path / "papers").iterdir()] == ["letter.txt"]
