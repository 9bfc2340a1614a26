"""The script on portals' pages stays small, and its modules fit into one file."""

import gzip
import re
from collections import Counter

from engage.web import portable, widgets
from engage.web.templates import Templates, folder

MOST = 12 * 1024
DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
TEMPLATES = Templates(folder())


def test_the_script_has_at_most_12_kilobytes() -> None:
    assert len(gzip.compress(widgets.written(TEMPLATES).encode())) <= MOST


def test_its_modules_name_nothing_twice() -> None:
    """They become one."""
    names = Counter(DECLARED.findall(widgets.written(TEMPLATES)))
    assert not [name for name, times in names.items() if times > 1]


def test_every_module_is_in_it() -> None:
    files = {path.removeprefix("js/widget/") for path in TEMPLATES.assets if path.startswith("js/widget/")}
    assert files == {f"{name}.js" for name in portable.SCRIPTS}
