"""Readers of environment variables that fail loudly, with the variable's name and what to do."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

GUIDE = "docs/settings.md"


def _refuse(name: str, problem: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: {problem} 说明见 {GUIDE}。")


def text(name: str, default: str | None = None) -> str:
    """The variable's value; without a default it must be set and not empty."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise _refuse(name, "没有设置，请先设置这个环境变量再启动。")
    return default


def flag(name: str, *, default: bool) -> bool:
    """`1` or `0`; anything else is a mistake worth stopping for."""
    value = text(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise _refuse(name, f"只能是 0 或 1,现在是“{value}”。")
    return value == "1"


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number not below `least`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise _refuse(name, f"应是不小于 {least} 的整数，现在是“{value}”。")
    return int(value)


def words(name: str, default: str | None = None) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def hex_keys(name: str) -> list[str]:
    """Comma-separated keys of 32 bytes, each written as 64 hexadecimal digits; the first one encrypts."""
    keys = words(name)
    for key in keys:
        if len(key) != 64 or set(key.lower()) - set("0123456789abcdef"):
            raise _refuse(name, "每把密钥应是 64 位十六进制数(32 字节),可用 `openssl rand -hex 32` 生成。")
    return keys


def folder(name: str, default: Path) -> Path:
    """A folder, made absolute so that it means the same in every process."""
    return Path(text(name, str(default))).expanduser().resolve()


def database(name: str) -> dict[str, object]:
    """Django's description of the `postgresql://` address in the variable."""
    url = text(name)
    if not url.startswith(("postgresql://", "postgres://")):
        raise _refuse(name, "应以 postgresql:// 开头，例如 postgresql://用户:口令@主机:5432/库名。")
    return database_from(url)


def database_from(url: str) -> dict[str, object]:
    """Django's description of an address; a socket's folder stands in `?host=`."""
    parts = conninfo_to_dict(url)
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in parts.items() if key not in known},
    }
