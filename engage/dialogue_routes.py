"""The doors of dialogues as they are announced, and of their editors; part of the table in `routes`."""

from engage.access import Role
from engage.web.dialogues import (
    announcement,
    answers,
    ask,
    covers,
    edit,
    lines,
    listing,
    people,
    questions,
    rehearsing,
    remind,
    steps,
)
from engage.web.dialogues import mine as desks
from engage.web.dialogues import show as dialogue
from engage.web.door import Door, door

ANYONE, CREW = Role.ANYONE, Role.CREW

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues", listing.listed, ANYONE),
    door("GET", "/dialogues/{id:int}", dialogue.show, ANYONE),
    door("GET", "/dialogues/{id:int}/calendar.ics", announcement.calendar, ANYONE),
    door("GET", "/dialogues/{id:int}/cover", covers.show, ANYONE),
    door("GET", "/dialogues/{id:int}/ask", ask.show, ANYONE),
    door("POST", "/dialogues/{id:int}/ask", ask.send, ANYONE, limit="ask"),
    door("GET", "/dialogues/{id:int}/questions", questions.show, ANYONE, limit="search"),
    door("GET", "/dialogues/{id:int}/questions/near", ask.near, ANYONE, limit="search"),
    door("GET", "/dialogues/{id:int}/follow", remind.form, ANYONE),
    door("POST", "/dialogues/{id:int}/follow", remind.follow, ANYONE, limit="follow"),
    door("GET", "/dialogues/{id:int}/answers/{question:int}", answers.show, ANYONE),
    door("GET", "/dialogues/{id:int}/events", lines.events, ANYONE, embed=True),
    door("GET", "/dialogues/{id:int}/stream", lines.listen, ANYONE, limit="listen", embed=True),
    door("GET", "/dialogues/{id:int}/snapshot.json", lines.snapshot, ANYONE, embed=True),
    door("GET", "/series/{slug}", listing.series, ANYONE),
    # A dialogue's editors: who may not see it finds nothing, who has another part in it is told no
    door("GET", "/dialogues/mine", desks.mine, CREW),
    door("GET", "/dialogues/new", edit.new, CREW),
    door("POST", "/dialogues/new", edit.begin, CREW, limit="work", sheet=True),
    door("GET", "/dialogues/{id:int}/edit", edit.show, CREW),
    door("POST", "/dialogues/{id:int}/edit", edit.save, CREW, limit="work", sheet=True),
    door("POST", "/dialogues/{id:int}/cover", covers.save, CREW, limit="work", files=True),
    door("POST", "/dialogues/{id:int}/guests", people.guest, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/groups", people.groups, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/group", people.group, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/crew", people.crew, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/crew/end", people.let_go, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/rehearse", rehearsing.begin, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/wipe", rehearsing.wipe, CREW, limit="work"),
    door("GET", "/dialogues/{id:int}/step/{step}", steps.ask, CREW),
    door("POST", "/dialogues/{id:int}/step/{step}", steps.take, CREW, limit="work"),
)
