"""Comments under articles"""

import sqlalchemy as sa
from alembic import op

revision = "202611290100"
down_revision = "202611280100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("external", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_why", sa.String(length=500), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_article_closed_by_person")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["article.id"], name=op.f("fk_article_merged_into_id_article")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_article_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index("article_of_site", ["site_id", "external"], unique=True)
        batch_op.create_index(batch_op.f("ix_article_merged_into_id"), ["merged_into_id"], unique=False)

    op.create_table(
        "article_address",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_address_article_id_article")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_article_address_site_id_site")),
        sa.PrimaryKeyConstraint("site_id", "address", name=op.f("pk_article_address")),
    )
    with op.batch_alter_table("article_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_address_article_id"), ["article_id"], unique=False)

    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.add_column(sa.Column("picked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.drop_index(batch_op.f("ix_remark_reply_to_id"))
        batch_op.drop_index(batch_op.f("remark_useful"))
        batch_op.create_index(
            "remark_useful",
            ["surface", "place_id", "useful", "line"],
            unique=False,
            postgresql_where=sa.text("reply_to_id is null and line is not null"),
            sqlite_where=sa.text("reply_to_id is null and line is not null"),
        )
        batch_op.create_index("remark_answers", ["reply_to_id", "line"], unique=False)
        batch_op.create_index(
            "remark_lines",
            ["surface", "place_id", "line"],
            unique=True,
            postgresql_where=sa.text("reply_to_id is null"),
            sqlite_where=sa.text("reply_to_id is null"),
        )

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("comment_days", sa.Integer(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    # A release that knows no comments finds none that wait: neither with the worker nor at the desk.
    op.execute(
        "update remark set moderation = 'withdrawn' where surface = 'comment' and moderation in ('received', 'held')"
    )
    op.execute("delete from moderation_case where surface = 'comment' and not sealed")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("comment_days")

    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(
            "remark_lines", postgresql_where=sa.text("reply_to_id is null"), sqlite_where=sa.text("reply_to_id is null")
        )
        batch_op.drop_index("remark_answers")
        batch_op.drop_index(
            "remark_useful",
            postgresql_where=sa.text("reply_to_id is null and line is not null"),
            sqlite_where=sa.text("reply_to_id is null and line is not null"),
        )
        batch_op.create_index(batch_op.f("remark_useful"), ["surface", "place_id", "useful", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_remark_reply_to_id"), ["reply_to_id"], unique=False)
        batch_op.drop_column("version")
        batch_op.drop_column("picked_at")
        batch_op.drop_column("answers")
        batch_op.drop_column("line")

    with op.batch_alter_table("article_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_address_article_id"))

    op.drop_table("article_address")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_merged_into_id"))
        batch_op.drop_index("article_of_site")

    op.drop_table("article")
