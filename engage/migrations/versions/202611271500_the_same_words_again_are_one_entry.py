"""The same words again are one entry"""

import sqlalchemy as sa
from alembic import op

revision = "202611271500"
down_revision = "202611271000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry", sa.String(length=60), nullable=True))
        batch_op.create_index(
            "moderation_case_entry",
            ["entry", "id"],
            unique=False,
            postgresql_where=sa.text("entry is not null"),
            sqlite_where=sa.text("entry is not null"),
        )

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(
            "question_not_asked",
            ["dialogue_id", "moderation", "sealed", "merged_into_id"],
            unique=False,
            postgresql_where=sa.text(
                "dialogue_id is not null and (moderation <> 'accepted' or sealed or merged_into_id is not null)"
            ),
            sqlite_where=sa.text(
                "dialogue_id is not null and (moderation <> 'accepted' or sealed or merged_into_id is not null)"
            ),
        )

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("turn_of_cluster"))
        batch_op.create_index("turn_of_cluster", ["dialogue_id", "cluster_id", "is_apart", "question_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index("turn_of_cluster")
        batch_op.create_index(batch_op.f("turn_of_cluster"), ["dialogue_id", "cluster_id", "id"], unique=False)

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(
            "question_not_asked",
            postgresql_where=sa.text(
                "dialogue_id is not null and (moderation <> 'accepted' or sealed or merged_into_id is not null)"
            ),
            sqlite_where=sa.text(
                "dialogue_id is not null and (moderation <> 'accepted' or sealed or merged_into_id is not null)"
            ),
        )

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index(
            "moderation_case_entry",
            postgresql_where=sa.text("entry is not null"),
            sqlite_where=sa.text("entry is not null"),
        )
        batch_op.drop_column("entry")
