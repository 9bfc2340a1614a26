"""What came with a form beside its words: files, what each shows, and which to take out again. Knows no store."""

import re
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile

from engage.ask import one_line

FILES, DRAFT, ABOUT, REMOVE = "files", "draft", "about-", "remove"
MOST_FILES = 20  # read at all; how many may be attached is said in words
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
_UNREADABLE = re.compile("[\0\ufffd\ud800-\udfff]")


@dataclass(slots=True)
class Enclosed:
    """`draft` names the form across its way back and forth: browsers cannot be given files back, so we keep them under it."""

    draft: str = ""
    files: list[UploadFile] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    remove: str = ""
    lost: bool = False  # chosen, but not kept, because nothing of the form was

    async def close(self) -> None:
        for file in self.files:
            await file.close()


def new_draft() -> str:
    return secrets.token_urlsafe(18)


def split(body: FormData) -> tuple[Enclosed, FormData]:
    """The files' fields, and the rest of the form."""
    enclosed = Enclosed()
    rest: list[tuple[str, str | UploadFile]] = []
    for name, value in body.multi_items():
        if isinstance(value, UploadFile):
            if name != FILES:
                rest.append((name, value))
            elif value.filename:  # else the field was left empty
                enclosed.files.append(value)
        elif name == DRAFT:
            enclosed.draft = value if _TOKEN.fullmatch(value) else ""
        elif name == REMOVE:
            enclosed.remove = value
        elif name.startswith(ABOUT):
            enclosed.about[name.removeprefix(ABOUT)] = str(one_line(_UNREADABLE.sub("", value[:2_000])))
        elif name != FILES:
            rest.append((name, value))
    return enclosed, FormData(rest)
