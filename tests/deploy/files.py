"""The configuration read as text: which of its locations an address meets."""

import re

from engage.web.door import Door
from tests.deploy.front import SOURCE

ROW = re.compile(r'location (?:(?P<kind>~|\^~|=) )?"?(?P<what>[^"\s]+)"? \{(?P<body>.*?)\n    \}', re.DOTALL)
EXAMPLES = {"int": "17", "noun": "agencies", "path": "css/base.css", "": "a-b"}
PARAMETER = re.compile(r"\{\w+(?::(\w+))?\}")


def text(name: str = "engage.conf") -> str:
    return (SOURCE / name).read_text()


def address(door: Door) -> str:
    """One address of that door."""
    return PARAMETER.sub(lambda found: EXAMPLES[found[1] or ""], door.path)


def location(path: str) -> str:
    """The body of the location that the pages' server chooses, by nginx's rule: ^~, then the first pattern, then the rest."""
    rows = list(ROW.finditer(text().partition("# Pages\n")[2].partition("# Attachments")[0]))
    for kind in ("^~", "~"):
        for row in rows:
            pattern = row["what"].replace("(?<", "(?P<")  # Python's way to write a name
            if row["kind"] == kind and (re.search(pattern, path) if kind == "~" else path.startswith(row["what"])):
                return row["body"]
    return next(row["body"] for row in rows if row["what"] == "/")
