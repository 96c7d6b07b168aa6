"""Settings fail loudly with the variable's name; production has no demo and no default secrets."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from yueban.settings import env
from yueban.settings.logs import JsonFormatter

PRODUCTION = {
    "DATABASE_URL": "postgresql://app:secret@db:5432/city",
    "YUEBAN_SECRET_KEY": "s" * 50,
    "YUEBAN_FIELD_KEYS": "ab" * 32,
    "YUEBAN_INDEX_KEY": "cd" * 32,
    "YUEBAN_ALLOWED_HOSTS": "www.example.gov.cn",
    "YUEBAN_PUBLIC_URL": "https://www.example.gov.cn",
}
SHOW = """
import json
from yueban.settings import production as s
print(json.dumps({name: getattr(s, name) for name in (
    "DEBUG", "YUEBAN_DEMO", "YUEBAN_DEMO_CLOCK", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS")}))
"""


def load_production(variables: dict[str, str]) -> subprocess.CompletedProcess:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("YUEBAN_") and key != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=kept | variables, capture_output=True, text=True, check=False
    )


def test_production_is_strict_whatever_the_environment_says():
    done = load_production(PRODUCTION | {"YUEBAN_DEMO_CLOCK": "1"})
    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "YUEBAN_DEMO": False,
        "YUEBAN_DEMO_CLOCK": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "ALLOWED_HOSTS": ["www.example.gov.cn"],
    }


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_a_missing_variable_stops_production_by_its_name(name):
    done = load_production({key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert f"{name}: 没有设置" in done.stderr


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda name: env.flag(name, default=False), "yes"),
        (lambda name: env.number(name, 5), "0"),
        (lambda name: env.number(name, 5), "many"),
        (env.hex_keys, "too-short"),
        (env.hex_keys, "zz" * 32),
        (env.database, "mysql://db/city"),
        (env.text, "  "),
    ],
)
def test_a_malformed_variable_is_refused_by_its_name(monkeypatch, read, value):
    monkeypatch.setenv("YUEBAN_EXAMPLE", value)
    with pytest.raises(ImproperlyConfigured, match="YUEBAN_EXAMPLE"):
        read("YUEBAN_EXAMPLE")


def test_a_database_address_with_a_socket_and_options_is_understood():
    found = env.database_from("postgresql://us%40er:p%2Fw@/city?host=/run/pg&port=5433&sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("city", "us@er", "p/w")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/pg", "5433", {"sslmode": "require"})


def formatted(
    name: str, message: str, *, error: Exception | None = None, **extra: object
) -> dict[str, object]:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, None, None)
    record.__dict__.update(extra)
    if error is not None:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    return json.loads(JsonFormatter().format(record))


def test_a_log_line_has_no_query_and_no_unknown_field():
    line = formatted(
        "django.request", "Not Found: /search?q=张三 330602199001011234", phone="13800000000", status_code=404
    )
    assert line["message"].startswith("Not Found: /search")
    assert "张三" not in json.dumps(line, ensure_ascii=False)
    assert "phone" not in line
    assert line["status_code"] == 404


def test_an_exception_is_logged_by_its_place_and_not_by_its_text():
    line = formatted("yueban.cases", "failed", error=ValueError("330602199001011234"))
    assert line["error"] == "ValueError"
    assert "test_settings.py" in line["trace"][-1]
    assert "330602199001011234" not in json.dumps(line)


def test_the_base_is_short():
    from yueban.settings import base

    assert len(Path(base.__file__).read_text(encoding="utf-8").splitlines()) <= 200
