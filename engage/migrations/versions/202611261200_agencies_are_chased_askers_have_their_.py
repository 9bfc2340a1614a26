"""Agencies are chased, askers have their say, desks work together"""

import sqlalchemy as sa
from alembic import op

from engage.migrations import rows

revision = "202611261200"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_call_agency_id_agency")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_agency_call_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_agency_call_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_call")),
    )
    with op.batch_alter_table("agency_call", schema=None) as batch_op:
        batch_op.create_index("agency_call_of_question", ["question_id", "id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("place", name=op.f("uq_audit_place")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_kind"), ["kind"], unique=False)

    op.create_table(
        "audit_tally",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "actor", "kind", "reason", name=op.f("pk_audit_tally")),
    )
    op.create_table(
        "audit_tip",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tip")),
    )
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
        "office_hours",
        sa.Column("whose", sa.String(length=20), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("whose", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "retention",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.create_table(
        "tally",
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("answered", "agency_id", "topic_id", name=op.f("pk_tally")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_absence_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_absence_set_by_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_absence_stand_in_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("absence_of_agency", ["agency_id", "ends_on"], unique=False)

    op.create_table(
        "access_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_access_reading_reader_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reading")),
    )
    op.create_table(
        "access_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("act in ('signed_in', 'signed_out', 'posted')", name="access_record_act"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_record_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_record")),
    )
    with op.batch_alter_table("access_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_record_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_record_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_record_person_id"), ["person_id"], unique=False)

    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose in ('invite', 'reset')", name="account_link_purpose"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
    )
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("scan", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('pdf', 'jpeg', 'png', 'webp', 'docx', 'xlsx')", name="attachment_kind"),
        sa.CheckConstraint("scan in ('scanning', 'clean', 'infected')", name="attachment_scan"),
        sa.CheckConstraint("state in ('uploaded', 'private', 'published', 'refused')", name="attachment_state"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_attachment_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("attachment_of", ["surface", "thing_id", "id"], unique=False)
        batch_op.create_index("attachment_undecided", ["state", "decided_at", "id"], unique=False)
        batch_op.create_index("attachment_unscanned", ["scan", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_draft"), ["draft"], unique=False)

    op.create_table(
        "audit_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_key_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_audit_key")),
    )
    op.create_table(
        "calendar_alarm",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_alarm_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_calendar_alarm")),
    )
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
        sa.CheckConstraint(
            "act in ('added', 'edited', 'imported', 'undone', 'removed', 'succeeded')", name="change_act"
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_change_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("change_of_row", ["noun", "slug", "id"], unique=False)

    op.create_table(
        "chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("clock in ('acknowledge', 'answer', 'approve', 'again')", name="chase_clock"),
        sa.CheckConstraint(
            "step in ('offered', 'due_soon', 'due', 'overdue', 'supervisor', 'portal_desk')", name="chase_step"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_chase_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase")),
        sa.UniqueConstraint("surface", "thing_id", "clock", "step", "due_at", "agency_id", name="uq_chase_once"),
    )
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.create_index("chase_by_step", ["step", "due_at", "id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("person_id", "day", name="uq_digest_once_a_day"),
    )
    op.create_table(
        "due_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('started', 'complexity_set', 'paused', 'resumed', 'extended', 'handed_over', 'calendar_changed')",
            name="due_change_kind",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_due_change_agency_id_agency")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_due_change_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_change")),
    )
    with op.batch_alter_table("due_change", schema=None) as batch_op:
        batch_op.create_index("due_change_of_thing", ["surface", "thing_id", "id"], unique=False)

    op.create_table(
        "factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_factor_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_factor")),
    )
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
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_person_id"), ["person_id"], unique=False)

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
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_person_id"), ["person_id"], unique=False)

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
        "share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('asked', 'given', 'declined', 'withdrawn')", name="share_state"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_share_agency_id_agency")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_share_asked_by_person")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_share_by_person")),
        sa.ForeignKeyConstraint(["lead_id"], ["agency.id"], name=op.f("fk_share_lead_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index("share_of_agency", ["agency_id", "state", "due_at", "id"], unique=False)
        batch_op.create_index(
            "share_open",
            ["surface", "thing_id", "agency_id"],
            unique=True,
            postgresql_where=sa.text("state in ('asked', 'given')"),
            sqlite_where=sa.text("state in ('asked', 'given')"),
        )

    op.create_table(
        "reminder",
        sa.Column("chase_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["chase_id"], ["chase.id"], name=op.f("fk_reminder_chase_id_chase")),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_reminder_digest_id_digest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("chase_id", "person_id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index(
            "reminder_waiting",
            ["person_id"],
            unique=False,
            postgresql_where=sa.text("digest_id is null"),
            sqlite_where=sa.text("digest_id is null"),
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
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_agency_successor_id_agency"), "agency", ["successor_id"], ["id"])

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
        batch_op.create_foreign_key(
            batch_op.f("fk_answer_newer_question_id_question"), "question", ["newer_question_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_answer_not_by_person"), "person", ["not_by"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_answer_first_id_answer"), "answer", ["first_id"], ["id"])

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("assignment_passed_on", ["from_agency_id", "agency_id", "offered_at"], unique=False)

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kinds", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.add_column(sa.Column("folded", sa.String(length=600), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column("barred", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "moderation_case_undoable",
            ["undo_until"],
            unique=False,
            postgresql_where=sa.text("undo_until is not null"),
            sqlite_where=sa.text("undo_until is not null"),
        )

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_notice_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index("notice_of_thing", ["surface", "thing_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "person_staff",
            ["id"],
            unique=False,
            postgresql_where=sa.text("kind = 'staff'"),
            sqlite_where=sa.text("kind = 'staff'"),
        )
        batch_op.drop_column("failures")
        batch_op.drop_column("wait_until")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_hops", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(sa.Column("undo_seconds", sa.Integer(), nullable=True))

    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("official_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approve_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approve_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("again_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("chase_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("recount", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn_why", sa.String(length=500), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("follows_on_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_question_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("question_accepted", ["accepted_at", "id"], unique=False)
        batch_op.create_index("question_by_official", ["official_id", "answer_due_at", "id"], unique=False)
        batch_op.create_index("question_chased", ["chase_at", "id"], unique=False)
        batch_op.create_index(
            "question_open",
            ["accepted_at", "id"],
            unique=False,
            postgresql_where=sa.text("published_at is null"),
            sqlite_where=sa.text("published_at is null"),
        )
        batch_op.create_index(
            "question_recounted",
            ["id"],
            unique=False,
            postgresql_where=sa.text("recount"),
            sqlite_where=sa.text("recount"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_question_follows_on_id"), ["follows_on_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_question_merged_into_id_question"), "question", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_follows_on_id_question"), "question", ["follows_on_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_question_official_id_person"), "person", ["official_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_question_handed_by_person"), "person", ["handed_by"], ["id"])

    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_topic_successor_id_topic"), "topic", ["successor_id"], ["id"])

    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step",
            sa.text(
                "step in ('moderate', 'acknowledge', 'answer', 'approve', 'extend', 'extensions', 'handed_over', 'due_soon', 'supervisor', 'portal_desk', 'clarify', 'second_look', 'data_request', 'rounds', 'rating', 'follow_up')"
            ),
        )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden')"
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
            sa.text(
                "outcome in ('transferred', 'given_back', 'rerouted', 'declined', 'withdrawn', 'merged') or outcome is null"
            ),
        )
    rows.up_to_chasing(op.get_bind())


def downgrade() -> None:
    rows.down_from_chasing(op.get_bind())
    op.execute(sa.text("delete from term where not (step in ('moderate', 'acknowledge', 'answer', 'approve'))"))
    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint("term_step", type_="check")
        batch_op.create_check_constraint(
            "term_step", sa.text("step in ('moderate', 'acknowledge', 'answer', 'approve')")
        )
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed')"
            ),
        )
    with op.batch_alter_table("moderation_case") as batch_op:
        batch_op.drop_constraint("moderation_case_barred", type_="check")
    op.execute(
        sa.text(
            "delete from assignment where not (outcome in ('transferred', 'given_back', 'rerouted') or outcome is null)"
        )
    )
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_outcome", type_="check")
        batch_op.create_check_constraint(
            "assignment_outcome", sa.text("outcome in ('transferred', 'given_back', 'rerouted') or outcome is null")
        )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_topic_successor_id_topic"), type_="foreignkey")
        batch_op.drop_column("successor_id")
        batch_op.drop_column("active")

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_handed_by_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_official_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_follows_on_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_merged_into_id_question"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_question_follows_on_id"), type_="unique")
        batch_op.drop_index("question_recounted", postgresql_where=sa.text("recount"), sqlite_where=sa.text("recount"))
        batch_op.drop_index(
            "question_open",
            postgresql_where=sa.text("published_at is null"),
            sqlite_where=sa.text("published_at is null"),
        )
        batch_op.drop_index("question_chased")
        batch_op.drop_index("question_by_official")
        batch_op.drop_index("question_accepted")
        batch_op.drop_index(batch_op.f("ix_question_merged_into_id"))
        batch_op.drop_column("follows_on_id")
        batch_op.drop_column("withdrawn_why")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("corrected_at")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("recount")
        batch_op.drop_column("chase_at")
        batch_op.drop_column("again_due_at")
        batch_op.drop_column("approve_due_at")
        batch_op.drop_column("approve_from")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("handed_at")
        batch_op.drop_column("handed_by")
        batch_op.drop_column("official_id")

    with op.batch_alter_table("province", schema=None) as batch_op:
        batch_op.drop_column("active")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("undo_seconds")
        batch_op.drop_column("most_hops")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.drop_index(
            "person_staff", postgresql_where=sa.text("kind = 'staff'"), sqlite_where=sa.text("kind = 'staff'")
        )
        batch_op.drop_column("restricted_at")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("notice_of_thing")
        batch_op.drop_index(batch_op.f("ix_notice_digest_id"))
        batch_op.drop_column("digest_id")

    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index(
            "moderation_case_undoable",
            postgresql_where=sa.text("undo_until is not null"),
            sqlite_where=sa.text("undo_until is not null"),
        )
        batch_op.drop_column("undo_until")
        batch_op.drop_column("choices")
        batch_op.drop_column("barred")
        batch_op.drop_column("folded")
        batch_op.drop_column("kinds")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("assignment_passed_on")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answer_first_id_answer"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_answer_not_by_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_answer_newer_question_id_question"), type_="foreignkey")
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

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agency_successor_id_agency"), type_="foreignkey")
        batch_op.drop_column("successor_id")
        batch_op.drop_column("active")

    op.drop_table("translation")
    op.drop_table("transcript")
    with op.batch_alter_table("second_look", schema=None) as batch_op:
        batch_op.drop_index("second_look_waiting")
        batch_op.drop_index(batch_op.f("ix_second_look_question_id"))

    op.drop_table("second_look")
    with op.batch_alter_table("way_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_way_back_question_id"))
        batch_op.drop_index(batch_op.f("ix_way_back_person_id"))

    op.drop_table("way_back")
    with op.batch_alter_table("takedown", schema=None) as batch_op:
        batch_op.drop_index("takedown_of_question")

    op.drop_table("takedown")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_agency_id"))

    op.drop_table("rating")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index("merge_of_question")

    op.drop_table("merge")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index("data_request_waiting")
        batch_op.drop_index(
            "data_request_one_open",
            postgresql_where=sa.text("state = 'asked'"),
            sqlite_where=sa.text("state = 'asked'"),
        )

    op.drop_table("data_request")
    with op.batch_alter_table("companion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_companion_lead_id"))

    op.drop_table("companion")
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.drop_index("clarification_waiting")

    op.drop_table("clarification")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_question_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("snippet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snippet_agency_id"))

    op.drop_table("snippet")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(
            "reminder_waiting", postgresql_where=sa.text("digest_id is null"), sqlite_where=sa.text("digest_id is null")
        )
        batch_op.drop_index(batch_op.f("ix_reminder_digest_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index(
            "share_open",
            postgresql_where=sa.text("state in ('asked', 'given')"),
            sqlite_where=sa.text("state in ('asked', 'given')"),
        )
        batch_op.drop_index("share_of_agency")

    op.drop_table("share")
    with op.batch_alter_table("sealed_read", schema=None) as batch_op:
        batch_op.drop_index("sealed_read_of_case")

    op.drop_table("sealed_read")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_person_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index("presence_at_desk")

    op.drop_table("presence")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_person_id"))

    op.drop_table("batch")
    op.drop_table("hand_over")
    op.drop_table("factor")
    with op.batch_alter_table("due_change", schema=None) as batch_op:
        batch_op.drop_index("due_change_of_thing")

    op.drop_table("due_change")
    op.drop_table("digest")
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.drop_index("chase_by_step")

    op.drop_table("chase")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("change_of_row")

    op.drop_table("change")
    op.drop_table("calendar_alarm")
    op.drop_table("audit_key")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_draft"))
        batch_op.drop_index("attachment_unscanned")
        batch_op.drop_index("attachment_undecided")
        batch_op.drop_index("attachment_of")

    op.drop_table("attachment")
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_link_person_id"))

    op.drop_table("account_link")
    with op.batch_alter_table("access_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_record_person_id"))
        batch_op.drop_index(batch_op.f("ix_access_record_at"))
        batch_op.drop_index(batch_op.f("ix_access_record_address"))

    op.drop_table("access_record")
    op.drop_table("access_reading")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("absence_of_agency")

    op.drop_table("absence")
    op.drop_table("tally")
    op.drop_table("retention")
    op.drop_table("office_hours")
    op.drop_table("document")
    op.drop_table("audit_tip")
    op.drop_table("audit_tally")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_kind"))
        batch_op.drop_index(batch_op.f("ix_audit_actor"))

    op.drop_table("audit")
    with op.batch_alter_table("agency_call", schema=None) as batch_op:
        batch_op.drop_index("agency_call_of_question")

    op.drop_table("agency_call")
    op.drop_table("attempt")
