"""A basis knows the products that it has counted: what it does not make may be priced and added without it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.add_column(
        "rollup_bases", sa.Column("products", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
