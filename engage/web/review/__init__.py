"""The moderator's desk: the queue and what it is narrowed by, one case and its decision, and what was let out before."""
