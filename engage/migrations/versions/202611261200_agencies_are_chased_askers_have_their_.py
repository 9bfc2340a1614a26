"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["document.id"], name=op.f("fk_document_replaced_by_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
    )
    op.create_table(
        "snippet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_snippet_agency_id_agency")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_snippet_changed_by_person")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_snippet_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snippet")),
    )
    with op.batch_alter_table("snippet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snippet_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "companion",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["question.id"], name=op.f("fk_companion_lead_id_question")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_companion_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_companion")),
    )
    with op.batch_alter_table("companion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_companion_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "transcript",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("typed_by", sa.Integer(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_transcript_answer_id_answer")),
        sa.ForeignKeyConstraint(["typed_by"], ["person.id"], name=op.f("fk_transcript_typed_by_person")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_transcript")),
    )
    op.create_table(
        "translation",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("short", sa.String(length=400), nullable=False),
        sa.Column("full", sa.Text(), nullable=False),
        sa.Column("full_html", sa.Text(), nullable=False),
        sa.Column("by_desk", sa.Boolean(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_translation_answer_id_answer")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_translation_approved_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_translation_written_by_person")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_translation")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=1000), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column("for_all", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("not_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("by_desk", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("outdated_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("outdated_reason", sa.String(length=1000), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("newer_question_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_answer_question_agency"), type_="unique")
        batch_op.create_index("answer_of_question", ["question_id", "published_at"], unique=False)
        batch_op.create_index(
            "answer_open",
            ["question_id", "agency_id"],
            unique=True,
            sqlite_where=sa.text("published_at is null"),
            postgresql_where=sa.text("published_at is null"),
        )
        batch_op.create_index(
            "answer_waiting",
            ["agency_id"],
            unique=False,
            sqlite_where=sa.text("published_at is null and sent_at is not null"),
            postgresql_where=sa.text("published_at is null and sent_at is not null"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_answer_not_by_person"), "person", ["not_by"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_answer_newer_question_id_question"), "question", ["newer_question_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_answer_first_id_answer"), "answer", ["first_id"], ["id"])

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
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'corrected', 'outdated', 'followed_news')"
            ),
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
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answer_first_id_answer"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_answer_newer_question_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_answer_not_by_person"), type_="foreignkey")
        batch_op.drop_index(
            "answer_waiting",
            sqlite_where=sa.text("published_at is null and sent_at is not null"),
            postgresql_where=sa.text("published_at is null and sent_at is not null"),
        )
        batch_op.drop_index(
            "answer_open",
            sqlite_where=sa.text("published_at is null"),
            postgresql_where=sa.text("published_at is null"),
        )
        batch_op.drop_index("answer_of_question")
        batch_op.create_unique_constraint(batch_op.f("uq_answer_question_agency"), ["question_id", "agency_id"])
        batch_op.drop_column("newer_question_id")
        batch_op.drop_column("outdated_reason")
        batch_op.drop_column("outdated_on")
        batch_op.drop_column("replaced_at")
        batch_op.drop_column("by_desk")
        batch_op.drop_column("sent_at")
        batch_op.drop_column("not_by")
        batch_op.drop_column("for_all")
        batch_op.drop_column("reason")
        batch_op.drop_column("first_id")

    op.drop_table("translation")
    op.drop_table("transcript")
    with op.batch_alter_table("companion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_companion_lead_id"))

    op.drop_table("companion")
    with op.batch_alter_table("snippet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snippet_agency_id"))

    op.drop_table("snippet")
    op.drop_table("document")
