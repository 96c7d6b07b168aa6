"""Whether what an editor wrote stands in its sources: numbers with their unit, money, dates and telephones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from yueban.assistant.checking.facts import unsupported

# Words that an editor may choose himself; every number must be a source's.
CHOSEN: Final = frozenset({"place", "material", "law", "fee"})


def unsupported_facts(answer: str, sources: Iterable[str]) -> list[str]:
    """The figures of the answer that stand in none of the sources' words, each once."""
    texts: Sequence[str] = list(sources)
    missing: dict[tuple[str, str], int] = {}
    for text in texts or [""]:
        for fact in {(one.kind, one.text) for one in unsupported(answer, text) if one.how == "absent"}:
            missing[fact] = missing.get(fact, 0) + 1
    everywhere = max(len(texts), 1)
    return [words for (kind, words), times in missing.items() if times == everywhere and kind not in CHOSEN]
