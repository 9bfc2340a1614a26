"""Nobody has to read code to run the service: each setting is explained where it is defined and in the README."""

import re

from engage.settings import PREFIX, Settings, documented
from tests.house import source


def test_every_setting_is_explained() -> None:
    assert not [name for name, field in Settings.model_fields.items() if len(field.description or "") < 10]


def test_the_readme_lists_every_setting_and_no_other() -> None:
    said = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", source.text(source.CHECKOUT / "README.md")))
    mine = {variable for variable, _, _ in documented()}
    assert mine - said == set(), "not in the README"
    assert {name for name in said - mine if not name.startswith(f"{PREFIX}TEST_")} == set(), "no such setting"
