"""Engage: questions from citizens, answered by the responsible agency.

In reading order (imports only ever point upwards in this list; `tests/house` holds it):

errors      what a verb may refuse with
settings    the environment, refusing nonsense
logs        process logs as JSON
moves       the only way a state changes
sqlite      SQLite for the event loop, with few visits to its thread
db          the store: reading, transaction, numbered facts
kept        answers kept for repeated submissions
people      persons, sign-in sessions, passwords
agencies    agencies, topics, provinces, who works where
staff       people with a desk
policies    rules an administrator edits: surfaces, reasons, limits
presence    who is at a desk now
access      who may see and do what
revisions   what the public saw, and when
markup      a writer's text as safe HTML
receipts    receipt codes
notices     mails that wait to be sent
follows     following a text without an account
deadlines   working days and due dates
routing     which agency, and why
search      finding texts by their words
assigned    the two axes of a text that an agency must answer
clocks      the answer's clock of a text
assignments which agency has a text, since when
ask         the form a question comes in
questions   the question: row, moves, stages
intake      how a question comes in
admissions  whether it is let in
merges      one question put into another, and taken out again
publication what goes out about it
redactions  covering what should not be public
archive     finding questions: lists, counts, desks
answers     drafts, approval, publication
takedowns   taking back what was public
sorting     which topic a text is about
decisions   what a moderator decides
review      the seam to `moderation`
seals       sealed texts: reads, hand-over, erasure
queues      how much waits, and since when
timeline    what happened to a question, for its asker
signin      signing in, and who makes a request
letters     mails in a folder
beats       the worker's heartbeat, and whether the database is migrated
tables      every table, for migrations
migrate     to the newest migration and back
web         pages: one handler file per area
routes      every URL and who may use it
mails       notices as mails
work        the worker's drains
app         the application, wired
seed        the directory and the demonstration
demonstration  sixty questions in every stage, for a newcomer
__main__    the `engage` command
"""

__version__ = "0.1.0"
