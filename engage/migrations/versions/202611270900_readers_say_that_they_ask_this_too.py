"""Readers say that they ask this too"""

import sqlalchemy as sa
from alembic import op

revision = "202611270900"
down_revision = "202611261200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voter", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.CheckConstraint("standing in ('counted', 'quarantined', 'kept_out')", name="vote_standing"),
        sa.PrimaryKeyConstraint("surface", "thing_id", "voter", name=op.f("pk_vote")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_voter"), ["voter"], unique=False)
        aside = sa.text("standing <> 'counted'")
        batch_op.create_index(
            "vote_aside", ["surface", "thing_id"], unique=False, postgresql_where=aside, sqlite_where=aside
        )

    op.create_table(
        "vote_source",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "surface", "thing_id", "source", name=op.f("pk_vote_source")),
    )
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_votes", sa.Integer(), server_default="60", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("most_votes")

    op.drop_table("vote_source")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index("vote_aside")
        batch_op.drop_index(batch_op.f("ix_vote_voter"))

    op.drop_table("vote")
