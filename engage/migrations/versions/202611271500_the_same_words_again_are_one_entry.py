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


def downgrade() -> None:
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index(
            "moderation_case_entry",
            postgresql_where=sa.text("entry is not null"),
            sqlite_where=sa.text("entry is not null"),
        )
        batch_op.drop_column("entry")
