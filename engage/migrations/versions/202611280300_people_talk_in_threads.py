"""People talk in threads"""

import sqlalchemy as sa
from alembic import op

revision = "202611280300"
down_revision = "202611271000"
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
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("moderation", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
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
    _make_search_index()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("drop table fts_search_remark" if is_sqlite else "drop table search_entry_remark")
    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.drop_index("bookmark_followed")

    op.drop_table("bookmark")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("thread_in_section")

    op.drop_table("thread")
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.drop_index("removal_of_remark")

    op.drop_table("removal")
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
