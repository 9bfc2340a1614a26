"""What people say in the forum of the demonstration, by the verbs themselves at invented times."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import forum, removals, review, sections
from engage.forum import PostForm, ThreadForm
from engage.people import Kind, Person
from engage.remarks import Remark, Said
from engage.stories import Cast, Past, Row
from engage.surfaces import LEAST_REMARK
from engage.takedowns import HideForm

HOUR = timedelta(hours=1)


class Talk:
    """One thread, from its opening on. Whoever speaks again is the same person."""

    def __init__(self, db: AsyncSession, clock: Past, cast: Cast, people: dict[str, Person]) -> None:
        self.db, self.clock, self.cast, self.people = db, clock, cast, people

    async def tell(self, row: Row) -> None:
        self.clock.move_to(self.clock.present - timedelta(days=row["days_ago"]))
        section = await sections.one(self.db, row["section"])
        form = ThreadForm(title=row["title"], body=row["body"])
        opened = await forum.open_thread(self.db, await self._person(row["name"]), section, form)
        await self._go_on(opened, row)
        for said in row.get("post", ()):
            self.clock.move_to(self.clock.at + HOUR * said.get("after", 5))
            await self._say(opened.place_id, said)
        await self._end(opened.place_id, row)

    async def _say(self, thread_id: int, said: Row) -> None:
        agency_id = self.cast.agencies[said["agency"]] if "agency" in said else None
        form = PostForm(body=said["body"], reply_to=said.get("to"))
        thread = await forum.one(self.db, thread_id)
        made = await forum.reply(self.db, await self._person(said["name"]), thread, form, badge_id=agency_id)
        await self._go_on(made, said)

    async def _go_on(self, made: Remark, said: Mapping[str, Any]) -> None:
        """Let in, as most are; held, where screening finds something; or taken down afterwards."""
        if said.get("held"):
            verdict = await review.examine(self.db, Said.POST, made.text, least=LEAST_REMARK)
            await review.hold(self.db, Said.POST, made.key, verdict)
            return
        await forum.accept(self.db, made)
        if "hidden" in said:
            await removals.hide(self.db, self.cast.moderators[0], made, HideForm(reason=said["hidden"]))

    async def _end(self, thread_id: int, row: Row) -> None:
        moderator, thread = self.cast.moderators[0], await forum.one(self.db, thread_id)
        if row.get("pinned"):
            await forum.pin(self.db, moderator, thread)
        if "closed" in row:
            await forum.close(self.db, moderator, thread, row["closed"])

    async def _person(self, name: str) -> Person:
        if name not in self.people:
            person = Person(kind=Kind.CITIZEN, name=name, created_at=self.clock.at)
            self.db.add(person)
            await self.db.flush()
            self.people[name] = person
        return self.people[name]


async def tell(db: AsyncSession, clock: Past, cast: Cast, rows: list[Row]) -> None:
    talk = Talk(db, clock, cast, {})
    for row in rows:
        await talk.tell(row)
