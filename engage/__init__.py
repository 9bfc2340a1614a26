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
chain       hashes over rows, and signed heads
audit       who did what and when
tries       tries to sign in, and how long to wait
factors     the second factor of staff
records     the access record the law asks for
heads       the audit chain's signed heads, and whether it fits them
agencies    agencies, topics, provinces, who works where
crews       who works in which dialogue, and as what
staff       people with a desk
histories   who changed which row of the directory, when
policies    rules an administrator edits: surfaces, reasons, limits
sections    sections of the forum, and who may write there
presence    who is at a desk now
access      who may see and do what
standing    who may write and approve: the agency, or the portal desk in its place
revisions   what the public saw, and when
markup      a writer's text as safe HTML
receipts    receipt codes
notices     mails that wait to be sent
links       single-use links in mails to staff
filetypes   what a file is, by its content
pictures    pictures written anew, without what the camera added
authorship  office files written anew, without who wrote them
antivirus   asking clamd about a file
storage     where the bytes of attachments lie
attachments files that come with a text
follows     following a text without an account
bookmarks   how far somebody has read a thread, and whether they hear of more
votes       votes on a text, one row a voter
deadlines   working days and due dates
office_hours when people at their desks get mail
retention   how long rows of each kind are kept
routing     which agency, and why
search      finding texts by their words
assigned    the two axes of a text that an agency must answer
due_changes the ledger of due dates
clocks      the clocks of a text: start, pause, extend, hand over
shares      parts of an answer asked of other agencies
assignments which agency has a text, since when
ask         the form a question comes in
flags       what readers report in public texts, and how much it counts
citizens    citizens sign in by a link or a code in a mail, without a password
tokens      reading what a portal signed
origins     addresses of portals, as browsers name them
site_forms  the forms a portal is registered in
sites       registered portals: their origins, sections, looks and keys
embeds      who writes in a portal's widget: a token spent for a bearer
absences    who is away, and who stands in
officials   who inside the agency has a text
batches     one act on several texts, and taking it back
answering   the form an answer is written in
documents   legal documents that answers cite
document_lists documents pasted as CSV
questions   the question: row, moves, stages
dialogues   guests answer live: row, stages
covers      the picture a dialogue is announced with
countdowns  who follows a dialogue is told when it begins soon, moves, or is cancelled
guests      who answers in a dialogue, and the groups of topics announced
turn_facts  who hears of a question on its way through a dialogue
turns       a question's way through a dialogue
traces      which words stand in which title of a dialogue
lists       public questions as readers list them
tallies     how many are answered, by agency and topic
accounts    accounts of staff
rosters     who is on the staff
intake      how a question comes in
dialogue_asks who may send one more question to a dialogue
admissions  whether it is let in
ranks       how many ask a question of a dialogue too
merges      one question put into another, and taken out again
repeats     the same words sent again into one dialogue
voting      which questions take votes, and whose
kinship     which texts ask much the same
clusters    questions of a dialogue that ask much the same
publication what goes out about it
replies     what guests answer in a dialogue
floors      what readers see of a dialogue's questions
boards      the same as its desks list them, with their votes
polls       one question to everybody
marking     what voters choose in a poll, and what is counted
polling     the polls of a dialogue: who holds them, and when
minutes     what was asked and answered in a dialogue
figures     a dialogue in numbers
paper       a document as blocks: headings, paragraphs, tables
docx_parts  what every file for a word processor has
docx        such a file, of blocks
proceedings what readers see of its minutes
staging     from one stage of a dialogue to the next
arranging   what an editor writes of a dialogue before it begins
campaigns   topics opened for contributions for a time, closed with what was taken up
feedback    reports, proposals, contributions: what their form asks, who reads them
rehearsals  a copy that the crew practises in, and its end
carrying    what a dialogue did not reach, to agencies
redactions  covering what should not be public
archive     finding questions: what resembles one, and counts
circles     texts that agencies pass to and fro
desks       finding what is on an agency's desk
sifting     questions of a dialogue narrowed, in order, counted
groupings   which announced group the words of a question point to
strokes     one act on many of them, and taking it back
transcripts signed letters that the portal desk typed in
companions  questions that share one answer
citations   the documents an answer rests on
answers     the row, drafts, sending for approval
mentions    which questions name another one
approvals   approving and returning
in_place    what the portal desk does for agencies that cannot
revising    after publication: corrections, marks of age
translations an answer in English
snippets    passages an agency writes again and again
likenesses  answers like the one being written
differences two texts, word by word
nouns       the kinds of rows an administrator edits, and their forms
directory   editing those rows: the directory's and the rules'
successions what follows on an agency or a topic that ends
sheets      the directory as CSV
enclosures  which attachments a person may open
chases      steps of chasing as rows: which have come, who is told
chasing     who is reminded of which due date, each step once
calls       calls of the portal desk to late agencies
digests     reminders gathered into one mail a day
recounts    a changed calendar, and the due dates it moves
calendars   editing and importing the calendar
sorting     which topic a text is about
remarks     what people say to each other in a place
forum       threads, and what is said in them
threads     threads as readers list them, and posts found
week        what people talk about this week
articles    articles of portals, as far as people speak under them
namings     which row an article's page means, and two rows that are one
comments    what readers say under articles
discussions comments as readers list them
thread_polls polls of threads, each open until a day
forwarding  threads that become questions to agencies
decisions   what a moderator decides
surfaces    which texts are screened, and what a decision does to each kind
consequences what follows from a decision
review      the seam to `moderation`
partings    taking a question out of the one it was merged into
takedowns   taking back what was public
removals    posts taken down with a reason, and put back
corrections the author writes a question anew, once
withdrawals the author takes a question back, or hides their name
authoring   what authors do with their own posts
clarifications  what an agency must ask the asker first
ratings     whether an answer answered
second_looks    somebody else looks at an answer again
appeals     a refusal considered again by somebody else
follow_ups  one more question after an answer
lost_codes  a new code for who lost theirs
data_requests   what askers want done with their data
personal    what is kept about an asker
forgetting  every word of a question, wherever it rests
seals       sealed texts: reads, hand-over, erasure
flagging    when a moderator looks at what readers report, and what is decided
erasures    data that goes, everywhere
acts        what an asker may do now
queues      how much waits, and since when
timeline    what happened to a question, for its asker
signin      signing in, and who makes a request
letters     mails in a folder
expiry      what has been kept long enough goes, once a night
beats       the worker's heartbeat, and whether the database is migrated
alarms      what waits, and what does not run as it should
tables      every table, for migrations
migrate     to the newest migration and back
web         pages: one handler file per area
dialogue_routes the doors of dialogues as they are announced, and of their editors
poll_routes the polls of a dialogue, as doors
minutes_routes the minutes and figures of a dialogue, as doors
hall_routes the desks of a dialogue and the hall's screen, as doors
sift_routes sifting what was asked in a dialogue, as doors
comment_routes  comments under articles, as doors
citizen_routes  the doors of citizens, of the portals they come from, and of their widgets
forum_routes the forum, as doors
widget_routes what portals' pages load of ours, as doors
feedback_routes the doors of feedback and its campaigns
desk_routes the desks of agencies, as doors
routes      every URL and who may use it
errands     what was brought to somebody at their desk
desk_mails  what mails to people at their desks say
dialogue_mails what mails about a dialogue say
remark_mails what mails about posts say
flag_mails  what mails about flags say
mails       notices as mails
work        the worker's drains
app         the application, wired
seed        the directory and the demonstration
stories     one question of the demonstration, on its way
scenes      what askers, readers and the portal desk do in it
desk_scenes what agencies do in it
dialogue_scenes what happens in its dialogues
forum_scenes what people say in its forum
comment_scenes what readers say under articles
flag_scenes what readers of the demonstration report
feedback_scenes its campaigns, and the feedback sent to it
demonstration  some hundred questions in every stage, for a newcomer
neighbour   the demonstration's portal, beside the service
bundles     one file that holds many, there whole or not at all
copies      the database copied at one moment, and put back
backup      database, attachments and audit heads in one file
restoring   a backup put back, under a new epoch
snapshots   a folder of pages for the day everything is down
logbook     one channel of the log as JSON lines
commands    what the commands of the program share
upkeep      commands for whoever keeps it running
browsing    somebody at a browser: pages, their forms, cookies
audience    readers of the dialogue that is played
speakers    who answers in it
playing     the live dialogue of the demonstration, played over the doors
demo        the demonstration, moving
__main__    the `engage` command
"""

__version__ = "0.1.0"
