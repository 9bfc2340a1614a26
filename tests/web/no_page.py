"""Doors behind which those who are let in find no page, of what these tests have at hand."""

from engage.routes import DOORS

# Between the password and the code: whoever comes from elsewhere is led to the beginning.
BETWEEN = {"/sign-in/code", "/sign-in/enrol"}
# Where the one who is let in finds something else than a page: a way on, or nothing there.
NO_PAGE = {
    "/review/cases/{id:int}/hand-over": 404,  # the case is not sealed
    "/review/cases/{id:int}/erase": 404,
    "/sign-in/done": 303,
    "/account/factor/move": 409,  # nobody here has turned it on
    **dict.fromkeys(BETWEEN, 303),
    "/links/{token}": 404,
    "/citizens/links/{token}": 404,
    "/admin/access/{id:int}": 404,
    "/outbox/{name}": 404,
    "/questions/sent/{key}": 404,
    "/metrics": 404,
    "/desk/questions/{id:int}/here": 200,  # a line for the page that is open
    "/attachments/{key}": 404,
    "/review/attachments/{key}/decision": 404,
    # What only the lead may do with a part, and an absence that nobody wrote down.
    "/desk/shares/{id:int}/withdraw": 404,
    "/desk/shares/{id:int}/name": 404,
    "/desk/absences/{id:int}/end": 404,
} | {f"/follows/{{token}}{act}": 404 for act in ("", "/confirm", "/end")}
# Which text is reported stands in the query.
NO_PAGE |= dict.fromkeys(
    (
        "/flags/new",
        "/track/lost/{token}",
        "/track/lost/{token}/code",
        "/review/second-looks/{id:int}",
        "/review/clarifications/{id:int}",
        "/admin/data-requests/{id:int}",
        "/admin/data-requests/{id:int}/hold",
    ),
    404,
)
# Our own pages find nothing behind the doors of widgets; and no site bears an agency's name.
NO_PAGE |= dict.fromkeys(("/embed/session", "/embed/session/end", "/embed/code", "/embed/flags"), 404)
NO_PAGE |= {door.path: 404 for door in DOORS if door.path.startswith(("/admin/sites/{slug}", "/sites/{slug}"))}
# Feedback has other addresses than questions, and no campaign bears that number.
NO_PAGE |= {"/feedback/{id:int}": 308, "/feedback/campaigns/{id:int}": 404}
NO_PAGE |= {f"/admin/campaigns/{{id:int}}{act}": 404 for act in ("", "/open", "/close", "/summary")}
# No dialogue bears that number, no series an agency's name, and nothing of that question was covered.
NO_PAGE |= {
    door.path: 404 for door in DOORS if door.path.startswith(("/dialogues/{id:int}", "/review/dialogues/", "/series/"))
}
NO_PAGE |= {f"/review/questions/{{id:int}}/{act}": 404 for act in ("original", "uncover")}
# No thread and no post of the forum bears that number.
NO_PAGE |= {
    door.path: 404
    for door in DOORS
    if door.path.startswith(
        ("/forum/unfollow/", "/forum/threads/", "/forum/posts/", "/review/threads/", "/review/posts/")
    )
}
# No article and no comment bears that number; and what portals ask for names an article.
NO_PAGE |= {
    door.path: 404
    for door in DOORS
    if door.path.startswith(("/articles/", "/comments/", "/embed/comments/", "/review/articles/", "/review/comments/"))
}
NO_PAGE |= {"/embed/comments": 404, "/embed/counts": 404}
# What stands there is about a published answer, or about an agency without accounts.
NO_PAGE |= dict.fromkeys(
    (
        "/questions/{id:int}/revisions",
        "/translations/{id:int}",
        "/translations/{id:int}/approve",
        "/review/transcribe/{id:int}",
        *(
            f"/review/transcribe/{{id:int}}/{act}"
            for act in ("accept", "answer", "here", "approve", "return", "correct", "drop")
        ),
    ),
    404,
)
