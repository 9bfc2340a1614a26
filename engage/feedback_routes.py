"""The doors of feedback and of the campaigns that ask for it; part of the table in `routes`."""

from engage.access import Role
from engage.web import campaigns, feedback, feeds
from engage.web.door import Door, door

ANYONE, ADMINISTRATOR = Role.ANYONE, Role.ADMINISTRATOR

DOORS: tuple[Door, ...] = (
    door("GET", "/feedback", feedback.listed, ANYONE),
    door("GET", "/feedback/search", feedback.searched, ANYONE, limit="search"),
    door("GET", "/feedback/feed.xml", feeds.feedback, ANYONE),
    door("GET", "/feedback/new", feedback.new, ANYONE),
    door("POST", "/feedback/new", feedback.create, ANYONE, limit="ask", files=True),
    door("GET", "/feedback/{id:int}", feedback.show, ANYONE),
    door("GET", "/feedback/campaigns/{id:int}", campaigns.show, ANYONE),
    # Their editors
    door("GET", "/admin/campaigns", campaigns.listed, ADMINISTRATOR),
    door("GET", "/admin/campaigns/new", campaigns.new, ADMINISTRATOR),
    door("POST", "/admin/campaigns/new", campaigns.begin, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/campaigns/{id:int}", campaigns.edit, ADMINISTRATOR),
    door("POST", "/admin/campaigns/{id:int}", campaigns.save, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/campaigns/{id:int}/open", campaigns.open_, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/campaigns/{id:int}/close", campaigns.close, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/campaigns/{id:int}/summary", campaigns.correct, ADMINISTRATOR, limit="administer"),
)
