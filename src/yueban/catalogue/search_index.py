"""Keeping the search index: one SearchText with its keys for all versions of the same words."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Q

from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import SearchKey, SearchText
from yueban.catalogue.preparation import body_of
from yueban.catalogue.search_text import index_of
from yueban.catalogue.standard import ItemStandard
from yueban.kernel import clock


def store_search_text(standard: ItemStandard) -> SearchText:
    """The SearchText of a standard, written only when no version has had these words before."""
    aliases = [*standard.aliases, *([standard.name_en] if standard.name_en else [])]
    names, keys = index_of(standard.name, aliases, body_of(standard))
    stored = [name.to_json() for name in names]
    words = json.dumps([stored, sorted(keys)], ensure_ascii=False)
    digest = hashlib.sha256(words.encode()).hexdigest()
    text, is_new = SearchText.objects.get_or_create(digest=digest, defaults={"names": stored})
    if is_new or not text.keys.exists():
        SearchKey.objects.bulk_create(
            (SearchKey(text=text, key=key) for key in sorted(keys)), ignore_conflicts=True
        )
    return text


def prune_search_keys() -> None:
    """Drop the keys of words that no version will be found by again; the words stay with their versions."""
    living = Q(versions__state__in=[VersionState.DRAFT, VersionState.PUBLISHED, VersionState.SUSPENDED]) & (
        Q(versions__effective_until__isnull=True) | Q(versions__effective_until__gt=clock.today())
    )
    SearchKey.objects.exclude(text__in=SearchText.objects.filter(living)).delete()
