"""Write the next migration from what the models say and the migrations do not: `python -m mom.migrations.draft WHY`.

`--first` writes the tables of 0001 anew instead, which is right only while no plant has data of it.
Needs a database that may be thrown away: one is started in a temporary folder.
"""

import argparse
import re
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_mock_engine
from sqlalchemy.sql.ddl import ExecutableDDLElement

from mom.database.embedded import EmbeddedServer
from mom.database.migrate import VERSIONS, configured, head, migrate
from mom.models import Base

DIALECT = create_mock_engine("postgresql+psycopg://", lambda *_: None).dialect
FIRST_TABLES = VERSIONS / "0001_the_store.sql"


def draft(why: str) -> Path:
    """Write the next revision's file and return it; read it before you keep it."""
    number = f"{int(head()) + 1:04d}"
    with tempfile.TemporaryDirectory(prefix="lineside-draft-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedServer(Path(folder) / "home", settings={"fsync": "off"}) as server:
            migrate(server.dsn())
            with configured(server.dsn()) as config:
                command.revision(config, why, autogenerate=True, rev_id=number)
    return next(VERSIONS.glob(f"{number}_*.py"))


def write_first() -> Path:
    """Write the tables of the first migration from the models."""
    FIRST_TABLES.write_text(
        "-- The tables of the first version, as the models had them then.\n"
        "CREATE EXTENSION IF NOT EXISTS vector;\n\n" + "".join(f"{text};\n\n" for text in _statements())
    )
    return FIRST_TABLES


def _statements() -> list[str]:
    """What makes the models' tables, in order."""
    found: list[str] = []

    def note(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        text = str(statement.compile(dialect=DIALECT)).strip()
        found.append(re.sub(r"[ \t]+$", "", text.replace("\t", "    "), flags=re.MULTILINE))

    Base.metadata.create_all(create_mock_engine("postgresql+psycopg://", note), checkfirst=False)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("why", nargs="?", help="what changes, in a few words")
    parser.add_argument("--first", action="store_true", help="write the tables of 0001 anew")
    given = parser.parse_args()
    if bool(given.why) == given.first:
        parser.error("say what changes, or --first")
    print(write_first() if given.first else draft(given.why))  # noqa: T201


if __name__ == "__main__":
    main()
