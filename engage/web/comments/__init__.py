"""Comments under articles: the fragments that portals show, our own pages of them, writing, and what moderators do there."""
