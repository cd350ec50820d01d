"""How long a machine ran in each five minutes of a signal, and how much of its load was left in it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    for name in ("share", "load_2", "load_5", "load_15"):
        op.add_column("signal_means", sa.Column(name, sa.Float(), nullable=True))
