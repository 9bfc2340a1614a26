"""The doors of a dialogue's polls; part of the table in `routes`."""

from engage.access import Role
from engage.web.dialogues import polls
from engage.web.door import Door, door

ANYONE, CREW = Role.ANYONE, Role.CREW

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues/{id:int}/polls/{poll:int}", polls.show, ANYONE),
    door("POST", "/dialogues/{id:int}/polls/{poll:int}/mark", polls.mark, ANYONE, limit="vote"),
)
