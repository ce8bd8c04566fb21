"""Full text over listings on both engines: FTS5 beside the table on SQLite, two generated columns on PostgreSQL.

Both hold the same folded words (``rules.listing``) and split them at spaces alone, so both find the same rows. They
follow the table by themselves, and the table follows who is deactivated: their listings are gone with that statement,
whoever makes it. On SQLite a migration that alters ``replicas_listing`` or ``accounts_user`` copies the table and loses
its triggers: it has to call ``make_word_index`` once more.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Value

SHORT = 3  # words of fewer letters are looked for whole: their beginnings would be everybody's

POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    # Each is a stored column of words, not of a language: “running” is not “run”, and a name is nobody's plural.
    "ALTER TABLE replicas_listing ADD COLUMN IF NOT EXISTS name_document tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(string_to_array(names, ' '))) STORED",
    "ALTER TABLE replicas_listing ADD COLUMN IF NOT EXISTS document tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(array_remove(string_to_array(names || ' ' || words, ' ') || string_to_array(tags, '|'), '')))"
    " STORED",
    "CREATE INDEX IF NOT EXISTS listing_name_document ON replicas_listing USING gin (name_document)",
    "CREATE INDEX IF NOT EXISTS listing_document ON replicas_listing USING gin (document)",
    # One index for any few of the filters together; the others are tags of the document.
    "CREATE INDEX IF NOT EXISTS listing_filters ON replicas_listing USING gin"
    ' (kind, gender, "union", year, age_from, age_to, height_cm)',
    """CREATE OR REPLACE FUNCTION listing_leaves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM replicas_listing WHERE actor_id IN (SELECT id FROM accounts_actorprofile WHERE user_id = new.id);
    RETURN NULL; END $$""",
    "CREATE OR REPLACE TRIGGER listing_leaves AFTER UPDATE OF is_active ON accounts_user FOR EACH ROW"
    " WHEN (old.is_active AND NOT new.is_active) EXECUTE FUNCTION listing_leaves()",
    "CREATE INDEX IF NOT EXISTS listing_term_like ON replicas_listingterm USING gin (term gin_trgm_ops)",
)
UNDO_POSTGRES = (
    "DROP INDEX IF EXISTS listing_term_like",
    "DROP TRIGGER IF EXISTS listing_leaves ON accounts_user",
    "DROP FUNCTION IF EXISTS listing_leaves()",
    "DROP INDEX IF EXISTS listing_filters",
    "ALTER TABLE replicas_listing DROP COLUMN IF EXISTS document, DROP COLUMN IF EXISTS name_document",
)
SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS listing_words USING fts5(names, words, content='replicas_listing',
    content_rowid='replica_id', tokenize='unicode61 remove_diacritics 0', prefix='3')""",
    """CREATE TRIGGER IF NOT EXISTS listing_words_added AFTER INSERT ON replicas_listing BEGIN
    INSERT INTO listing_words(rowid, names, words) VALUES (new.replica_id, new.names, new.words); END""",
    """CREATE TRIGGER IF NOT EXISTS listing_words_gone AFTER DELETE ON replicas_listing BEGIN
    INSERT INTO listing_words(listing_words, rowid, names, words)
    VALUES ('delete', old.replica_id, old.names, old.words); END""",
    """CREATE TRIGGER IF NOT EXISTS listing_words_changed AFTER UPDATE OF names, words ON replicas_listing BEGIN
    INSERT INTO listing_words(listing_words, rowid, names, words)
    VALUES ('delete', old.replica_id, old.names, old.words);
    INSERT INTO listing_words(rowid, names, words) VALUES (new.replica_id, new.names, new.words); END""",
    """CREATE TRIGGER IF NOT EXISTS listing_leaves AFTER UPDATE OF is_active ON accounts_user
    WHEN old.is_active AND NOT new.is_active BEGIN
    DELETE FROM replicas_listing WHERE actor_id IN (SELECT id FROM accounts_actorprofile WHERE user_id = new.id);
    END""",
    "INSERT INTO listing_words(listing_words) VALUES ('rebuild')",
)
UNDO_SQLITE = (
    "DROP TRIGGER IF EXISTS listing_leaves",
    *(f"DROP TRIGGER IF EXISTS listing_words_{moment}" for moment in ("added", "gone", "changed")),
    "DROP TABLE IF EXISTS listing_words",
)


def make_word_index(connection: Any) -> None:
    """Makes whatever of it is missing, and fills it from the table."""
    _run(connection, POSTGRES if connection.vendor == "postgresql" else SQLITE)


def undo_word_index(connection: Any) -> None:
    """The reverse, for migrating back."""
    _run(connection, UNDO_POSTGRES if connection.vendor == "postgresql" else UNDO_SQLITE)


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class HasWords(Func):
    """Whether every one of ``words`` occurs in the row of ``Listing`` the query is about."""

    conditional = True

    def __init__(self, words: list[str], *, names_only: bool = False, begun: bool = False) -> None:
        """``begun``: somebody is still typing the last word, so that it is a beginning however short it is."""
        super().__init__(F("replica_id"), output_field=BooleanField())
        self.words, self.names_only = list(words), names_only
        self.beginnings = {word for word in words if len(word) >= SHORT} | set(words[-1:] if begun else ())

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        key: Any = self.source_expressions[0]
        table = connection.ops.quote_name(key.alias)
        column = "name_document" if self.names_only else "document"
        wanted = " & ".join(f"'{word}'{':*' if word in self.beginnings else ''}" for word in self.words)
        return f"{table}.{column} @@ %s::tsquery", [wanted]

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        key, values = compiler.compile(self.source_expressions[0])
        wanted = " AND ".join(f'"{word}"{"*" if word in self.beginnings else ""}' for word in self.words)
        if self.names_only:
            wanted = f"{{names}} : ({wanted})"
        found = "(SELECT rowid FROM listing_words WHERE listing_words MATCH %s)"
        return f"{key} IN {found}", [*values, wanted]


class HasTag(Func):
    """PostgreSQL alone: whether a listing has a tag (``rules.listing.tags``), or one that begins like it."""

    conditional = True

    def __init__(self, tag: str, *, begins: bool = False) -> None:
        super().__init__(F("replica_id"), output_field=BooleanField())
        self.tag, self.begins = tag, begins

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        key: Any = self.source_expressions[0]
        quoted = self.tag.replace("\\", "\\\\").replace("'", "''")
        return f"{connection.ops.quote_name(key.alias)}.document @@ %s::tsquery", [
            f"'{quoted}'{':*' if self.begins else ''}"
        ]


class Resembles(Func):
    """PostgreSQL alone: whether a column's word has enough trigrams in common with another; read from an index."""

    conditional = True
    template = "%(expressions)s"
    arg_joiner = " %% "

    def __init__(self, column: str, word: str) -> None:
        super().__init__(F(column), Value(word), output_field=BooleanField())
