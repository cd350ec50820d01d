"""Signals in means of five minutes; which loss is only a sign of another, and when people were told."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "signal_means",
        sa.Column("tag_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("first", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("running_n", sa.Integer(), nullable=False),
        sa.Column("running_mean", sa.Float(), nullable=True),
        sa.Column("running_spread", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("tag_id", "at", name=op.f("signal_means_pkey")),
    )
    op.add_column("losses", sa.Column("symptom_of", sa.BigInteger(), nullable=True))
    op.add_column("losses", sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True))
