"""The minutes as blocks, in one language: what the page and the DOCX both say. Asks no database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engage import markup, paper
from engage.figures import Figures
from engage.marking import Result
from engage.paper import Block, Heading, Paragraph, Run, Table, line
from engage.proceedings import Item, Proceedings, Said
from engage.web.language import localized
from engage.web.templates import clock, day, local, moment, number
from engage.web.views import View
from engage.web.words import minuting

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Minuted:
    """`address` makes a whole address of a path: what is printed or sent on leads back here."""

    view: View
    address: Address

    def say(self, said: str, /, **figures: Any) -> str:
        return self.view.translator.say(minuting.MINUTES[said], **figures)

    def link(self, path: str) -> str:
        return self.address(localized(path, self.view.translator.language))

    def blocks(self, held: Proceedings) -> list[Block]:
        return [
            *self._head(held),
            *paper.parsed(markup.rendered(held.minutes.opening)),
            *self._course(held),
            *(block for group, items in held.groups for block in self._group(group, items, held.dialogue.key)),
            *self._later(held),
            *self._results(held.results),
            *self._figures(held.figures),
            *paper.parsed(markup.rendered(held.minutes.closing)),
            *self._signature(held),
        ]

    def _head(self, held: Proceedings) -> Iterator[Block]:
        dialogue = held.dialogue
        start, end = dialogue.started_at or dialogue.starts_at, dialogue.ended_at or dialogue.ends_at
        yield Heading(self.say("title", title=dialogue.title), 1)
        yield line(self.say("time", start=moment(start), end=moment(end)), "meta")
        if dialogue.place:
            yield line(self.say("place", place=dialogue.place), "meta")
        if held.hosts:
            yield line(self.say("host", names=", ".join(held.hosts)), "meta")
        if held.is_corrected:
            yield line(self.say("corrected"), "note", bold=True)
        yield Heading(self.say("guests"))
        for guest in held.guests:
            yield line(self.say("guest", name=guest.name, title=guest.title), "bullet")

    def _course(self, held: Proceedings) -> Iterator[Block]:
        steps = [step for step in held.steps if step.fact in minuting.HAPPENED]
        if steps:
            yield Heading(self.say("course"))
        for step in steps:
            words = self.view.translator.say(minuting.HAPPENED[step.fact])
            if step.reason:
                why = self.view.translator.say(minuting.WHY, at=moment(step.at), words=words, reason=step.reason)
                yield line(why, "bullet")
            else:
                yield line(f"{moment(step.at)}: {words}", "bullet")

    def _group(self, group: Any, items: Sequence[Item], dialogue_id: int) -> Iterator[Block]:
        yield Heading(group.name if group else self.say("no_group"))
        for item in items:
            yield from self._item(item, dialogue_id)

    def _item(self, item: Item, dialogue_id: int) -> Iterator[Block]:
        question = self.view.question(item.question, item.author)
        yield Heading(self.say("question", n=item.number, title=item.title), 3, f"q{item.question.key}")
        figures = {"who": question["asker"], "at": moment(item.question.created_at), "place": question["place"]}
        asked = self.say("asked_from" if question["place"] else "asked", **figures)
        votes = f". {self.say('votes', n=item.votes)}" if item.votes else ""
        yield line(asked + votes, "meta")
        yield from paper.parsed(str(question["body"]), "quote")
        for said in item.said:
            yield from self._said(said, f"/dialogues/{dialogue_id}/answers/{item.question.key}")
        path = f"/dialogues/{dialogue_id}/answers/{item.question.key}"
        yield Paragraph((Run(self.say("permalink") + ": "), Run(self.link(path), href=self.link(path))), "meta")

    def _said(self, said: Said, path: str) -> Iterator[Block]:
        yield line(self.say("guest", name=said.guest.name, title=said.guest.title), "answer", bold=True)
        yield from paper.parsed(said.reply.html, "answer")
        if said.reply.released_at:
            yield line(self.say("answered", at=moment(said.reply.released_at)), "meta")
        for one in said.corrections:
            at = f"{clock(one.at)} {local(one.at):%d/%m}"
            yield line(self.say("correction", at=at, reason=one.reason), "note")
        if said.corrections:
            versions = Run(self.say("versions"), href=self.link(f"{path}/revisions#reply-{said.reply.key}"))
            yield Paragraph((versions,), "note")

    def _later(self, held: Proceedings) -> Iterator[Block]:
        if held.later:
            yield Heading(self.say("later"))
        for question in held.later:
            agency = self.view.translator.named(self.view.directory.agencies.get(question.agency_id))
            by = self.say("later_by", agency=agency, at=day(question.published_at or question.created_at))
            href = self.link(f"/questions/{question.key}")
            yield Paragraph((Run(question.title, href=href), Run(f". {by}")), "bullet")

    def _results(self, results: Sequence[Result]) -> Iterator[Block]:
        if results:
            yield Heading(self.say("polls"))
        for result in results:
            words = (
                self.say("poll_of", words=result.poll.words, n=result.voters) if result.counted else result.poll.words
            )
            if result.counted:
                rows = [(choice, number(times, self.view.translator.language)) for choice, times in result.counted]
                yield Table(words, (self.say("poll_choice"), self.say("poll_times")), rows)
            else:
                yield line(f"{words}: {self.say('poll_few')}")

    def _figures(self, figures: Figures) -> Iterator[Block]:
        yield Heading(self.say("figures"))
        language = self.view.translator.language
        rows = [(words, number(times, language)) for words, times in self.told(figures)]
        yield Table(self.say("figures"), (self.say("figure"), self.say("number")), rows)

    def told(self, figures: Figures) -> Iterator[tuple[str, int]]:
        """Each figure that is known: its words, its number."""
        known = {name: getattr(figures, name, None) for name in minuting.FIGURES}
        known["median"] = figures.median_time // timedelta(minutes=1) if figures.median_time is not None else None
        known["peak"] = figures.peak or None
        for name, times in known.items():
            if times is not None:
                yield self.view.translator.say(minuting.FIGURES[name]), times

    def _signature(self, held: Proceedings) -> Iterator[Block]:
        if held.minutes.approved_at:
            yield line(self.say("approved", at=day(held.minutes.approved_at)), "sign")
            yield line(self.say("board"), "sign", bold=True)
