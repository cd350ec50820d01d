"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = "${up_revision}"
down_revision: str | None = "${down_revision}"


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
