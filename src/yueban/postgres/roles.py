"""Databases and roles: `owner` owns the tables and migrates, `app` works with the rows and nothing more."""

import psycopg
from psycopg import sql

ROLES = {"owner": "yueban_owner", "app": "yueban_app"}
PLAIN = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def ensure_roles(connection: psycopg.Connection, passwords: dict[str, str]) -> None:
    """Create the roles or set their passwords anew; neither is a superuser or passes row-level security."""
    for role, name in ROLES.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = "ALTER" if known else "CREATE"
        statement = sql.SQL(f"{verb} ROLE {{}} LOGIN {PLAIN} PASSWORD {{}}")
        try:
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(passwords[role])))
        except psycopg.errors.DuplicateObject:  # another process was first, with the same passwords
            continue


def ensure_database(connection: psycopg.Connection, name: str) -> None:
    """Create the database, owned by `owner`, when it is missing; the connection must be in autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(ROLES["owner"]))
    )


def grant_rows(connection: psycopg.Connection, *, to: str) -> None:
    """Let the role `to` work with the rows of all tables there are; run as their owner after migrating."""
    role = sql.Identifier(to)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))
