"""The doors of the forum; part of the table in `routes`. Who may write is asked inside, of the section."""

from engage.access import Role
from engage.web.door import Door, door
from engage.web.forum import feeds, forwarding, leaving, moderating, own, pages, poll_desk, polls, thread, writing

ANYONE, CITIZEN, MODERATOR = Role.ANYONE, Role.CITIZEN, Role.MODERATOR

DOORS: tuple[Door, ...] = (
    door("GET", "/forum", pages.home, ANYONE),
    door("GET", "/forum/search", pages.search, ANYONE, limit="search"),
    door("GET", "/forum/feed.xml", feeds.listed, ANYONE),
    door("GET", "/forum/mine", own.listed, ANYONE),
    door("GET", "/forum/unfollow/{token}", leaving.form, ANYONE),
    door("POST", "/forum/unfollow/{token}", leaving.leave, ANYONE, limit="follow"),
    door("GET", "/forum/threads/{id:int}", thread.show, ANYONE),
    door("GET", "/forum/threads/{id:int}/feed.xml", feeds.thread, ANYONE),
    door("GET", "/forum/threads/{id:int}/reply", writing.reply_form, ANYONE),
    door("POST", "/forum/threads/{id:int}/reply", writing.reply, ANYONE, limit="post"),
    door("POST", "/forum/threads/{id:int}/read", thread.read, ANYONE, limit="search"),
    door("POST", "/forum/threads/{id:int}/follow", thread.follow, ANYONE, limit="follow"),
    door("GET", "/forum/threads/{id:int}/polls/{poll:int}", polls.show, ANYONE),
    door("POST", "/forum/threads/{id:int}/polls/{poll:int}/mark", polls.mark, ANYONE, limit="vote"),
    door("GET", "/forum/threads/{id:int}/question", forwarding.form, ANYONE),
    door("GET", "/forum/posts/{id:int}", own.show, CITIZEN),
    door("GET", "/forum/posts/{id:int}/revisions", thread.versions, ANYONE),
    door("POST", "/forum/posts/{id:int}/edit", own.edit, ANYONE, limit="post"),
    door("POST", "/forum/posts/{id:int}/withdraw", own.withdraw, ANYONE, limit="tell"),
    door("GET", "/forum/{slug}", pages.section, ANYONE),
    door("GET", "/forum/{slug}/write", writing.thread_form, ANYONE),
    door("POST", "/forum/{slug}/write", writing.open_thread, ANYONE, limit="post"),
    # Moderators: what readers have
    door("GET", "/review/threads/{id:int}", moderating.thread, MODERATOR),
    door("POST", "/review/threads/{id:int}", moderating.change_thread, MODERATOR, limit="decide"),
    door("POST", "/review/threads/{id:int}/polls", poll_desk.make, MODERATOR, limit="decide"),
    door("POST", "/review/threads/{id:int}/polls/{poll:int}", poll_desk.change, MODERATOR, limit="decide"),
    door("GET", "/review/posts/{id:int}", moderating.post, MODERATOR),
    door("POST", "/review/posts/{id:int}/hide", moderating.hide, MODERATOR, limit="decide"),
    door("POST", "/review/posts/{id:int}/restore", moderating.restore, MODERATOR, limit="decide"),
)
