"""Citizens sign in, portals are registered"""

import sqlalchemy as sa
from alembic import op

revision = "202611280200"
down_revision = "202611271000"
branch_labels = None
depends_on = None


def upgrade() -> None:
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

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "person_citizen",
            ["email"],
            unique=True,
            postgresql_where=sa.text("kind = 'citizen' and email is not null"),
            sqlite_where=sa.text("kind = 'citizen' and email is not null"),
        )

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code')"
            ),
        )


def downgrade() -> None:
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
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "person_citizen",
            postgresql_where=sa.text("kind = 'citizen' and email is not null"),
            sqlite_where=sa.text("kind = 'citizen' and email is not null"),
        )
        batch_op.drop_column("verified_at")

    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_token_ends_at"))

    op.drop_table("spent_token")
    with op.batch_alter_table("site_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_member_person_id"))

    op.drop_table("site_member")
    with op.batch_alter_table("site_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_key_site_id"))

    op.drop_table("site_key")
    with op.batch_alter_table("embed_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_embed_session_site_id"))
        batch_op.drop_index(batch_op.f("ix_embed_session_person_id"))

    op.drop_table("embed_session")
    with op.batch_alter_table("citizen_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizen_proof_person_id"))

    op.drop_table("citizen_proof")
    op.drop_table("site")
