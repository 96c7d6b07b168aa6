"""Example drafts of a demo's items: written and submitted by the cast's editors, waiting for a second person."""

from __future__ import annotations

from pathlib import Path

import yaml

from yueban.accounts import selectors as accounts
from yueban.catalogue import editing
from yueban.flows import publish_item
from yueban.flows.identify import actor_of_user
from yueban.kernel.errors import NotFound


def carry_item_examples(path: Path) -> int:
    """Write each of the cast's drafts (`item_examples`) unless its agency has one; returns how many."""
    cast = yaml.safe_load((path / "cast.yaml").read_text(encoding="utf-8"))
    made = 0
    for row in cast.get("item_examples", ()):
        if editing.find_draft(row["item"], row["agency"]) is not None:
            continue
        user = accounts.find_demo_user(row["author"])
        if user is None:
            raise NotFound(f"演示人物中没有“{row['author']}”。", hint="请核对 cast.yaml 的 item_examples。")
        author = actor_of_user(user.pk, channel="desk")
        draft = publish_item.begin_draft(author, row["item"], row["agency"])
        publish_item.write_draft(author, draft.pk, row["changes"], revision=None)
        publish_item.submit_item(author, draft.pk)
        made += 1
    return made
