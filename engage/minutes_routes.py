"""The doors of a dialogue's minutes and figures, and of what was corrected; part of the table in `routes`."""

from engage.access import Role
from engage.web.dialogues import figures, minutes, minutes_desk, revised
from engage.web.door import Door, door

ANYONE, CREW = Role.ANYONE, Role.CREW

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues/{id:int}/minutes", minutes.show, ANYONE),
    door("GET", "/dialogues/{id:int}/minutes.docx", minutes.word, ANYONE),
    door("GET", "/dialogues/{id:int}/minutes.json", minutes.program, ANYONE),
    door("GET", "/dialogues/{id:int}/figures", figures.show_figures, ANYONE),
    door("GET", "/dialogues/{id:int}/figures.csv", figures.sheet, ANYONE, limit="search"),
    door("GET", "/dialogues/{id:int}/answers/{question:int}/revisions", revised.show, ANYONE),
    door("GET", "/dialogues/{id:int}/minutes/edit", minutes_desk.desk, CREW),
    door("POST", "/dialogues/{id:int}/minutes/draft", minutes_desk.draft, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/minutes/edit", minutes_desk.edit, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/minutes/entries/{question:int}", minutes_desk.edit_entry, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/minutes/send", minutes_desk.send, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/minutes/decision", minutes_desk.decide, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/minutes/publish", minutes_desk.publish, CREW, limit="work"),
)
