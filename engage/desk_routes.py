"""The desks of agencies, as doors."""

from engage.access import Role
from engage.web import (
    absences,
    afterwards,
    clarify,
    colleagues,
    desk,
    editing,
    editor,
    extension,
    handing,
    shares,
    snippets,
)
from engage.web.door import Door, door

AGENCY = Role.AGENCY

DOORS: tuple[Door, ...] = (
    # An agency's desk: another agency's question is missing
    door("GET", "/desk", desk.desk, AGENCY),
    door("GET", "/desk/questions/{id:int}", desk.question, AGENCY),
    door("POST", "/desk/questions/{id:int}/accept", desk.accept, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/give-back", desk.give_back, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/transfer", desk.transfer, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/complexity", desk.complexity, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/extend", extension.extend, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/decline", desk.decline, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/hand", handing.hand, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/take", handing.take, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/take-back", handing.take_back, AGENCY, limit="work"),
    door("POST", "/desk/many", handing.many, AGENCY, limit="work"),
    door("POST", "/desk/many/undo", handing.undo, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/answer", editor.save, AGENCY, limit="work", files=True),
    door("POST", "/desk/questions/{id:int}/here", editing.here, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/approve", editor.approve, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/return", editor.return_, AGENCY, limit="work"),
    # A coordinator's own people
    door("GET", "/desk/people/add", colleagues.add, AGENCY),
    door("POST", "/desk/people/add", colleagues.invite, AGENCY, limit="work"),
    door("GET", "/desk/people/{id:int}", colleagues.show, AGENCY),
    door("POST", "/desk/people/{id:int}", colleagues.change, AGENCY, limit="work"),
    door("POST", "/desk/people/{id:int}/end", colleagues.end, AGENCY, limit="work"),
    # Coordinating agencies: a part is open to who was asked, and to who leads
    door("POST", "/desk/questions/{id:int}/shares", shares.ask, AGENCY, limit="work"),
    door("GET", "/desk/shares/{id:int}", shares.show, AGENCY),
    door("POST", "/desk/shares/{id:int}/give", shares.give, AGENCY, limit="work"),
    door("POST", "/desk/shares/{id:int}/decline", shares.decline, AGENCY, limit="work"),
    door("POST", "/desk/shares/{id:int}/withdraw", shares.withdraw, AGENCY, limit="work"),
    door("POST", "/desk/shares/{id:int}/name", shares.name, AGENCY, limit="work"),
    # Who is away
    door("GET", "/desk/people", absences.listed, AGENCY),
    door("POST", "/desk/people/absences", absences.begin, AGENCY, limit="work"),
    door("POST", "/desk/absences/{id:int}/end", absences.end, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/clarify", clarify.ask, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/correct", afterwards.correct, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/drop", afterwards.drop, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/outdated", afterwards.outdated, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/apart", afterwards.apart, AGENCY, limit="work"),
    door("POST", "/desk/answers/together", afterwards.together, AGENCY, limit="work"),
    door("GET", "/desk/snippets", snippets.listed, AGENCY),
    door("POST", "/desk/snippets", snippets.keep, AGENCY, limit="work"),
)
