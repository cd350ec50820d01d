"""What people correct, kept apart; and the records that KPIs of people, material and stock are made of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "material_bookings",
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="pcs", nullable=False),
        sa.Column("equipment", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("more", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("material_bookings_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("material_bookings_pkey")),
    )
    op.create_index("material_bookings_at_idx", "material_bookings", ["site_id", "at"], unique=False)
    op.create_index(
        "material_bookings_current_key",
        "material_bookings",
        ["site_id", "source", "key"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "personnel_times",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("crew", sa.Text(), nullable=True),
        sa.Column("trade", sa.Text(), nullable=True),
        sa.Column("people", sa.Float(), server_default="1", nullable=False),
        sa.Column("equipment", sa.Text(), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("more", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("personnel_times_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("personnel_times_pkey")),
    )
    op.create_index(
        "personnel_times_current_key",
        "personnel_times",
        ["site_id", "source", "key"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index("personnel_times_started_at_idx", "personnel_times", ["site_id", "started_at"], unique=False)
    op.create_table(
        "stock_levels",
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="pcs", nullable=False),
        sa.Column("unit_cost", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(NULL, NULL)"), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("more", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("stock_levels_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("stock_levels_pkey")),
    )
    op.create_index("stock_levels_at_idx", "stock_levels", ["site_id", "at"], unique=False)
    op.create_index(
        "stock_levels_current_key",
        "stock_levels",
        ["site_id", "source", "key"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.SmallInteger(), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("said_before", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("corrections_by_fkey")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("corrections_equipment_id_fkey")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("corrections_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("corrections_pkey")),
    )
    op.create_index("corrections_equipment_idx", "corrections", ["equipment_id", "started_at"], unique=False)
    op.add_column("inspection_results", sa.Column("sample", sa.Text(), nullable=True))
    op.add_column("inspection_results", sa.Column("attempt", sa.Integer(), server_default="1", nullable=False))
    op.create_index("inspection_results_at_idx", "inspection_results", ["site_id", "at"], unique=False)
    op.add_column("maintenance_orders", sa.Column("planned_hours", sa.Float(), nullable=True))
    op.add_column("production_orders", sa.Column("planned_scrap", sa.Float(), nullable=True))
    op.add_column("production_orders", sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("production_orders", sa.Column("good", sa.Float(), nullable=True))
    op.add_column("touched", sa.Column("corrected", sa.Boolean(), server_default="false", nullable=False))
