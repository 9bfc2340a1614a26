"""What migrations do to rows: those of an older release are made whole, those of a newer one are made to fit."""

import sqlalchemy as sa

from engage import search
from moderation import kinds
from moderation.cases import FOLDED
from moderation.text import fold
from moderation.verdicts import Verdict

_CASE = sa.table(
    "moderation_case",
    *map(sa.column, ("id", "surface", "thing_id", "state", "sealed", "kinds", "folded")),
    sa.column("findings", sa.JSON),
)
_QUESTION = sa.table("question", *map(sa.column, ("id", "title", "body")))

# An answer that waits for its approver is found by when it was sent; written last, sent at once.
_SENT = """
    update answer set sent_at = written_at where published_at is null and exists (
        select 1 from question where question.id = answer.question_id
        and question.agency_id = answer.agency_id and question.answer = 'in_approval')
"""
# Party committees of provinces were taken for central ones.
_OF_PROVINCE = """
    update agency set province_slug = replace(replace(slug, 'thanh-uy-', ''), 'tinh-uy-', '')
    where kind = 'provincial_party_committee' and province_slug is null
"""
# What there was to read before tallies were kept.
_TALLIES = """
    insert into tally (answered, agency_id, topic_id, times)
    select published_at is not null, case when published_at is null then 0 else coalesce(agency_id, 0) end,
        case when published_at is null then 0 else coalesce(topic_id, 0) end, count(*)
    from question where moderation = 'accepted' and not sealed and merged_into_id is null group by 1, 2, 3
"""
_OUT = "answer.published_at is not null and answer.replaced_at is null"
_LEFT_OVER = f"""
    select id from (
        select id, row_number() over (partition by question_id, agency_id order by ({_OUT}) desc, id desc) as place
        from answer) as placed
    where place > 1
"""
_CITED = f"""
    select answer.question_id, citation.number, citation.title from citation join answer on answer.id = citation.answer_id
    where {_OUT} order by citation.answer_id, citation.place
"""
_FOUND = f"""
    select question.id, question.title, question.body, answer.short from question
    join answer on answer.question_id = question.id
    where {_OUT} and question.moderation = 'accepted' and not question.sealed
"""
_DOWN = (
    # A decision that was not carried out yet would never be.
    """
    update moderation_case set state = 'open', version = version + 1, decided_by = null, decided_at = null,
        decision = null, reason = null, words = null, undo_until = null
    where undo_until is not null
    """,
    # An agency has one answer a question: the one that readers see, with the history of all before it.
    f"""
    update revision set thing_id = (select id from answer where first_id = revision.thing_id and {_OUT})
    where kind = 'answer' and thing_id in (select first_id from answer where first_id is not null and {_OUT})
    """,
    "delete from second_look",
    "delete from translation",
    "delete from transcript",
    "update answer set first_id = null where first_id is not null",
    f"delete from citation where answer_id in ({_LEFT_OVER})",
    f"delete from answer where id in ({_LEFT_OVER})",
)


def up_to_chasing(connection: sa.Connection) -> None:
    """What waits is narrowed, searched and listed by columns that rows did not have; what readers see is counted."""
    connection.execute(sa.text(_SENT))
    connection.execute(sa.text(_OF_PROVINCE))
    connection.execute(sa.text(_TALLIES))
    found = sa.select(_CASE, _QUESTION.c.title, _QUESTION.c.body).select_from(
        _CASE.outerjoin(_QUESTION, sa.and_(_CASE.c.surface == "question", _CASE.c.thing_id == _QUESTION.c.id))
    )
    for case in connection.execute(found).all():
        is_searched = case.state == "open" and not case.sealed and case.title is not None
        folded = fold(f"{case.title} {case.body}")[:FOLDED] if is_searched else ""
        whole = {"kinds": kinds.of(Verdict.from_json(case.findings)), "folded": folded}
        connection.execute(sa.update(_CASE).where(_CASE.c.id == case.id).values(whole))
    _find_by_what_is_cited(connection)


def _find_by_what_is_cited(connection: sa.Connection) -> None:
    """Answers came into the index without the documents they cite."""
    cited: dict[int, list[str]] = {}
    for row in connection.execute(sa.text(_CITED)).all():
        cited.setdefault(row.question_id, []).append(f"{row.number} {row.title}")
    for row in connection.execute(sa.text(_FOUND)).all():
        if row.id in cited:
            text = "\n".join([row.title, row.body, row.short, *cited[row.id]])
            search.reword(connection, row.id, text)


def down_from_chasing(connection: sa.Connection) -> None:
    """The release before knew one answer a question and agency, and carried decisions out at once."""
    for statement in _DOWN:
        connection.execute(sa.text(statement))
