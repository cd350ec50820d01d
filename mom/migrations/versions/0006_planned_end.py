"""When the planners meant an order to end: schedule adherence is held against it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.add_column("production_orders", sa.Column("planned_end", sa.DateTime(timezone=True), nullable=True))
