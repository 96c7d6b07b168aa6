"""The embedded PostgreSQL server for the demo and the tests: `Server(folder).start()`; no Django here."""

from yueban.postgres.server import Server

__all__ = ["Server"]
