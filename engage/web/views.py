"""Rows as pages show them: small records with the words already chosen. Asks no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup

from engage import deadlines, questions, timeline
from engage.agencies import Agency, Province, Topic
from engage.answers import Gist
from engage.antivirus import Scan
from engage.assigned import Answered
from engage.attachments import Attachment
from engage.due_changes import DueChange
from engage.lists import Listed
from engage.people import Person
from engage.questions import Question
from engage.staff import Staff
from engage.web import naming, why, words
from engage.web.language import Translator, localized
from engage.web.templates import Choices
from engage.web.words import attaching

GIST = 240
_SHOWN = ("kind", "url", "title", "gist", "stage", "asked_at", "answered_at", "votes", "is_outdated", "newer")
NO_TITLES: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Stage:
    code: str
    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Everything a question's ids stand for, and what of it a reader may choose."""

    agencies: Mapping[int | None, Agency]
    topics: Mapping[int | None, Topic]
    provinces: Mapping[int | None, Province]
    choices: Mapping[str, Choices]

    @classmethod
    def of(cls, agencies: Sequence[Agency], topics: Sequence[Topic], provinces: Sequence[Province]) -> "Directory":
        answering = [row for row in agencies if row.may_answer]
        return cls(
            {row.id: row for row in agencies},
            {row.id: row for row in topics},
            {row.id: row for row in provinces},
            {
                "topics": Choices(row for row in topics if row.active),
                "agencies": Choices(answering),
                "provinces": Choices(row for row in provinces if row.active),
            },
        )


