"""Probes and the headers that every page carries."""

import pytest


def test_liveness_asks_for_nothing(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.django_db
def test_readiness_needs_a_migrated_database(client, monkeypatch):
    from yueban import probes

    monkeypatch.setattr(probes, "_migrated", False)
    assert client.get("/readyz").json() == {"ok": True, "missing": None}
    assert client.get("/readyz").status_code == 200


def test_without_a_database_the_site_is_alive_and_not_ready(client, monkeypatch):
    from django.db import DatabaseError

    from yueban import probes

    def fail(_connection):
        raise DatabaseError

    monkeypatch.setattr(probes, "_migrated", False)
    monkeypatch.setattr(probes, "MigrationExecutor", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, "database")


def test_pages_forbid_inline_scripts_and_foreign_frames(client):
    answer = client.get("/healthz")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
