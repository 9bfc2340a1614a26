"""Comments under articles, as doors: in portals' pages, on our own, and at the moderators' desk."""

from engage.access import Role
from engage.web.comments import embedded, fragments, moderating, own, pages, useful, writing
from engage.web.door import Door, door

ANYONE, CITIZEN, MODERATOR = Role.ANYONE, Role.CITIZEN, Role.MODERATOR

DOORS: tuple[Door, ...] = (
    # In portals' pages: fragments, and writing by a bearer
    door("GET", "/embed/comments", fragments.show, ANYONE, embed=True),
    door("GET", "/embed/comments/mine", fragments.mine, ANYONE, embed=True),
    door("GET", "/embed/counts", fragments.counts, ANYONE, embed=True),
    door("POST", "/embed/comments", embedded.create, ANYONE, limit="post", embed=True),
    door("POST", "/embed/comments/{id:int}/edit", embedded.edit, ANYONE, limit="post", embed=True),
    door("POST", "/embed/comments/{id:int}/withdraw", embedded.withdraw, ANYONE, limit="tell", embed=True),
    door("POST", "/embed/comments/{id:int}/useful", embedded.useful, ANYONE, limit="vote", embed=True),
    # On our own pages
    door("GET", "/articles/{id:int}", pages.show, ANYONE),
    door("GET", "/articles/{id:int}/write", writing.form, ANYONE),
    door("POST", "/comments", writing.create, ANYONE, limit="post", guest_form=True),
    door("GET", "/comments/{id:int}", own.show, CITIZEN),
    door("GET", "/comments/{id:int}/answers", pages.answers, ANYONE),
    door("GET", "/comments/{id:int}/revisions", own.versions, ANYONE),
    door("POST", "/comments/{id:int}/edit", own.edit, ANYONE, limit="post"),
    door("POST", "/comments/{id:int}/withdraw", own.withdraw, ANYONE, limit="tell"),
    door("GET", "/comments/{id:int}/useful", useful.form, ANYONE),
    door("POST", "/comments/{id:int}/useful", useful.find, ANYONE, limit="vote", guest_form=True),
    # Moderators
    door("GET", "/review/articles/{id:int}", moderating.article, MODERATOR),
    door("POST", "/review/articles/{id:int}", moderating.change_article, MODERATOR, limit="decide"),
    door("GET", "/review/comments/{id:int}", moderating.comment, MODERATOR),
    door("POST", "/review/comments/{id:int}/hide", moderating.hide, MODERATOR, limit="decide"),
    door("POST", "/review/comments/{id:int}/restore", moderating.restore, MODERATOR, limit="decide"),
    door("POST", "/review/comments/{id:int}/pick", moderating.pick, MODERATOR, limit="decide"),
)
