"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("refused_case_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_appeal_case_id_moderation_case")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_appeal_question_id_question")),
        sa.ForeignKeyConstraint(
            ["refused_case_id"], ["moderation_case.id"], name=op.f("fk_appeal_refused_case_id_moderation_case")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("refused_case_id", name=op.f("uq_appeal_refused_case_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_question_id"), ["question_id"], unique=False)

    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("returned_words", sa.String(length=1000), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('asked', 'held', 'given', 'lapsed')", name="clarification_state"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_clarification_agency_id_agency")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_clarification_asked_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_clarification_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sa.UniqueConstraint("question_id", "round", name="uq_clarification_question_round"),
    )
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.create_index("clarification_waiting", ["state", "due_at", "id"], unique=False)

    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold", sa.String(length=500), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("state <> 'erased' or hold = ''", name="data_request_hold_stops_erasure"),
        sa.CheckConstraint("state in ('asked', 'erased', 'restricted', 'refused')", name="data_request_state"),
        sa.CheckConstraint("wish in ('erase', 'restrict')", name="data_request_wish"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_data_request_decided_by_person")),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_data_request_held_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_data_request_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index(
            "data_request_one_open",
            ["question_id"],
            unique=True,
            postgresql_where=sa.text("state = 'asked'"),
            sqlite_where=sa.text("state = 'asked'"),
        )
        batch_op.create_index("data_request_waiting", ["state", "due_at", "id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict in ('yes', 'partly', 'no')", name="rating_verdict"),
        sa.CheckConstraint(
            "why in ('off_point', 'unclear', 'no_grounds', 'cannot_do', 'outdated', 'other') or why is null",
            name="rating_why",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_rating_agency_id_agency")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_rating_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "way_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_way_back_person_id_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_way_back_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_back")),
    )
    with op.batch_alter_table("way_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_way_back_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_way_back_question_id"), ["question_id"], unique=False)

    op.create_table(
        "second_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=1000), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('asked', 'sent_back', 'closed')", name="second_look_state"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_second_look_agency_id_agency")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_second_look_answer_id_answer")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_second_look_decided_by_person")),
        sa.ForeignKeyConstraint(["not_by"], ["person.id"], name=op.f("fk_second_look_not_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_second_look_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_second_look_answer_id")),
    )
    with op.batch_alter_table("second_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_look_question_id"), ["question_id"], unique=False)
        batch_op.create_index("second_look_waiting", ["state", "asked_at", "id"], unique=False)

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("barred", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn_why", sa.String(length=500), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("follows_on_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_question_follows_on_id"), ["follows_on_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_follows_on_id_question"), "question", ["follows_on_id"], ["id"]
        )

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided')"
            ),
        )
    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step",
            sa.text(
                "step in ('moderate', 'acknowledge', 'answer', 'approve', 'clarify', 'second_look', 'data_request')"
            ),
        )
    with op.batch_alter_table("moderation_case") as batch_op:
        batch_op.create_check_constraint(
            "moderation_case_barred", sa.text("decided_by is null or barred is null or decided_by <> barred")
        )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome",
            sa.text("outcome in ('transferred', 'given_back', 'rerouted', 'withdrawn') or outcome is null"),
        )


def downgrade() -> None:
    op.execute(
        "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed'))"
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed')"
            ),
        )
    op.execute("delete from term where not (step in ('moderate', 'acknowledge', 'answer', 'approve'))")
    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step", sa.text("step in ('moderate', 'acknowledge', 'answer', 'approve')")
        )
    with op.batch_alter_table("moderation_case") as batch_op:
        batch_op.drop_constraint("moderation_case_barred", type_="check")
    op.execute(
        "delete from assignment where not (outcome in ('transferred', 'given_back', 'rerouted') or outcome is null)"
    )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome", sa.text("outcome in ('transferred', 'given_back', 'rerouted') or outcome is null")
        )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_follows_on_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_question_follows_on_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("follows_on_id")
        batch_op.drop_column("withdrawn_why")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("corrected_at")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("paused_at")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("restricted_at")

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_column("barred")

    with op.batch_alter_table("second_look", schema=None) as batch_op:
        batch_op.drop_index("second_look_waiting")
        batch_op.drop_index(batch_op.f("ix_second_look_question_id"))

    op.drop_table("second_look")
    with op.batch_alter_table("way_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_way_back_question_id"))
        batch_op.drop_index(batch_op.f("ix_way_back_person_id"))

    op.drop_table("way_back")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_agency_id"))

    op.drop_table("rating")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index("data_request_waiting")
        batch_op.drop_index(
            "data_request_one_open",
            postgresql_where=sa.text("state = 'asked'"),
            sqlite_where=sa.text("state = 'asked'"),
        )

    op.drop_table("data_request")
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.drop_index("clarification_waiting")

    op.drop_table("clarification")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_question_id"))

    op.drop_table("appeal")
