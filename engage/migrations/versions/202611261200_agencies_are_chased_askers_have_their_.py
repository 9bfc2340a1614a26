"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
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
