"""The doors of a dialogue's polls; part of the table in `routes`."""

from engage.access import Role
from engage.web.dialogues import polls, polls_desk
from engage.web.door import Door, door

ANYONE, CREW = Role.ANYONE, Role.CREW

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues/{id:int}/polls/{poll:int}", polls.show, ANYONE),
    door("POST", "/dialogues/{id:int}/polls/{poll:int}/mark", polls.mark, ANYONE, limit="vote"),
    door("POST", "/dialogues/{id:int}/host/polls", polls_desk.write, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/polls/act", polls_desk.act, CREW, limit="work"),
)
