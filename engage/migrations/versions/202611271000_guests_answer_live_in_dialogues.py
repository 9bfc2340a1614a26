"""Guests answer live in dialogues"""

import sqlalchemy as sa
from alembic import op

revision = "202611271000"
down_revision = "202611270900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_series_slug")),
    )
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("lead", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("cohosts", sa.JSON(), nullable=False),
        sa.Column("video_url", sa.String(length=500), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("rehearsal_of_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("takes_questions", sa.Boolean(), nullable=False),
        sa.Column("slow_seconds", sa.Integer(), nullable=False),
        sa.Column("most_each", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_down", sa.Integer(), nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage in ('draft', 'scheduled', 'intake', 'lobby', 'live', 'paused', 'closing', 'ended', 'published', 'cancelled')",
            name="dialogue_stage",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_dialogue_agency_id_agency")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_dialogue_created_by_person")),
        sa.ForeignKeyConstraint(
            ["rehearsal_of_id"], ["dialogue.id"], name=op.f("fk_dialogue_rehearsal_of_id_dialogue")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_dialogue_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
    )
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.create_index("dialogue_by_time", ["stage", "starts_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialogue_rehearsal_of_id"), ["rehearsal_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialogue_series_id"), ["series_id"], unique=False)

    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("on_screen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('draft', 'open', 'closed', 'withdrawn')", name="poll_state"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_poll_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index("poll_of", ["surface", "thing_id", "id"], unique=False)

    op.create_table(
        "dialogue_ask",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(length=40), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_ask_dialogue_id_dialogue")),
        sa.PrimaryKeyConstraint("dialogue_id", "asker", name=op.f("pk_dialogue_ask")),
    )
    op.create_table(
        "dialogue_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_dialogue_step_by_person")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_step_dialogue_id_dialogue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_step")),
    )
    with op.batch_alter_table("dialogue_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialogue_step_dialogue_id"), ["dialogue_id"], unique=False)

    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_guest_agency_id_agency")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_guest_dialogue_id_dialogue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_dialogue_id"), ["dialogue_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('draft', 'sent', 'approved')", name="minutes_state"),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_minutes_approved_by_person")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_minutes_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_minutes_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("dialogue_id", name=op.f("uq_minutes_dialogue_id")),
    )
    op.create_table(
        "poll_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_choice_poll_id_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_choice")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("poll_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_choice_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "topic_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_topic_group_agency_id_agency")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_topic_group_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_group_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_group")),
    )
    with op.batch_alter_table("topic_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_group_dialogue_id"), ["dialogue_id"], unique=False)

    op.create_table(
        "crew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("part in ('editor', 'host', 'guest', 'officer', 'scribe')", name="crew_part"),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_crew_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_crew_guest_id_guest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_crew_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew")),
        sa.UniqueConstraint("dialogue_id", "person_id", "part", "guest_id", name="crew_once"),
    )
    with op.batch_alter_table("crew", schema=None) as batch_op:
        batch_op.create_index("crew_of_person", ["person_id", "dialogue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crew_dialogue_id"), ["dialogue_id"], unique=False)

    op.create_table(
        "minutes_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_entry_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_minutes_entry_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_entry")),
    )
    with op.batch_alter_table("minutes_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_entry_minutes_id"), ["minutes_id"], unique=False)

    op.create_table(
        "poll_mark",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.String(length=40), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.CheckConstraint("standing in ('counted', 'quarantined', 'kept_out')", name="poll_mark_standing"),
        sa.ForeignKeyConstraint(["choice_id"], ["poll_choice.id"], name=op.f("fk_poll_mark_choice_id_poll_choice")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_mark_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "voter", "choice_id", name=op.f("pk_poll_mark")),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_spoken", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('drafting', 'handed_up', 'released')", name="reply_state"),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_reply_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_reply_guest_id_guest")),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_reply_held_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_reply_question_id_question")),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name=op.f("fk_reply_released_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_reply_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("question_id", "guest_id", name="reply_once"),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index("reply_of_dialogue", ["dialogue_id", "state", "id"], unique=False)
        batch_op.create_index("reply_released", ["dialogue_id", "released_at", "id"], unique=False)

    op.create_table(
        "trace",
        sa.Column("dialogue_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_trace_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_trace_question_id_question")),
        sa.PrimaryKeyConstraint("dialogue_id", "key", "question_id", name=op.f("pk_trace")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trace", schema=None) as batch_op:
        batch_op.create_index("trace_of_question", ["question_id"], unique=False)

    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("floor", sa.String(length=10), nullable=False),
        sa.Column("is_advance", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staged_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "floor in ('waiting', 'queued', 'on_stage', 'answered', 'aside', 'carried')", name="turn_floor"
        ),
        sa.ForeignKeyConstraint(["cluster_id"], ["question.id"], name=op.f("fk_turn_cluster_id_question")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_turn_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["group_id"], ["topic_group.id"], name=op.f("fk_turn_group_id_topic_group")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_turn_guest_id_guest")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_turn_question_id_question")),
        sa.ForeignKeyConstraint(["staged_by"], ["person.id"], name=op.f("fk_turn_staged_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("question_id", name=op.f("uq_turn_question_id")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index("turn_age", ["dialogue_id", "floor", "id"], unique=False)
        batch_op.create_index("turn_of_cluster", ["dialogue_id", "cluster_id", "id"], unique=False)
        batch_op.create_index("turn_of_dialogue", ["dialogue_id", "id"], unique=False)
        batch_op.create_index("turn_of_group", ["dialogue_id", "group_id", "floor", "id"], unique=False)
        batch_op.create_index("turn_of_guest", ["guest_id", "floor", "id"], unique=False)
        batch_op.create_index(
            "turn_on_stage",
            ["dialogue_id"],
            unique=True,
            sqlite_where=sa.text("floor = 'on_stage'"),
            postgresql_where=sa.text("floor = 'on_stage'"),
        )
        batch_op.create_index("turn_queue", ["dialogue_id", "floor", "queued_at", "id"], unique=False)
        batch_op.create_index(
            "turn_rank", ["dialogue_id", "floor", sa.literal_column("people DESC"), "id"], unique=False
        )

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dialogue_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "question_of_dialogue", ["dialogue_id", "moderation", "sealed", "merged_into_id"], unique=False
        )
        batch_op.create_foreign_key(batch_op.f("fk_question_dialogue_id_dialogue"), "dialogue", ["dialogue_id"], ["id"])

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined')"
            ),
        )


