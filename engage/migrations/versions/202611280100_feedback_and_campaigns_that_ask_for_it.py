"""Feedback, and campaigns that ask for it"""

import sqlalchemy as sa
from alembic import op

revision = "202611280100"
down_revision = "202611271000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_html", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('draft', 'opened', 'closed')", name="campaign_state"),
        sa.CheckConstraint("opens_at < closes_at", name="campaign_opens_before_it_closes"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_campaign_agency_id_agency")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_campaign_closed_by_person")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_campaign_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index("campaign_by_time", ["state", "closes_at", "id"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=10), nullable=False, server_default=sa.text("''")))

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("readership", sa.String(length=10), server_default="public", nullable=False))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("kind", sa.String(length=12), nullable=False, server_default=sa.text("'question'"))
        )
        batch_op.add_column(sa.Column("campaign_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "question_feedback",
            ["accepted_at", "id"],
            unique=False,
            postgresql_where=sa.text("kind <> 'question'"),
            sqlite_where=sa.text("kind <> 'question'"),
        )
        batch_op.create_index("question_of_campaign", ["campaign_id", "accepted_at", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_question_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"])

    with op.batch_alter_table("policy") as batch_op:
        batch_op.create_check_constraint(
            "policy_readership", sa.text("readership in ('public', 'choice', 'restricted')")
        )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_check_constraint(
            "question_kind", sa.text("kind in ('question', 'report', 'proposal', 'contribution')")
        )
    with op.batch_alter_table("answer") as batch_op:
        batch_op.create_check_constraint(
            "answer_outcome", sa.text("outcome in ('', 'accepted', 'partly', 'explained', 'noted')")
        )


def downgrade() -> None:
    # A release that knows no restricted texts would show them.
    op.execute(sa.text("update question set sealed = true where restricted"))
    with op.batch_alter_table("policy") as batch_op:
        batch_op.drop_constraint("policy_readership", type_="check")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_constraint("question_kind", type_="check")
    with op.batch_alter_table("answer") as batch_op:
        batch_op.drop_constraint("answer_outcome", type_="check")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_campaign_id_campaign"), type_="foreignkey")
        batch_op.drop_index("question_of_campaign")
        batch_op.drop_index(
            "question_feedback",
            postgresql_where=sa.text("kind <> 'question'"),
            sqlite_where=sa.text("kind <> 'question'"),
        )
        batch_op.drop_column("campaign_id")
        batch_op.drop_column("kind")
        batch_op.drop_column("restricted")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("readership")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("outcome")

    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("campaign_by_time")

    op.drop_table("campaign")
