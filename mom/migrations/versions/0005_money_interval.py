"""What a loss cost is stated with an interval, and with the moment at which the line was replayed for it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.add_column("losses", sa.Column("money_low", sa.Numeric(14, 2), nullable=True))
    op.add_column("losses", sa.Column("money_high", sa.Numeric(14, 2), nullable=True))
    op.add_column("losses", sa.Column("priced_at", sa.DateTime(timezone=True), nullable=True))
