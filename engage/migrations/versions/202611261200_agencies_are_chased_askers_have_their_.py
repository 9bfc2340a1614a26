"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_hours",
        sa.Column("whose", sa.String(length=20), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("whose", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "calendar_alarm",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_alarm_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_calendar_alarm")),
    )
    op.create_table(
        "chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("clock in ('acknowledge', 'answer', 'approve')", name="chase_clock"),
        sa.CheckConstraint(
            "step in ('offered', 'due_soon', 'due', 'overdue', 'supervisor', 'portal_desk')", name="chase_step"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_chase_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase")),
        sa.UniqueConstraint("surface", "thing_id", "clock", "step", "due_at", "agency_id", name="uq_chase_once"),
    )
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.create_index("chase_by_step", ["step", "due_at", "id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("person_id", "day", name="uq_digest_once_a_day"),
    )
    op.create_table(
        "due_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('started', 'complexity_set', 'paused', 'resumed', 'extended', 'handed_over', 'calendar_changed')",
            name="due_change_kind",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_due_change_agency_id_agency")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_due_change_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_change")),
    )
    with op.batch_alter_table("due_change", schema=None) as batch_op:
        batch_op.create_index("due_change_of_thing", ["surface", "thing_id", "id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("chase_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["chase_id"], ["chase.id"], name=op.f("fk_reminder_chase_id_chase")),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_reminder_digest_id_digest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("chase_id", "person_id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index(
            "reminder_waiting",
            ["person_id"],
            unique=False,
            postgresql_where=sa.text("digest_id is null"),
            sqlite_where=sa.text("digest_id is null"),
        )

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approve_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approve_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("chase_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("recount", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("question_chased", ["chase_at", "id"], unique=False)
        batch_op.create_index(
            "question_recounted",
            ["id"],
            unique=False,
            postgresql_where=sa.text("recount"),
            sqlite_where=sa.text("recount"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step",
            sa.text(
                "step in ('moderate', 'acknowledge', 'answer', 'approve', 'extend', 'extensions', 'handed_over', 'due_soon', 'supervisor', 'portal_desk')"
            ),
        )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'extended', 'digest', 'calendar_ends')"
            ),
        )


def downgrade() -> None:
    op.execute(sa.text("delete from term where not (step in ('moderate', 'acknowledge', 'answer', 'approve'))"))
    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step", sa.text("step in ('moderate', 'acknowledge', 'answer', 'approve')")
        )
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed')"
            ),
        )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_index("question_recounted", postgresql_where=sa.text("recount"), sqlite_where=sa.text("recount"))
        batch_op.drop_index("question_chased")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("recount")
        batch_op.drop_column("chase_at")
        batch_op.drop_column("approve_due_at")
        batch_op.drop_column("approve_from")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(
            "reminder_waiting", postgresql_where=sa.text("digest_id is null"), sqlite_where=sa.text("digest_id is null")
        )
        batch_op.drop_index(batch_op.f("ix_reminder_digest_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("due_change", schema=None) as batch_op:
        batch_op.drop_index("due_change_of_thing")

    op.drop_table("due_change")
    op.drop_table("digest")
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.drop_index("chase_by_step")

    op.drop_table("chase")
    op.drop_table("calendar_alarm")
    op.drop_table("office_hours")
