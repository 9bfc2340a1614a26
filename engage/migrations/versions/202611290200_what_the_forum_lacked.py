"""What the forum lacked"""

import sqlalchemy as sa
from alembic import op

revision = "202611290200"
down_revision = "202611290100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code', 'suggested', 'thread_news')"
            ),
        )


def downgrade() -> None:
    op.execute(
        sa.text(
            "delete from notice where not (kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code'))"
        )
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint("notice_kind", type_="check")
        batch_op.create_check_constraint(
            "notice_kind",
            sa.text(
                "kind in ('received', 'accepted', 'refused', 'transferred', 'answered', 'follow_asked', 'followed', 'invited', 'password_link', 'factor_reset', 'extended', 'digest', 'calendar_ends', 'handed', 'official_left', 'share_asked', 'share_answered', 'withdrawn', 'clarify', 'clarified', 'looked_again', 'sent_back', 'lost_code', 'request_decided', 'corrected', 'outdated', 'followed_news', 'returned', 'merged', 'parted', 'followed_parted', 'hidden', 'carried', 'remind_asked', 'starts_soon', 'postponed', 'called_off', 'joined', 'citizen_link', 'citizen_code')"
            ),
        )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_column("suggested_at")

    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_column("closes_at")

    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.drop_column("is_told")
