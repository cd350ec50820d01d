"""What is kept by the hour, and the triggers that say which hours no longer hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mom.migrations.sql_file import run_sql

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "rollup_bases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("built_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("built_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("rollup_bases_equipment_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_bases_pkey")),
        sa.UniqueConstraint("equipment_id", "digest", name=op.f("rollup_bases_equipment_id_digest_key")),
    )
    op.create_table(
        "rollup_marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_marks_pkey")),
    )
    op.create_table(
        "rollups",
        sa.Column("basis_id", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("values", postgresql.ARRAY(sa.Float()), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["rollup_bases.id"], name=op.f("rollups_basis_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("basis_id", "hours", "at", name=op.f("rollups_pkey")),
    )
    run_sql("0004_rollup_marks.sql")
