"""What portals' pages load of ours, as doors: the script, its styles, the newest answers, a dialogue."""

from engage.access import Role
from engage.web import widgets
from engage.web.door import Door, door

ANYONE = Role.ANYONE

DOORS: tuple[Door, ...] = (
    door("GET", "/widget.js", widgets.script, ANYONE),
    door("GET", "/embed/style.css", widgets.style, ANYONE),
    door("GET", "/embed/answers", widgets.answers, ANYONE, embed=True),
    door("GET", "/embed/dialogue", widgets.dialogue, ANYONE, embed=True),
)
