"""Fill the benchmark's own database: a catalogue of a whole city, marked synthetic, and a person with many cases.

Run as a program in the instance's environment; never against another database.
"""

import argparse
import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

from yueban.commands.django_setup import set_up_django

MARK = "（合成数据，只供测速）"
PREFIX = "synthetic-"
UNTIL = ("submitted", "supplementing", "accepted", "granted")
TEXTS_OF_A_SOURCE = 12


def main() -> None:
    """Items up to the number asked for, then cases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--person", required=True)
    arguments = parser.parse_args()
    set_up_django()
    made = {"items": fill_items(arguments.items), "cases": fill_cases(arguments.person, arguments.cases)}
    print(json.dumps(made))


def fill_items(wanted: int) -> int:
    """Published items up to `wanted`, each a copy of a real one under another name; returns how many there are."""
    from django.db import connection, transaction

    from benchmarks.pages.words import names
    from yueban.catalogue.models import Item
    from yueban.catalogue.selectors import versions_in_force

    sources = list(versions_in_force().order_by("item_id").distinct("item_id"))
    missing = wanted - len(sources)
    with transaction.atomic():
        rows = [
            _row(number, sources[number % len(sources)], *pair)
            for number, pair in enumerate(names(max(missing, 0)))
        ]
        _store_words(rows)
        Item.objects.bulk_create(
            Item(key=row["key"], catalog_code=row["catalog_code"], name=row["name"]) for row in rows
        )
        _copy_versions(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return versions_in_force().values("item_id").distinct().count()


def _row(number: int, source: Any, thing: str, act: str) -> dict[str, Any]:
    name = f"{thing}{act}"
    return {
        "key": f"{PREFIX}{number:04}",
        "source": source.item_id,
        "catalog_code": source.item.catalog_code,
        "name": name,
        "summary": f"{MARK}办理{thing}的{act}，按条件审核后发给结果。",
        "aliases": [f"办{thing}", f"{thing}怎么{act[:2]}", f"{thing[:4]}{act[:2]}"],
        "texts": list(_texts(source))[:TEXTS_OF_A_SOURCE],
    }


def _texts(source: Any) -> Iterator[str]:
    """What the real one says besides its names, so that common words are as common as in a real catalogue."""
    for row in source.definition.get("faq") or ():
        yield row["q"]
    for question in source.compiled_json["situations"]["questions"].values():
        yield question["text"]


def _store_words(rows: list[dict[str, Any]]) -> None:
    """The search's texts and keys, as publishing makes them."""
    from yueban.catalogue.models import SearchKey, SearchText
    from yueban.catalogue.search_text import index_of

    texts, keys = [], []
    for row in rows:
        found, words = index_of(row["name"], row["aliases"], [row["summary"], *row["texts"]])
        digest = hashlib.sha256(row["key"].encode()).hexdigest()
        texts.append(SearchText(digest=digest, names=[name.to_json() for name in found]))
        keys.append(words)
    SearchText.objects.bulk_create(texts)
    for row, text, words in zip(rows, texts, keys, strict=True):
        row["text"] = text.pk
        row["keys"] = sorted(words)
    SearchKey.objects.bulk_create(
        (SearchKey(text_id=row["text"], key=key) for row in rows for key in row["keys"]), batch_size=20_000
    )


def _copy_versions(rows: list[dict[str, Any]]) -> None:
    """A version at every agency of the source, in one statement."""
    from django.db import connection

    from yueban.catalogue.models import ItemVersion

    changed = {
        "item_id": "i.id",
        "number": "1",
        "name": "s.name",
        "name_en": "''",
        "summary": "s.summary",
        "summary_en": "''",
        "definition": "v.definition || jsonb_build_object('key', s.key, 'name', s.name)",
        "compiled": "jsonb_set(jsonb_set(jsonb_set(v.compiled, '{name}', to_jsonb(s.name)),"
        " '{guide,name}', to_jsonb(s.name)), '{guide,key}', to_jsonb(s.key))",
        "content_hash": "encode(sha256((v.content_hash || s.key)::bytea), 'hex')",
        "search_text_id": "s.text",
    }
    columns = [field.column for field in ItemVersion._meta.concrete_fields if not field.primary_key]
    taken = ", ".join(changed.get(column, f"v.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalogue_itemversion ({', '.join(columns)}) SELECT {taken}"  # noqa: S608 - our names
            " FROM jsonb_to_recordset(%s) AS s(key text, name text, summary text, source bigint, text bigint)"
            " JOIN catalogue_item i ON i.key = s.key"
            " JOIN catalogue_itemversion v ON v.item_id = s.source AND v.state = 'published'"
            " AND v.effective_until IS NULL",
            [json.dumps([{name: row[name] for name in COPIED} for row in rows])],
        )


COPIED = ("key", "name", "summary", "source", "text")


def fill_cases(person: str, wanted: int) -> int:
    """Cases of one person at several steps, through the real flows; returns how many he has."""
    from django.conf import settings

    from yueban.accounts.selectors import find_demo_user
    from yueban.cases.selectors import cases_visible_to
    from yueban.flows.identify import actor_of_user
    from yueban.flows.load_examples import carry_examples

    user = find_demo_user(person)
    if user is None:
        raise SystemExit(f"no {person} in the cast")
    actor = actor_of_user(user.pk, channel="portal")
    there = cases_visible_to(actor).count()
    carry_examples(
        settings.CITY_DIR,
        [{"username": person, "until": UNTIL[number % len(UNTIL)]} for number in range(wanted - there)],
    )
    return cases_visible_to(actor).count()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.pages.settings")
    main()
