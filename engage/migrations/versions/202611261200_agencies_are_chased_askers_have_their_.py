"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint("act in ('added', 'edited', 'imported', 'undone', 'succeeded')", name="change_act"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_change_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("change_of_row", ["noun", "slug", "id"], unique=False)

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_agency_successor_id_agency"), "agency", ["successor_id"], ["id"])

    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("question_accepted", ["accepted_at", "id"], unique=False)
        batch_op.create_index(
            "question_open",
            ["accepted_at", "id"],
            unique=False,
            postgresql_where=sa.text("published_at is null"),
            sqlite_where=sa.text("published_at is null"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_topic_successor_id_topic"), "topic", ["successor_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_topic_successor_id_topic"), type_="foreignkey")
        batch_op.drop_column("successor_id")
        batch_op.drop_column("active")

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_index(
            "question_open",
            postgresql_where=sa.text("published_at is null"),
            sqlite_where=sa.text("published_at is null"),
        )
        batch_op.drop_index("question_accepted")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.drop_column("active")

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agency_successor_id_agency"), type_="foreignkey")
        batch_op.drop_column("successor_id")
        batch_op.drop_column("active")

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("change_of_row")

    op.drop_table("change")
