"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind <> 'nothing' or by <> sealed_by", name="hand_over_nothing_by_a_second_person"),
        sa.CheckConstraint("kind in ('handed_over', 'nothing')", name="hand_over_kind"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_hand_over_by_person")),
        sa.ForeignKeyConstraint(["erased_by"], ["person.id"], name=op.f("fk_hand_over_erased_by_person")),
        sa.ForeignKeyConstraint(["sealed_by"], ["person.id"], name=op.f("fk_hand_over_sealed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("case_id", name="hand_over_once"),
    )
    op.create_table(
        "presence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "desk", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index("presence_at_desk", ["desk", "seen_at"], unique=False)

    op.create_table(
        "sealed_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sealed_read_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_read")),
    )
    with op.batch_alter_table("sealed_read", schema=None) as batch_op:
        batch_op.create_index("sealed_read_of_case", ["case_id", "id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_merge_by_person")),
        sa.ForeignKeyConstraint(["into_id"], ["question.id"], name=op.f("fk_merge_into_id_question")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_merge_question_id_question")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_merge_undone_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index("merge_of_question", ["question_id", "id"], unique=False)

    op.create_table(
        "takedown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_by", sa.Integer(), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_takedown_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_takedown_question_id_question")),
        sa.ForeignKeyConstraint(["restored_by"], ["person.id"], name=op.f("fk_takedown_restored_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
    )
    with op.batch_alter_table("takedown", schema=None) as batch_op:
        batch_op.create_index("takedown_of_question", ["question_id", "id"], unique=False)

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kinds", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.add_column(sa.Column("folded", sa.String(length=600), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "moderation_case_undoable",
            ["undo_until"],
            unique=False,
            postgresql_where=sa.text("undo_until is not null"),
            sqlite_where=sa.text("undo_until is not null"),
        )

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("notice_of_thing", ["surface", "thing_id"], unique=False)

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undo_seconds", sa.Integer(), nullable=True))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'returned', 'merged', 'hidden')"
            ),
        )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome",
            sa.text("outcome in ('transferred', 'given_back', 'rerouted', 'merged') or outcome is null"),
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
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("undo_seconds")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("notice_of_thing")

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index(
            "moderation_case_undoable",
            postgresql_where=sa.text("undo_until is not null"),
            sqlite_where=sa.text("undo_until is not null"),
        )
        batch_op.drop_column("undo_until")
        batch_op.drop_column("choices")
        batch_op.drop_column("folded")
        batch_op.drop_column("kinds")

    with op.batch_alter_table("takedown", schema=None) as batch_op:
        batch_op.drop_index("takedown_of_question")

    op.drop_table("takedown")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index("merge_of_question")

    op.drop_table("merge")
    with op.batch_alter_table("sealed_read", schema=None) as batch_op:
        batch_op.drop_index("sealed_read_of_case")

    op.drop_table("sealed_read")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index("presence_at_desk")

    op.drop_table("presence")
    op.drop_table("hand_over")
