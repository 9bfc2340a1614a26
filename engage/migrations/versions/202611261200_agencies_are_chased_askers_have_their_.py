"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_absence_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_absence_set_by_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_absence_stand_in_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("absence_of_agency", ["agency_id", "ends_on"], unique=False)

    op.create_table(
        "share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('asked', 'given', 'declined', 'withdrawn')", name="share_state"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_share_agency_id_agency")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_share_asked_by_person")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_share_by_person")),
        sa.ForeignKeyConstraint(["lead_id"], ["agency.id"], name=op.f("fk_share_lead_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index("share_of_agency", ["agency_id", "state", "due_at", "id"], unique=False)
        batch_op.create_index(
            "share_open",
            ["surface", "thing_id", "agency_id"],
            unique=True,
            postgresql_where=sa.text("state in ('asked', 'given')"),
            sqlite_where=sa.text("state in ('asked', 'given')"),
        )

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("assignment_passed_on", ["from_agency_id", "agency_id", "offered_at"], unique=False)

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_hops", sa.Integer(), server_default="3", nullable=False))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("official_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("question_by_official", ["official_id", "answer_due_at", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_question_official_id_person"), "person", ["official_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_question_handed_by_person"), "person", ["handed_by"], ["id"])

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'handed', 'official_left', 'share_asked', 'share_answered')"
            ),
        )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome",
            sa.text("outcome in ('transferred', 'given_back', 'rerouted', 'declined') or outcome is null"),
        )


def downgrade() -> None:
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed')"
            ),
        )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome", sa.text("outcome in ('transferred', 'given_back', 'rerouted') or outcome is null")
        )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_handed_by_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_official_id_person"), type_="foreignkey")
        batch_op.drop_index("question_by_official")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("handed_at")
        batch_op.drop_column("handed_by")
        batch_op.drop_column("official_id")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("most_hops")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("assignment_passed_on")

    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index(
            "share_open",
            postgresql_where=sa.text("state in ('asked', 'given')"),
            sqlite_where=sa.text("state in ('asked', 'given')"),
        )
        batch_op.drop_index("share_of_agency")

    op.drop_table("share")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("absence_of_agency")

    op.drop_table("absence")
