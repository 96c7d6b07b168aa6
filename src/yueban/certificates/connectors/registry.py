"""The data sources of this instance's city, as ``connectors.yaml`` states them."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yueban.certificates.connectors.calling import HttpConnector

FILE: Final = "connectors.yaml"
DEMO: Final = "demo"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSource(_Row):
    """One register of another department: how items call it, whose it is, where and how long it is asked."""

    key: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    source: str = Field(min_length=2, max_length=100)
    agency_kind: str
    """The owner: its people answer where the interface does not, and hear of objections."""
    address: str = DEMO
    """https://…, or ``demo``: the counterpart on this machine."""
    secret: str = DEMO
    """The name of the secret in YUEBAN_CONNECTOR_SECRETS."""
    seconds: float = Field(default=2.0, gt=0, le=10)
    tries: int = Field(default=2, ge=1, le=3)
    valid_hours: int = Field(default=24, ge=1, le=24 * 31)
    """How long an answer stands before it is asked for again."""


class Cancellation(_Row):
    """直接取消: a material that is no longer asked for by any item, and by which rule."""

    canonical: str
    basis: str = Field(min_length=4, max_length=500)


class Reusable(_Row):
    """材料复用: for how many days after it was handed in a material may serve again."""

    canonical: str
    days: int = Field(ge=1, le=3650)


class Promising(_Row):
    """告知承诺: when what was promised is looked at, and how long a false one bars from promising."""

    check_days: int = Field(default=30, ge=1, le=250)
    barred_days: int = Field(default=365, ge=1, le=3650)


class OwnerOfFacts(_Row):
    """Whose a source of prefilled values is: who hears when somebody says a value is wrong."""

    source: str
    agency_kind: str


class FromFamily(_Row):
    """Which fields of an item's form are about a relative, and what his own data call them."""

    item: str
    relation: str
    ages: tuple[int, int]
    """In full years, both ends included."""
    facts: dict[str, str]


class Ladder(_Row):
    """What the city has settled beside the items' own standards."""

    connectors: tuple[DataSource, ...] = ()
    cancelled: tuple[Cancellation, ...] = ()
    reuse: tuple[Reusable, ...] = ()
    promise: Promising = Promising()
    facts: tuple[OwnerOfFacts, ...] = ()
    family: tuple[FromFamily, ...] = ()
    objection_days: int = Field(default=5, ge=1, le=30)

    def find(self, source: str) -> DataSource | None:
        """The source that items call by this name."""
        return next((one for one in self.connectors if one.source == source), None)

    def owner_of(self, source: str) -> str:
        """The kind of agency that answers for what a source says; empty where nobody is named."""
        found = self.find(source)
        if found is not None:
            return found.agency_kind
        return next((one.agency_kind for one in self.facts if one.source == source), "")


def ladder() -> Ladder:
    """The file of this instance's city, read again when it has changed; empty where there is none."""
    path = settings.CITY_DIR / FILE
    return _read(path, path.stat().st_mtime) if path.exists() else Ladder()


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at: float) -> Ladder:
    return Ladder.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def connector_of(source: DataSource) -> HttpConnector | None:
    """The way to a source; None where this instance has no address or no secret for it."""
    secret = _secrets().get(source.secret, "")
    base = settings.YUEBAN_SOURCES_URL
    url = f"{base}/{source.key}" if source.address == DEMO and base else source.address
    if not secret or url == DEMO:
        return None
    return HttpConnector(
        key=source.key, url=url, secret=secret.encode(), seconds=source.seconds, tries=source.tries
    )


def _secrets() -> dict[str, str]:
    found: dict[str, str] = json.loads(settings.YUEBAN_CONNECTOR_SECRETS or "{}")
    return found


def can_ask(source: str) -> bool:
    """Whether this instance can ask a source that items call by this name."""
    found = ladder().find(source)
    return found is not None and connector_of(found) is not None


def check_file(
    path: Path, *, sources: Iterable[str], canonicals: Iterable[str], agency_kinds: Iterable[str]
) -> list[str]:
    """What is wrong with the file, in words; ``sources`` are those that items name."""
    if not path.exists():
        return []
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        stated = Ladder.model_validate(content)
    except (ValidationError, yaml.YAMLError) as error:
        return [f"{FILE}：读不懂：{error}"]
    return list(_problems(stated, set(sources), set(canonicals), set(agency_kinds)))


def _problems(
    stated: Ladder, sources: set[str], canonicals: set[str], agency_kinds: set[str]
) -> Iterator[str]:
    keys = [one.key for one in stated.connectors]
    names = [one.source for one in stated.connectors]
    for word in sorted(
        {one for one in keys if keys.count(one) > 1} | {n for n in names if names.count(n) > 1}
    ):
        yield f"{FILE}：“{word}”写了两次。"
    yield from (f"{FILE}：没有事项用到数据源“{one}”。" for one in names if one not in sources)
    yield from (f"{FILE}：数据源“{one}”没有接口。" for one in sorted(sources - set(names)))
    owners = {one.agency_kind for one in stated.connectors} | {one.agency_kind for one in stated.facts}
    yield from (f"{FILE}：没有“{one}”类部门。" for one in sorted(owners - agency_kinds))
    named = {one.canonical for one in stated.cancelled} | {one.canonical for one in stated.reuse}
    yield from (f"{FILE}：材料字典里没有“{one}”。" for one in sorted(named - canonicals))
    for one in stated.connectors:
        if one.address != DEMO and not one.address.startswith("https://"):
            yield f"{FILE}：“{one.key}”的地址应以 https:// 开头。"
