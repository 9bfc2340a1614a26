"""Citizens sign in"""

import sqlalchemy as sa
from alembic import op

revision = "202611280200"
down_revision = "202611271000"
branch_labels = None
depends_on = None


def upgrade() -> None:
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

    with op.batch_alter_table("citizen_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizen_proof_person_id"))

    op.drop_table("citizen_proof")