def downgrade() -> None:
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden')"
            ),
        )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_dialogue_id_dialogue"), type_="foreignkey")
        batch_op.drop_index("question_of_dialogue")
        batch_op.drop_column("dialogue_id")

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index("turn_rank")
        batch_op.drop_index("turn_queue")
        batch_op.drop_index(
            "turn_on_stage", sqlite_where=sa.text("floor = 'on_stage'"), postgresql_where=sa.text("floor = 'on_stage'")
        )
        batch_op.drop_index("turn_of_guest")
        batch_op.drop_index("turn_of_group")
        batch_op.drop_index("turn_of_dialogue")
        batch_op.drop_index("turn_of_cluster")
        batch_op.drop_index("turn_age")

    op.drop_table("turn")
    with op.batch_alter_table("trace", schema=None) as batch_op:
        batch_op.drop_index("trace_of_question")

    op.drop_table("trace")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index("reply_released")
        batch_op.drop_index("reply_of_dialogue")

    op.drop_table("reply")
    op.drop_table("poll_mark")
    with op.batch_alter_table("minutes_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_entry_minutes_id"))

    op.drop_table("minutes_entry")
    with op.batch_alter_table("crew", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crew_dialogue_id"))
        batch_op.drop_index("crew_of_person")

    op.drop_table("crew")
    with op.batch_alter_table("topic_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_group_dialogue_id"))

    op.drop_table("topic_group")
    with op.batch_alter_table("poll_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_choice_poll_id"))

    op.drop_table("poll_choice")
    op.drop_table("minutes")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_dialogue_id"))

    op.drop_table("guest")
    with op.batch_alter_table("dialogue_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dialogue_step_dialogue_id"))

    op.drop_table("dialogue_step")
    op.drop_table("dialogue_ask")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index("poll_of")

    op.drop_table("poll")
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dialogue_series_id"))
        batch_op.drop_index(batch_op.f("ix_dialogue_rehearsal_of_id"))
        batch_op.drop_index("dialogue_by_time")

    op.drop_table("dialogue")
    op.drop_table("series")
