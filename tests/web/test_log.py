"""Promises of the log to whoever runs it: every fact of a channel as a line; a new epoch, a trimmed tail, and readers go on."""

import json
import subprocess
from typing import Any

import pytest

from live import wire
from tests.site import Site
from tests.web.people import People


def exported(site: Site, channel: str, *more: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *facts = [json.loads(line) for line in site.command("log", "export", channel, *more).splitlines()]
    return head, facts


def test_a_channel_is_exported_whole_and_in_order(site: Site, people: People) -> None:
    asked = people.answered()
    head, facts = exported(site, f"question:{asked.id}")
    assert (head["channel"], head["kept_from"], head["top"]) == (f"question:{asked.id}", 1, len(facts))
    assert [fact["number"] for fact in facts] == list(range(1, len(facts) + 1))
    assert (facts[0]["type"], facts[0]["ids"]) == ("question.received", {"question": asked.id})
    assert set(facts[0]) == {"number", "type", "ids", "revision", "at"}
    _, tail = exported(site, f"question:{asked.id}", "--after", "2")
    assert tail == facts[2:]
    assert exported(site, f"question:{asked.id}", "--after", str(len(facts)))[1] == []


def test_pages_follow_each_other_without_a_seam(site: Site) -> None:
    head, facts = exported(site, "questions")
    assert [fact["number"] for fact in facts] == list(range(1, head["top"] + 1))


def test_a_channel_that_never_was_is_refused_in_words(site: Site) -> None:
    with pytest.raises(AssertionError, match="No fact was ever recorded on channel 'question:0'"):
        site.command("log", "export", "question:0")


def test_asking_beyond_the_newest_fact_is_refused_in_words(site: Site, people: People) -> None:
    channel = f"question:{people.accepted().id}"
    top = exported(site, channel)[0]["top"]
    with pytest.raises(AssertionError, match=f"has number {top}: nothing follows {top + 1}"):
        site.command("log", "export", channel, "--after", str(top + 1))


def test_what_was_trimmed_is_fetched_anew_and_then_it_goes_on(site: Site, people: People) -> None:
    asked = people.accepted()
    reader, room = asked.visitor, f"/live/mine/{asked.id}/events"
    reader.get("/track/question")
    at = reader.get(room).json()
    [(person_id,)] = site.rows("select author_id from question where id = :id", id=asked.id)
    site.write("delete from live_event where channel = :channel", channel=f"person:{person_id}")
    snap = reader.get(f"{room}?epoch={at['epoch']}&after=0").json()
    assert (snap["k"], snap["n"]) == ("snap", at["top"])
    assert reader.fill("/track/question/data", {"email": "hoa.moi@thu.example"}, action="/contact").is_redirect
    after = f"?epoch={snap['epoch']}&after={snap['n']}"
    [fact] = site.wait(lambda: reader.get(room + after).json()["facts"])
    assert (fact["n"], fact["type"]) == (at["top"] + 1, "person.changed")
    head, facts = exported(site, f"person:{person_id}")
    assert (head["kept_from"], [one["number"] for one in facts]) == (fact["n"], [fact["n"]])


def test_a_new_epoch_sends_every_reader_to_a_fresh_start_and_then_it_goes_on(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    path = f"/live/question/{asked.id}"
    with reader.stream("GET", f"{path}/stream", timeout=20) as stream:
        messages = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        hello = next(messages)
        said = site.command("log", "new-epoch", "--yes")
        bye = next(message for message in messages if message["k"] == "bye")
    assert bye["code"] == wire.RESTART
    old = f"?epoch={hello['epoch']}&after={hello['top']}"
    with reader.stream("GET", f"{path}/stream{old}") as stream:
        messages = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        again, snap = next(messages), next(messages)
    assert again["epoch"] != hello["epoch"]
    assert again["epoch"] in said
    assert (snap["k"], snap["epoch"], snap["n"]) == ("snap", again["epoch"], hello["top"])
    assert reader.get(f"{path}/events?epoch={snap['epoch']}&after={snap['n']}").json()["facts"] == []


def test_a_new_epoch_is_asked_about_first(site: Site) -> None:
    before = exported(site, "questions")[0]["epoch"]
    with pytest.raises((AssertionError, subprocess.TimeoutExpired), match="Go on"):
        site.command("log", "new-epoch")
    assert exported(site, "questions")[0]["epoch"] == before
