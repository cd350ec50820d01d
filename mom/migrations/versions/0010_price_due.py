"""A loss that changed says so itself: two clocks do not tell whether it changed before or after it was priced."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.add_column("losses", sa.Column("price_due", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE losses SET price_due = true WHERE superseded_at IS NULL AND updated_at > priced_at")
