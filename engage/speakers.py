"""Who answers in the dialogue that is played: guests, who speak or write, and the scribes who type what they say."""

import html
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle

from engage.audience import TOLD, Tell
from engage.browsing import Away, Form, Page, Person, TurnedDown

TEXT = re.compile(r'<textarea id="text"[^>]*>\n?(.*?)</textarea>', re.DOTALL)

Beat = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Draft:
    """Who types, where, and what is stored so far."""

    writer: Person
    form: Form
    text: str


class Speakers:
    def __init__(self, base: str, guests: Sequence[Person], scribes: Sequence[Person], tell: Tell, beat: Beat) -> None:
        self._base, self._guests, self._tell, self._beat = base, guests, tell, beat
        self.answers = 0
        self._draft: Draft | None = None
        self._scribes, self._typed = cycle(scribes), cycle(TOLD["answer"])
        self._alone = cycle((False, False, True))

    async def answer(self, question: str, guest: str) -> None:
        """What is on stage. Every third time the guest writes alone; else they speak and a scribe types it."""
        found = await self._speaker(question, guest)
        if found is None:
            return
        person, form = found
        if next(self._alone):
            await self._type(person, "guest", question, guest)
            return
        await person.send(form)
        self._tell("speaks")
        await self._beat()
        if await self._type(next(self._scribes), "scribe", question, guest):
            await self._beat()
            await self._release()

    def cross(self) -> None:
        """Somebody else was faster: what was being typed is not ours any more."""
        self._draft = None

    async def leave(self) -> None:
        """No draft stays locked."""
        if self._draft is not None:
            with suppress(TurnedDown, Away):
                await self._draft.writer.send(self._draft.form, act="free", text=self._draft.text)

    async def _speaker(self, question: str, guest: str) -> tuple[Person, Form] | None:
        """Which person that guest is, with the button for what they say aloud."""
        for person in self._guests:
            for form in (await self._desk(person, "guest")).forms("/guest/speak"):
                if (form.hidden["question"], form.hidden["guest"]) == (question, guest):
                    return person, form
        return None

    async def _type(self, writer: Person, desk: str, question: str, guest: str) -> bool:
        """Whether there is something to look at; False: somebody else is typing."""
        address, parts = f"{desk}?question={question}&guest={guest}", next(self._typed)["parts"]
        begin = (await self._desk(writer, address)).forms("/replies/begin")
        this = [one for one in begin if (one.hidden["question"], one.hidden["guest"]) == (question, guest)]
        if any("take" in form.hidden for form in this):
            self._tell("held")
            return False
        for form in this[:1]:
            await writer.send(form)
        for form in (await self._desk(writer, address)).forms("/replies"):  # none where it waits for the guest already
            await self._write(
                Draft(writer, form, _typed(form)), parts, last="release" if desk == "guest" else "hand_up"
            )
        return True

    async def _write(self, draft: Draft, parts: Sequence[str], *, last: str) -> None:
        """In some pieces, each saved as the page does by itself; then handed up, or by a guest let out."""
        self._draft = draft
        self._tell("typing" if last == "hand_up" else "typing_alone")
        for so_far in range(1, len(parts) + 1):
            await self._beat()
            text = "".join(parts[:so_far])
            saved = await draft.writer.send(draft.form, act="autosave", text=text)
            draft.form.hidden["version"], draft.text = str(saved.json["version"]), text
        await draft.writer.send(draft.form, act=last, text=draft.text)
        self._draft = None
        if last == "release":
            self._released()
        else:
            self._tell("handed_up")

    async def _release(self) -> None:
        """Every guest looks at their desk, and lets out what waits there for the first time."""
        for guest in self._guests:
            waiting = (await self._desk(guest, "guest")).forms("/guest/reply")
            for form in [one for one in waiting if "reason" not in one.names]:
                await guest.send(form, act="release")
                self._released()

    def _released(self) -> None:
        self.answers += 1
        self._tell("released")

    async def _desk(self, person: Person, name: str) -> Page:
        return await person.read(f"{self._base}/{name}")


def _typed(form: Form) -> str:
    found = TEXT.search(form.text)
    return html.unescape(found[1]) if found else ""
