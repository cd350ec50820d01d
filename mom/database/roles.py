"""What the reader may see: everything but secrets. Written anew after each migration: no table is forgotten."""

import psycopg
from psycopg import sql

from mom.database.cluster import READER
from mom.errors import Unavailable

HIDDEN_TABLES = frozenset({"sign_in_sessions", "sign_in_links", "api_keys", "letters"})
"""Tables of secrets; letters hold sign-in links."""
HIDDEN_COLUMNS = {
    "users": {"password_hash"},
    "webhook_endpoints": {"secret"},
    "personnel_times": {"person"},  # figures are of groups, never of a person
}

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
  AND pg_has_role(c.relowner, 'USAGE') AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
GROUP BY c.relname ORDER BY c.relname
"""
"""Our tables with their columns; not those of extensions."""


def grant(connection: psycopg.Connection) -> None:
    """Give the reader its rights, and nothing else, in the caller's transaction. Raises Unavailable."""
    _ensure_reader(connection)
    reader = sql.Identifier(READER)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(reader))
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    for table, columns in connection.execute(TABLES).fetchall():
        name = sql.Identifier(table)
        connection.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, reader))
        if table in HIDDEN_TABLES:
            continue
        hidden = HIDDEN_COLUMNS.get(table, set())
        shown = sql.SQL(", ").join(sql.Identifier(column) for column in columns if column not in hidden)
        which = sql.SQL(" ({})").format(shown) if hidden else sql.SQL("")
        connection.execute(sql.SQL("GRANT SELECT{} ON {} TO {}").format(which, name, reader))


def _ensure_reader(connection: psycopg.Connection) -> None:
    """On a server that we were given, the role may be missing or not ours to take: mend that, or say who can."""
    reader, user = sql.Identifier(READER), connection.info.user
    try:
        with connection.transaction():
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [READER]).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(reader))
            if connection.execute("SELECT pg_has_role(%s, 'MEMBER')", [READER]).fetchone() != (True,):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(reader))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Unavailable(
            f"Lineside reads as the role {READER}, and the database's user {user} may neither make nor take it.",
            remedy=f'Let a superuser run: CREATE ROLE {READER} NOLOGIN; GRANT {READER} TO "{user}"; '
            "(leave out the first if the role is there)",
        ) from error
