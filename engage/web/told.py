"""What an act came to, said on the page it leads to. It stands in the address: reloading tells it again, and does nothing again."""

from collections.abc import Collection, Mapping

from starlette.requests import Request

from engage.web import kit
from engage.web.templates import query

MOST_DIGITS = 6


def telling(path: str, act: str, n: int = 0) -> str:
    """The address of a page that says that this was done, and to how many."""
    return path + ("&" if "?" in path else "?") + query({"done": f"{act}.{n}"}).removeprefix("?")


def said(request: Request, words: Mapping[str, str], fits: Collection[str]) -> str:
    """Nothing but what is stored bears out (`fits`): no address makes a page say what is not so."""
    act, _, typed = request.query_params.get("done", "").partition(".")
    if act not in words or act not in fits:
        return ""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else 0
    return kit.translator(request).say(words[act], n=number)
