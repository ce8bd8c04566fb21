"""Tables that only grow: the database itself refuses to change or remove their rows, on both engines."""

from typing import Any

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION understudy_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$;
"""


def make_append_only(connection: Any, table: str) -> None:
    """Refuses UPDATE, DELETE (and TRUNCATE, where there is one) on ``table`` from now on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
            for name, moment in (("rows", "UPDATE OR DELETE"), ("table", "TRUNCATE")):
                level = "ROW" if name == "rows" else "STATEMENT"
                cursor.execute(
                    f"CREATE TRIGGER {table}_append_only_{name} BEFORE {moment} ON {table} "
                    f"FOR EACH {level} EXECUTE FUNCTION understudy_append_only()"
                )
            return
        for moment in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER {table}_append_only_{moment.lower()} BEFORE {moment} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )


def undo_append_only(connection: Any, table: str) -> None:
    """The reverse, for migrating back and for emptying a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("rows", "table"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{name} ON {table}")
            return
        for moment in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{moment}")
