"""Test databases: one template (migrated, the city loaded) kept by its hash, and clones of it that are never flushed."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from yueban.postgres.roles import ROLES, ensure_roles, grant_rows

ROOT = Path(__file__).resolve().parents[1]
# What the template's content follows from.
SOURCES = (
    "src/yueban/*/migrations/*.py",
    "src/yueban/*/models.py",
    "src/yueban/*/models/*.py",
    "src/yueban/*/services.py",
    "src/yueban/flows/**/*.py",
    "src/yueban/catalogue/**/*.py",
    "src/yueban/elements/**/*.py",
    "src/yueban/commands/prepare.py",
    "src/yueban/settings/base.py",
    "cities/**/*",
    "uv.lock",
)
# Filling one takes nearly a minute; keeping it takes less than a hundred megabytes.
KEPT_TEMPLATES = 8
# Roles belong to the whole server, which several runs may share; a test database holds nothing secret.
PASSWORDS = {"owner": "test", "app": "test"}


class Cluster:
    """The server the tests use, reached as its superuser."""

    def __init__(self, url: str) -> None:
        self._admin = conninfo_to_dict(url)

    def url(self, database: str, role: str = "admin") -> str:
        """The address of one of its databases for `admin`, `owner` or `app`."""
        who = {} if role == "admin" else {"user": ROLES[role], "password": PASSWORDS[role]}
        parts = {**self._admin, **who, "dbname": database}
        login = quote(str(parts["user"])) + (
            f":{quote(str(parts['password']))}" if parts.get("password") else ""
        )
        query = urlencode({key: parts[key] for key in ("host", "port") if parts.get(key)})
        return f"postgresql://{login}@/{quote(database)}?{query}"

    @contextmanager
    def connect(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A superuser's session, each statement by itself."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            yield connection

    def clone(self, template: str, name: str) -> None:
        """Replace the database `name` by a fresh copy of the template."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop(self, name: str) -> None:
        """Remove a database."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def find_template(self, build) -> str:
        """The template for the sources as they are now; `build(name)` fills it when it is missing."""
        name = f"yueban_template_{sources_hash()}"
        with self.connect() as connection:
            # Several workers arrive together: the first builds, the others wait here.
            connection.execute("SELECT pg_advisory_lock(hashtext('yueban template'))")
            ensure_roles(connection, PASSWORDS)
            if not self._has(connection, name):
                self._drop_old(connection)
                fresh = f"{name}_new"
                self.drop(fresh)
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(fresh), sql.Identifier(ROLES["owner"])
                    )
                )
                build(fresh)
                with psycopg.connect(self.url(fresh, "owner"), autocommit=True) as owner:
                    grant_rows(owner, to=ROLES["app"])
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(fresh), sql.Identifier(name)
                    )
                )
        return name

    @staticmethod
    def _has(connection: psycopg.Connection, name: str) -> bool:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())

    def _drop_old(self, connection: psycopg.Connection) -> None:
        """Keep the newest templates, which branches switched to and fro, and copies beside each other, still use."""
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^yueban_template_[0-9a-f]{16}$' ORDER BY oid DESC"
        ).fetchall()
        for (name,) in rows[KEPT_TEMPLATES:]:
            self.drop(name)


def sources_hash() -> str:
    """A short hash over everything the template's content follows from."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def worker_database(worker: str) -> str:
    """The name of a test worker's own database, different for runs that share a server."""
    return re.sub(r"\W", "_", f"yueban_test_{worker}_{os.getpid()}")
