"""Feedback, talk, and portals"""

import sqlalchemy as sa
from alembic import op

revision = "202611280100"
down_revision = "202611271500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about_vi", sa.String(length=500), nullable=False),
        sa.Column("about_en", sa.String(length=500), nullable=False),
        sa.Column("accepts_clean", sa.Boolean(), nullable=False),
        sa.Column("writers", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("writers in ('guests', 'citizens')", name="section_writers"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_section")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("font", sa.String(length=120), nullable=False),
        sa.Column("round", sa.String(length=3), nullable=False),
        sa.Column("guests", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("slug", name=op.f("uq_site_slug")),
    )
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

    op.create_table(
        "citizen_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("onward", sa.String(length=300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way in ('link', 'code')", name="citizen_proof_way"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_citizen_proof_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_proof")),
    )
    with op.batch_alter_table("citizen_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citizen_proof_person_id"), ["person_id"], unique=False)

    op.create_table(
        "embed_session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_embed_session_person_id_person")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_embed_session_site_id_site")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_embed_session")),
    )
    with op.batch_alter_table("embed_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_embed_session_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_embed_session_site_id"), ["site_id"], unique=False)

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("moderation", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("has_marks", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "moderation in ('received', 'held', 'accepted', 'returned', 'refused', 'withdrawn', 'hidden')",
            name="remark_moderation",
        ),
        sa.CheckConstraint("surface in ('post', 'comment')", name="remark_surface"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_remark_agency_id_agency")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_remark_author_id_person")),
        sa.ForeignKeyConstraint(["badge_id"], ["agency.id"], name=op.f("fk_remark_badge_id_agency")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["remark.id"], name=op.f("fk_remark_reply_to_id_remark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_remark_reply_to_id"), ["reply_to_id"], unique=False)
        batch_op.create_index("remark_in_place", ["surface", "place_id", "number"], unique=True)
        batch_op.create_index(
            "remark_received",
            ["id"],
            unique=False,
            postgresql_where=sa.text("moderation = 'received'"),
            sqlite_where=sa.text("moderation = 'received'"),
        )
        batch_op.create_index("remark_repeats", ["fingerprint", "created_at"], unique=False)
        batch_op.create_index("remark_useful", ["surface", "place_id", "useful", "number"], unique=False)

    op.create_table(
        "site_key",
        sa.Column("kid", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=8), nullable=False),
        sa.Column("public", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("algorithm in ('HS256', 'EdDSA')", name="site_key_algorithm"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_key_site_id_site")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_site_key")),
    )
    with op.batch_alter_table("site_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_key_site_id"), ["site_id"], unique=False)

    op.create_table(
        "site_member",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_site_member_person_id_person")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_member_site_id_site")),
        sa.PrimaryKeyConstraint("site_id", "subject", name=op.f("pk_site_member")),
    )
    with op.batch_alter_table("site_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "spent_token",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_spent_token_site_id_site")),
        sa.PrimaryKeyConstraint("site_id", "jti", name=op.f("pk_spent_token")),
    )
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_token_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_by", sa.Integer(), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_removal_by_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_removal_remark_id_remark")),
        sa.ForeignKeyConstraint(["restored_by"], ["person.id"], name=op.f("fk_removal_restored_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.create_index("removal_of_remark", ["remark_id", "id"], unique=False)

    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_why", sa.String(length=500), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_thread_closed_by_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_thread_question_id_question")),
        sa.ForeignKeyConstraint(["section"], ["section.slug"], name=op.f("fk_thread_section_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("question_id", name=op.f("uq_thread_question_id")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index("thread_in_section", ["section", "last_at", "id"], unique=False)

    op.create_table(
        "bookmark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bookmark_person_id_person")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_bookmark_thread_id_thread")),
        sa.PrimaryKeyConstraint("person_id", "thread_id", name=op.f("pk_bookmark")),
    )
    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.create_index("bookmark_followed", ["person_id", "follows"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=10), nullable=False, server_default=sa.text("''")))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "person_citizen",
            ["email"],
            unique=True,
            postgresql_where=sa.text("kind = 'citizen' and email is not null"),
            sqlite_where=sa.text("kind = 'citizen' and email is not null"),
        )

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
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code')"
            ),
        )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_check_constraint(
            "question_kind", sa.text("kind in ('question', 'report', 'proposal', 'contribution')")
        )
    with op.batch_alter_table("answer") as batch_op:
        batch_op.create_check_constraint(
            "answer_outcome", sa.text("outcome in ('', 'accepted', 'partly', 'explained', 'noted')")
        )
    _make_search_index()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("drop table fts_search_remark" if is_sqlite else "drop table search_entry_remark")
    # A release that knows no restricted texts would show them.
    op.execute(sa.text("update question set sealed = true where restricted"))
    with op.batch_alter_table("policy") as batch_op:
        batch_op.drop_constraint("policy_readership", type_="check")
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined')"
            ),
        )
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

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "person_citizen",
            postgresql_where=sa.text("kind = 'citizen' and email is not null"),
            sqlite_where=sa.text("kind = 'citizen' and email is not null"),
        )
        batch_op.drop_column("verified_at")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("outcome")

    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.drop_index("bookmark_followed")

    op.drop_table("bookmark")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("thread_in_section")

    op.drop_table("thread")
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.drop_index("removal_of_remark")

    op.drop_table("removal")
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_token_ends_at"))

    op.drop_table("spent_token")
    with op.batch_alter_table("site_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_member_person_id"))

    op.drop_table("site_member")
    with op.batch_alter_table("site_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_key_site_id"))

    op.drop_table("site_key")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index("remark_useful")
        batch_op.drop_index("remark_repeats")
        batch_op.drop_index(
            "remark_received",
            postgresql_where=sa.text("moderation = 'received'"),
            sqlite_where=sa.text("moderation = 'received'"),
        )
        batch_op.drop_index("remark_in_place")
        batch_op.drop_index(batch_op.f("ix_remark_reply_to_id"))
        batch_op.drop_index(batch_op.f("ix_remark_author_id"))

    op.drop_table("remark")
    with op.batch_alter_table("embed_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_embed_session_site_id"))
        batch_op.drop_index(batch_op.f("ix_embed_session_person_id"))

    op.drop_table("embed_session")
    with op.batch_alter_table("citizen_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizen_proof_person_id"))

    op.drop_table("citizen_proof")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("campaign_by_time")

    op.drop_table("campaign")
    op.drop_table("site")
    op.drop_table("section")


def _make_search_index() -> None:
    """What is said in places is searched apart from questions."""
    if op.get_bind().dialect.name == "sqlite":
        words = "written, folded, tokenize = 'unicode61 remove_diacritics 0'"
        op.execute(f"create virtual table fts_search_remark using fts5({words})")
        return
    words = "written tsvector not null, folded tsvector not null"
    op.execute(f"create table search_entry_remark (id integer primary key, {words})")
    op.execute("create index search_entry_remark_folded on search_entry_remark using gin (folded)")
