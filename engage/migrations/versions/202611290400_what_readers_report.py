"""What readers report"""

import sqlalchemy as sa
from alembic import op

revision = "202611290400"
down_revision = "202611290200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag_reason",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_flag_reason")),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("flagger", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'upheld', 'dismissed')", name="flag_state"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_flag_person_id_person")),
        sa.ForeignKeyConstraint(["reason"], ["flag_reason.code"], name=op.f("fk_flag_reason_flag_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("surface", "thing_id", "flagger", "wording", name="flag_once"),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index("flag_made", ["made_at", "id"], unique=False)
        batch_op.create_index("flag_of_flagger", ["flagger", "made_at"], unique=False)
        batch_op.create_index(
            "flag_waiting",
            ["surface", "thing_id"],
            unique=False,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_flag_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index("follow_lately", ["surface", "since"], unique=False)

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flags_needed", sa.Integer(), server_default="12", nullable=False))

    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index("remark_lately", ["surface", "accepted_at"], unique=False)

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code', 'suggested', 'thread_news', 'flag_answered')"
            ),
        )


def downgrade() -> None:
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code', 'suggested', 'thread_news'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code', 'suggested', 'thread_news')"
            ),
        )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index("remark_lately")

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("flags_needed")

    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index("follow_lately")

    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flag_person_id"))
        batch_op.drop_index(
            "flag_waiting", postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'")
        )
        batch_op.drop_index("flag_of_flagger")
        batch_op.drop_index("flag_made")

    op.drop_table("flag")
    op.drop_table("flag_reason")
