"""The doors of sifting what was asked in a dialogue; part of the table in `routes`. Whose desk it is, is asked inside."""

from engage.access import Role
from engage.web.dialogues import clusters, sift
from engage.web.door import Door, door

CREW = Role.CREW

DOORS: tuple[Door, ...] = (
    door("GET", "/dialogues/{id:int}/sift", sift.show, CREW),
    door("GET", "/dialogues/{id:int}/sift/preview", sift.preview, CREW),
    door("POST", "/dialogues/{id:int}/sift", sift.carry_out, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/sift/undo", sift.undo, CREW, limit="work"),
    door("GET", "/dialogues/{id:int}/clusters", clusters.show, CREW),
    door("POST", "/dialogues/{id:int}/clusters", clusters.merge, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/clusters/apart", clusters.take_out, CREW, limit="work"),
    door("POST", "/dialogues/{id:int}/clusters/undo", clusters.undo, CREW, limit="work"),
)
