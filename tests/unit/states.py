"""The states that the demonstration shows: each in words, how many questions at least are in it, and how they are found."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select

from engage.access import Moderation, Share, Shared
from engage.answers import Answer, Citation
from engage.appeals import Appeal
from engage.assigned import Answered, Assigned
from engage.assignments import Assignment, Outcome
from engage.attachments import Attachment
from engage.attachments import State as FileState
from engage.chases import Chase, Step
from engage.chases import Clock as Chased
from engage.clarifications import Clarification
from engage.clarifications import State as Round
from engage.companions import Companion
from engage.data_requests import DataRequest
from engage.deadlines import close_of, here
from engage.dialogues import Dialogue, Stage
from engage.documents import Document
from engage.due_changes import Change, DueChange
from engage.follows import ASKER, Follow
from engage.markup import COVER
from engage.merges import Merge
from engage.questions import Question
from engage.ratings import Rating
from engage.replies import Reply, Written
from engage.seals import HandOver
from engage.second_looks import SecondLook
from engage.second_looks import State as Look
from engage.takedowns import Takedown
from engage.transcripts import Transcript
from engage.translations import Translation
from engage.turns import Floor, Turn
from engage.votes import Vote
from moderation.cases import Case, CaseState
from tests.conftest import Clock

NOW = Clock().now
TODAY = here(NOW)
Q, A = Question, Answer
THE_QUESTION = col(Q.id)


def _one(table: Any, *wheres: Any) -> sa.ColumnElement[bool]:
    """A row of a table that names its question."""
    return sa.exists().where(table.question_id == THE_QUESTION, *wheres)


def _thing(table: Any, *wheres: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.thing_id == THE_QUESTION, table.surface == "question", *wheres)


def _is(**columns: Any) -> sa.ColumnElement[bool]:
    return sa.and_(*(getattr(Q, name) == value for name, value in columns.items()))


def _turns(*outcomes: Outcome) -> sa.ColumnElement[bool]:
    return sa.and_(*(_thing(Assignment, Assignment.outcome == outcome) for outcome in outcomes))


def _draft(*wheres: Any) -> sa.ColumnElement[bool]:
    return _one(A, col(A.published_at).is_(None), *wheres)


def _out(*wheres: Any) -> sa.ColumnElement[bool]:
    return _one(A, col(A.published_at).is_not(None), col(A.replaced_at).is_(None), *wheres)


def _floor(floor: Floor, *wheres: Any) -> sa.ColumnElement[bool]:
    """How far it has come in its dialogue, of those that readers see."""
    return sa.and_(_is(moderation=Moderation.ACCEPTED), _one(Turn, Turn.floor == floor, *wheres))


def _in(stage: Stage) -> sa.ColumnElement[bool]:
    return sa.exists().where(col(Dialogue.id) == col(Q.dialogue_id), col(Dialogue.stage) == stage)


_WORKED = sa.and_(_is(moderation=Moderation.ACCEPTED, assignment=Assigned.ACCEPTED), col(Q.merged_into_id).is_(None))
_OPEN = sa.and_(_WORKED, col(Q.answer).in_([Answered.NONE, Answered.DRAFTING]), col(Q.paused_at).is_(None))
_CASE = sa.exists().where(Case.thing_id == THE_QUESTION, col(Case.state) == CaseState.OPEN)
_ENDED = select(col(Document.number)).where(col(Document.in_force_until) < TODAY)
_DUE = col(Q.answer_due_at)

# The state in words, how many at least, and how it is found.
STATES: tuple[tuple[str, int, sa.ColumnElement[bool]], ...] = (
    ("waits for a moderator, with marks of screening", 10, sa.and_(_is(moderation=Moderation.HELD), _CASE)),
    ("returned, and waits for its author", 2, _is(moderation=Moderation.RETURNED)),
    ("corrected by its author", 2, col(Q.corrected_at).is_not(None)),
    (
        "corrected, and waits for a moderator again",
        1,
        sa.and_(_is(moderation=Moderation.HELD), col(Q.corrected_at).is_not(None)),
    ),
    ("merged into another", 2, sa.and_(col(Q.merged_into_id).is_not(None), _one(Merge))),
    (
        "merged, with followers who moved along",
        2,
        sa.and_(col(Q.merged_into_id).is_not(None), _thing(Follow, ~col(Follow.follower).startswith(ASKER))),
    ),
    ("refused with a reason", 2, sa.and_(_is(moderation=Moderation.REFUSED, sealed=False), ~_one(Appeal))),
    ("refused and appealed, undecided", 2, sa.and_(_is(moderation=Moderation.HELD), _one(Appeal), _CASE)),
    ("appealed, and let in", 1, sa.and_(_is(moderation=Moderation.ACCEPTED), _one(Appeal))),
    ("a denunciation that waits for who is cleared", 1, sa.and_(_is(moderation=Moderation.HELD, sealed=True), _CASE)),
    (
        "a denunciation that was handed over",
        1,
        sa.and_(
            _is(sealed=True, moderation=Moderation.REFUSED),
            sa.exists().where(Case.thing_id == THE_QUESTION, col(Case.id) == HandOver.case_id),
        ),
    ),
    (
        "a denunciation recognised later, not handed over yet",
        1,
        sa.and_(_is(sealed=True, moderation=Moderation.REFUSED), col(Q.accepted_at).is_not(None)),
    ),
    ("taken down", 2, sa.and_(_is(moderation=Moderation.HIDDEN), _one(Takedown))),
    ("taken down after its answer was out", 1, sa.and_(_is(moderation=Moderation.HIDDEN), _out())),
    ("restored", 1, sa.and_(_is(moderation=Moderation.ACCEPTED), _one(Takedown))),
    ("withdrawn by its asker", 2, _is(moderation=Moderation.WITHDRAWN)),
    ("with a covered span", 2, sa.and_(_is(moderation=Moderation.ACCEPTED), col(Q.body).contains(COVER))),
    (
        "without an agency",
        3,
        sa.and_(_is(moderation=Moderation.ACCEPTED, assignment=Assigned.UNASSIGNED, agency_id=None)),
    ),
    ("without a topic", 2, sa.and_(_is(moderation=Moderation.ACCEPTED), col(Q.topic_id).is_(None))),
    (
        "acknowledged in time",
        10,
        _thing(Assignment, col(Assignment.accepted_at) <= col(Assignment.acknowledge_due_at)),
    ),
    ("acknowledged late", 2, _thing(Assignment, col(Assignment.accepted_at) > col(Assignment.acknowledge_due_at))),
    (
        "stands still while its asker is asked",
        2,
        sa.and_(col(Q.paused_at).is_not(None), _one(Clarification, Clarification.state == Round.ASKED)),
    ),
    ("goes on since its asker explained", 2, sa.and_(_OPEN, _one(Clarification, Clarification.state == Round.GIVEN))),
    ("explained in words that the portal desk reads first", 1, _one(Clarification, Clarification.state == Round.HELD)),
    ("extended for a public reason", 2, _thing(DueChange, DueChange.kind == Change.EXTENDED, DueChange.reason != "")),
    (
        "handed over late, on the account of who kept it",
        2,
        _thing(DueChange, DueChange.kind == Change.HANDED_OVER, DueChange.agency_id != Q.agency_id),
    ),
    ("passed on, not taken yet", 2, sa.and_(_is(assignment=Assigned.OFFERED), _turns(Outcome.TRANSFERRED))),
    ("passed on and declined", 2, _turns(Outcome.TRANSFERRED, Outcome.DECLINED)),
    ("passed on, declined and given back", 1, _turns(Outcome.TRANSFERRED, Outcome.DECLINED, Outcome.GIVEN_BACK)),
    ("due soon", 2, sa.and_(_OPEN, close_of(TODAY) < _DUE, close_of(TODAY + timedelta(days=3)) >= _DUE)),
    ("due today", 2, sa.and_(_OPEN, close_of(TODAY) == _DUE)),
    ("overdue", 3, sa.and_(_OPEN, _DUE < NOW)),
    (
        "overdue, its supervisor and the portal desk told",
        1,
        sa.and_(
            _OPEN,
            *(
                _thing(Chase, Chase.clock == Chased.ANSWER, Chase.step == step)
                for step in (Step.DUE_SOON, Step.DUE, Step.OVERDUE, Step.SUPERVISOR, Step.PORTAL_DESK)
            ),
        ),
    ),
    (
        "waits for its approver, in time",
        1,
        sa.and_(_WORKED, _is(answer=Answered.IN_APPROVAL), col(Q.approve_due_at) > NOW),
    ),
    (
        "waits for its approver too long",
        2,
        sa.and_(_WORKED, _is(answer=Answered.IN_APPROVAL), col(Q.approve_due_at) < NOW),
    ),
    ("returned by its approver", 1, sa.and_(_OPEN, _draft(A.returned_note != ""))),
    ("a draft that is being written", 5, sa.and_(_OPEN, _draft(col(A.sent_at).is_(None)))),
    ("handed to an official", 5, sa.and_(_OPEN, col(Q.official_id).is_not(None))),
    ("answered", 150, sa.and_(_is(moderation=Moderation.ACCEPTED), _out())),
    ("corrected, the earlier version kept", 2, sa.and_(_is(answer=Answered.REVISED), _out(A.reason != ""))),
    ("a correction that is being written", 1, sa.and_(_out(), _draft(col(A.first_id).is_not(None)))),
    ("outdated", 2, _out(col(A.outdated_on).is_not(None))),
    ("replaced by a newer answer", 1, _out(col(A.newer_question_id).is_not(None))),
    (
        "in English too",
        2,
        _out(sa.exists().where(Translation.answer_id == col(A.id), col(Translation.approved_at).is_not(None))),
    ),
    (
        "its English nobody has approved",
        1,
        _out(sa.exists().where(Translation.answer_id == col(A.id), col(Translation.approved_at).is_(None))),
    ),
    ("answered together with others", 2, sa.and_(_one(Companion), _out())),
    (
        "a signed letter typed in by the portal desk",
        1,
        _out(sa.exists().where(Transcript.answer_id == col(A.id), Transcript.number != "")),
    ),
    (
        "a typed letter that a second moderator has to read",
        1,
        _draft(sa.exists().where(Transcript.answer_id == col(A.id))),
    ),
    (
        "answered with parts of other agencies",
        1,
        sa.and_(_out(), _thing(Share, Share.state == Shared.GIVEN, Share.named)),
    ),
    ("a part of its answer was declined", 1, _thing(Share, Share.state == Shared.DECLINED, Share.reason != "")),
    ("a part of its answer is no longer asked", 1, _thing(Share, Share.state == Shared.WITHDRAWN)),
    ("its complexity was set by its coordinator", 1, _thing(DueChange, DueChange.kind == Change.COMPLEXITY_SET)),
    ("a changed calendar moved its date", 1, _thing(DueChange, DueChange.kind == Change.CALENDAR_CHANGED)),
    (
        "came with a file that waits for a moderator",
        1,
        sa.and_(
            _is(moderation=Moderation.ACCEPTED),
            _thing(Attachment, col(Attachment.state) == FileState.PRIVATE, col(Attachment.decided_at).is_(None)),
        ),
    ),
    ("a part that was asked and is missing", 1, sa.and_(_OPEN, _thing(Share, Share.state == Shared.ASKED))),
    (
        "cites what is no longer in force",
        2,
        _one(A, sa.exists().where(Citation.answer_id == col(A.id), col(Citation.number).in_(_ENDED))),
    ),
    (
        "answered with a file",
        1,
        _out(sa.exists().where(Attachment.thing_id == col(A.id), col(Attachment.state) == FileState.PUBLISHED)),
    ),
    ("its asker is content", 8, _one(Rating, Rating.verdict == "yes")),
    ("its asker is not, and says why", 2, _one(Rating, Rating.verdict == "no", col(Rating.why).is_not(None))),
    ("a second look was asked", 2, _one(SecondLook, SecondLook.state == Look.ASKED)),
    ("a second look was answered", 1, _one(SecondLook, SecondLook.state == Look.CLOSED)),
    ("a second look sent it back", 1, _one(SecondLook, SecondLook.state == Look.SENT_BACK)),
    ("one more question after an answer", 1, col(Q.follows_on_id).is_not(None)),
    ("asked by many too", 1, select(func.count()).where(Vote.thing_id == THE_QUESTION).scalar_subquery() > 30),
    ("a request about its asker's data", 2, _one(DataRequest)),
    # In dialogues
    (
        "sent in advance of a dialogue that has not begun",
        28,
        sa.and_(_floor(Floor.WAITING, Turn.is_advance), _in(Stage.INTAKE)),
    ),
    ("asked in a dialogue while it runs", 10, sa.and_(_floor(Floor.WAITING, ~col(Turn.is_advance)), _in(Stage.LIVE))),
    ("of a dialogue, and waits for a moderator", 6, sa.and_(_is(moderation=Moderation.HELD), _one(Turn), _CASE)),
    ("on stage", 1, sa.and_(_floor(Floor.ON_STAGE), _in(Stage.LIVE))),
    ("queued by a host", 3, sa.and_(_floor(Floor.QUEUED), _in(Stage.LIVE))),
    ("being typed by a scribe", 1, _one(Reply, Reply.state == Written.DRAFTING, Reply.draft != "")),
    ("handed up to a guest", 1, _one(Reply, Reply.state == Written.HANDED_UP)),
    (
        "answered live",
        8,
        sa.and_(_floor(Floor.ANSWERED), _in(Stage.LIVE), _one(Reply, Reply.state == Written.RELEASED)),
    ),
    (
        "answered live, and corrected with a reason",
        1,
        _one(Reply, col(Reply.corrected_at).is_not(None), Reply.reason != ""),
    ),
    ("carried to an agency that has not answered yet", 2, sa.and_(_floor(Floor.CARRIED), _is(answer=Answered.NONE))),
    ("carried to an agency that answered later", 2, sa.and_(_floor(Floor.CARRIED), _out())),
)
