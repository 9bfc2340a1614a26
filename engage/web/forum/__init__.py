"""The forum: its pages, writing in it, and what moderators do there."""
