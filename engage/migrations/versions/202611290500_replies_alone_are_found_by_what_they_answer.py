"""Replies alone are found by what they answer"""

import sqlalchemy as sa
from alembic import op

revision = "202611290500"
down_revision = "202611290400"
branch_labels = None
depends_on = None

COLUMNS = ["reply_to_id", "line"]
REPLIES = sa.text("reply_to_id is not null")


def upgrade() -> None:
    op.drop_index("remark_answers", table_name="remark")
    op.create_index("remark_answers", "remark", COLUMNS, sqlite_where=REPLIES, postgresql_where=REPLIES)


def downgrade() -> None:
    op.drop_index("remark_answers", table_name="remark")
    op.create_index("remark_answers", "remark", COLUMNS)
