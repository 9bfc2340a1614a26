"""The doors of a dialogue's desks and of the hall's screen; part of the table in `routes`.

A desk is missing for whoever has no part in its dialogue: that is asked inside, by its row.
"""

from engage.access import Role
from engage.web.dialogues import guest, host, replies, screen, scribe
from engage.web.door import Door, door
from engage.web.review import dialogue as review

ANYONE, CREW, MODERATOR = Role.ANYONE, Role.CREW, Role.MODERATOR

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues/{id:int}/screen", screen.show, ANYONE, limit="screen"),
    door("GET", "/dialogues/{id:int}/host", host.show, CREW),
    door("POST", "/dialogues/{id:int}/host/turn", host.turn, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/hand", host.hand, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/clear", host.clear, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/course", host.course, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/message", host.message, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/timer", host.timer, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/host/switches", host.switches, CREW, limit="work"),
    door("GET", "/dialogues/{id:int}/guest", guest.show, CREW),
    door("POST", "/dialogues/{id:int}/guest/come", guest.come, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/guest/speak", guest.speak, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/guest/reply", guest.judge, CREW, limit="work"),
    door("GET", "/dialogues/{id:int}/scribe", scribe.show, CREW),
    door("POST", "/dialogues/{id:int}/replies/begin", replies.begin, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/replies", replies.write, CREW, limit="work"),
    door("POST", "/review/dialogues/{id:int}/switches", review.switch, MODERATOR, limit="decide"),
)