@dataclass(frozen=True, slots=True)
class View:
    """One language's way of showing rows."""

    translator: Translator
    directory: Directory

    def about(self, kind: str) -> "View":
        """What it says of a question, of this kind of text."""
        return replace(self, translator=naming.about(self.translator, kind))

    def stage(self, code: str) -> Stage:
        said, tone, icon = words.STAGES[code]
        return Stage(code, self.translator.say(said), tone, icon)

    def kind(self, text: Any) -> dict[str, Any]:
        """What it is, and whether readers are kept from it: of the row, or of those two columns."""
        said = self.translator.say(words.contributing.KINDS[text.kind])
        return {"kind": text.kind, "kind_words": said, "is_restricted": text.restricted}

    def standing(self, code: str) -> Stage:
        """Of a campaign."""
        said, tone, icon = words.contributing.STANDINGS[code]
        return Stage(code, self.translator.say(said), tone, icon)

    def line(
        self, question: Listed, given: Gist | None, votes: int = 0, newer: Mapping[int, str] = NO_TITLES
    ) -> dict[str, Any]:
        """A question in a list; `given` is its published answer, if it has one, `newer` the titles of what replaced answers."""
        shown: dict[str, Any] = {
            "kind": question.kind if question.kind != questions.Kind.QUESTION else "",
            "kind_words": self.translator.say(words.contributing.KINDS[question.kind]),
            "is_restricted": False,  # else it would be in no list
            "url": localized(questions.page_of(question.kind, question.id), self.translator.language),
            "title": question.title,
            "gist": given.short if given else _cut(question.body),
            "agency": self.directory.agencies.get(question.agency_id),
            "topic": self.directory.topics.get(question.topic_id),
            "province": self.directory.provinces.get(question.province_id),
            "stage": self.stage(questions.stage(question)),
            "asked_at": question.created_at,
            "answered_at": question.published_at,  # by an agency, or in a dialogue
            "id": question.id,
            "votes": votes,
            "is_outdated": bool(given and given.is_outdated),
            "newer": self._newer(given, newer) if given and given.is_outdated else None,
        }
        # Rows are named by the directory they are from: a changed directory is another one.
        key = *(shown[name] for name in _SHOWN), question.agency_id, question.province_id, self.directory
        return {**shown, "key": key}

    def _newer(self, given: Gist, titles: Mapping[int, str]) -> tuple[str, str] | None:
        """Address and title of what replaced an answer, where readers may see it."""
        title = titles.get(given.newer_question_id or 0)
        return (localized(f"/questions/{given.newer_question_id}", self.translator.language), title) if title else None

    def question(self, question: Question, author: Person | None, *, for_desk: bool = False) -> dict[str, Any]:
        """A question on its page. Readers get no name where the asker wished so; desks always do."""
        province = self.directory.provinces.get(question.province_id)
        return {
            "id": question.id,
            **self.kind(question),
            "title": question.title,
            "body": Markup(question.body_html) if question.body_html else paragraphs(question.body),  # noqa: S704 sanitised when stored
            "asker": self._asker(question, author, for_desk),
            "place": self.translator.named(province) if province else question.country or "",
            "asked_at": question.created_at,
            "topic": self.directory.topics.get(question.topic_id),
            "agency": self.directory.agencies.get(question.agency_id),
            "agency_wish": self.directory.agencies.get(question.wished_agency_id),
            "province": province,
            "stage": self.stage(questions.stage(question)),
            "no_marks": not question.has_marks,
            "due": None,
            "original": None,
        }

    def file(self, row: Attachment) -> dict[str, Any]:
        """An attachment in a list. Its address leads on to the other origin, where there is one."""
        code = row.state if row.scan == Scan.CLEAN else row.scan
        said, tone, icon = attaching.FILE_STATES[code]
        is_large = row.size >= 1024 * 1024
        size = round(row.size / (1024 * 1024), 1) if is_large else max(row.size // 1024, 1)
        return {
            "key": row.key,
            "url": localized(f"/attachments/{row.key}", self.translator.language),
            "name": row.name,
            "about": row.about,
            "size": f"{row.kind.upper()}, {format_decimal(size, locale=self.translator.language)} {'MB' if is_large else 'KB'}",
            "state": Stage(code, self.translator.say(said), tone, icon),
            "is_open": row.is_open,
            "is_picture": row.is_picture,
            "kind": row.kind,
            "is_decided": row.decided_at is not None,
            "note": row.note,
        }

    def steps(self, steps: Sequence[timeline.Step]) -> list[dict[str, Any]]:
        return [
            {
                "words": self._step(step),
                "at": step.at,
                "note": step.note or self.reasons(step.why, step.figures.get("agency")),
                "kind": step.kind,
            }
            for step in steps
        ]

    def due(
        self, due: deadlines.Due | None, *, clock: str = why.ANSWER, changes: Sequence[DueChange] = ()
    ) -> dict[str, Any] | None:
        if due is None:
            return None
        said = why.sentences(self.translator, due, clock, changes, self.directory.agencies)
        stands = {"on": due.on, "days_left": due.days_left, "overdue": due.overdue, "paused": due.paused}
        return {**stands, "why": said}

    def reasons(self, reasons: Sequence[Any], agency: Agency | None) -> str:
        """Why an agency: one sentence out of the two strongest of (code, figures) pairs."""
        found = dict(reasons)
        if not found or agency is None:
            return ""
        if [*found] == ["route_words"]:
            found["route_remit"] = {}
        if len(found) > 1:  # what was answered before only supports what something else says
            found.pop("route_before", None)
        named = self.translator.named(agency)
        said = [
            self.translator.say(words.ROUTES[code], **self._figures({**found[code], "agency": named}))
            for code in words.ROUTES
            if code in found
        ]
        if not said:
            return ""
        if len(said) == 1:
            return self.translator.say(words.ROUTED[0], first=said[0])
        return self.translator.say(words.ROUTED[1], first=said[0], second=said[1])

    def posts(self, member: Staff) -> str:
        """What a staff member does, and where."""
        person = member.person
        roles = [("moderator", person.is_moderator), ("administrator", person.is_administrator)]
        said = [self.translator.say(words.POSTS[role]) for role, has in roles if has]
        for agency_id, posts in member.posts.items():
            held = ", ".join(self.translator.say(words.POSTS[post]) for post in sorted(posts))
            said.append(f"{held}, {self.translator.named(self.directory.agencies[agency_id])}")
        return "; ".join(said)

    def waited(self, since: datetime, now: datetime) -> str:
        minutes = max(int((now - since).total_seconds() // 60), 0)
        if minutes == 0:
            return self.translator.say(words.WAITED_NOT)
        if minutes < 60:
            return self.translator.say(words.WAITED_MINUTES, n=minutes)
        if minutes < 48 * 60:
            return self.translator.say(words.WAITED_HOURS, n=minutes // 60)
        return self.translator.say(words.WAITED_DAYS, n=minutes // 1440)

    def _asker(self, question: Question, author: Person | None, for_desk: bool) -> str:
        name = author.name if author else ""
        if not question.anonymous:
            return name
        said = words.ANONYMOUS_TO_READERS if for_desk else words.ANONYMOUS
        return self.translator.say(said, name=name) if for_desk else self.translator.say(said)

    def _step(self, step: timeline.Step) -> str:
        figures = {name: self.translator.named(row) for name, row in step.figures.items()}
        return self.translator.say(words.STEPS[step.code], **figures)

    def _figures(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        topic = figures.get("topic_en") if self.translator.language == "en" else figures.get("topic")
        return {**figures, "topic": topic}


def desk_stage(question: Question) -> str:
    """The step as a desk sees it, finer than the citizen's stage."""
    if question.answer in {Answered.DRAFTING, Answered.IN_APPROVAL}:
        return question.answer
    if question.again_due_at is not None:
        return "in_approval" if question.approve_due_at else "again"
    stage = questions.stage(question)
    return "offered" if stage is questions.Stage.SENT else stage


def paragraphs(text: str) -> Markup:
    """Plain text as it was written, before anybody has accepted it."""
    blocks = [Markup("<br>").join(block.split("\n")) for block in text.split("\n\n") if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in blocks)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= GIST else flat[:GIST].rsplit(" ", 1)[0] + "…"
