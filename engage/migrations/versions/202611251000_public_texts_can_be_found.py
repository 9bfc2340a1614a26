"""Public texts can be found by their words"""

from alembic import op

revision = "202611251000"
down_revision = "202611250900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "create virtual table fts_search using fts5(written, folded, tokenize = 'unicode61 remove_diacritics 0')"
        )
        return
    op.execute(
        "create table search_entry (id integer primary key, written tsvector not null, folded tsvector not null)"
    )
    op.execute("create index search_entry_folded on search_entry using gin (folded)")


def downgrade() -> None:
    op.execute("drop table fts_search" if op.get_bind().dialect.name == "sqlite" else "drop table search_entry")
