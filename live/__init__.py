"""Live knows listeners: what became true, in which order, and who still has to hear it.

In reading order: log (facts, numbered at commit), wire (what a message looks like), broker (hints between
processes), feeds (viewers and their channels), channels (those that are open), positions and flights (small
memories), hub (the one delivery rule), presence (how many are there), ballots (votes written together), stream (the SSE and
JSON doors), socket and slim (the websocket door), shutdown (say goodbye in time). It does not know what a fact is about.
"""
