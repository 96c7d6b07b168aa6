"""Question sets: our own form, and the shorter one of the contract (`q`, `kind`, `gold_item`, `facts_needed`).

The shorter one names the item or policy by keywords (`gold`: any of them in the name of what is cited) and what
must be cited of it by elements (`needed`), where ours lists sources and words. A file that is not such a set is
refused whole, with the line that is wrong and what to do.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from yueban.assistant.choices import Element
from yueban.assistant.errors import QuestionsUnreadable

DEFAULTS: Final[dict[str, Any]] = {
    "core": None,
    "style": "standard",
    "audience": None,
    "place": None,
    "date": "2026-11-20",
    "turns": [],
    "expect": "answer",
    "why": None,
    "about": [],
    "element": None,
    "facts": [],
    "forbidden": [],
    "note": "",
    "gold": [],
    "needed": [],
}
KINDS: Final = {
    "item": "answer",
    "policy": "answer",
    "refuse": "refuse",
    "clarify": "clarify",
    "handover": "handover",
}
EXPECTS: Final = tuple(dict.fromkeys(KINDS.values()))
STYLES: Final = ("standard", "elderly", "dialect", "typo", "english", "colloquial")
AUDIENCES: Final = ("person", "enterprise")
SHOWN: Final = 40
# What the contract calls an element, and the elements of which one must be cited.
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    **{str(one): (str(one),) for one in Element},
    "time_limit": ("time",),
    "process": ("steps", "online"),
    "amount": ("amount", "cap"),
}


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, each with every field; keys that are not known are kept and not looked at.

    Raises QuestionsUnreadable naming the line.
    """
    found = [
        _row(path, number, line) for number, line in enumerate(_text(path).split("\n"), 1) if line.strip()
    ]
    if not found:
        raise QuestionsUnreadable(
            f"题集“{path.name}”里没有题。",
            hint="请每行写一题，例如：{" + '"question": "高龄津贴怎么领"' + "}",
        )
    _check_ids(path, found)
    return found


def _text(path: Path) -> str:
    """UTF-8; the mark that Windows writes at the beginning is left out."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = path.read_bytes()[: wrong.start].count(b"\n") + 1
        raise QuestionsUnreadable(
            f"题集“{path.name}”第{line}行不是 UTF-8 编码（可能是 GBK）。", hint="请另存为 UTF-8 后再试。"
        ) from wrong
    except OSError as wrong:
        raise QuestionsUnreadable(
            f"题集“{path}”打不开（{wrong.strerror}）。", hint="请检查路径和读取权限。"
        ) from wrong


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    stored = _object(path, number, line)
    is_short_form = "q" in stored
    if is_short_form:
        stored = _from_short_form(path, number, stored)
    row = {**DEFAULTS, "id": f"{path.stem}-{number}", **stored}
    # A set of others names its styles as it likes; figures are grouped by them.
    choices = {name: CHOICES[name] for name in CHOICES if not (is_short_form and name == "style")}
    for what, then in _faults(row, choices):
        raise _wrong(path, number, what, then)
    return row


def _from_short_form(path: Path, number: int, stored: dict[str, Any]) -> dict[str, Any]:
    kind = stored.get("kind", "item")
    if kind not in KINDS:
        raise _wrong(path, number, f"kind 写的是“{kind}”，没有这一种", f"只能写：{'、'.join(KINDS)}。")
    needed = _list(stored.get("facts_needed"))
    unknown = [one for one in needed if one not in NEEDED]
    if unknown:
        raise _wrong(path, number, f"facts_needed 里的“{unknown[0]}”不认识", f"只能写：{'、'.join(NEEDED)}。")
    groups = [_list(stored.get("gold_item")), *map(_list, _list(stored.get("gold_groups")))]
    return {
        **stored,
        "question": stored["q"],
        "expect": KINDS[kind],
        "gold": [word for group in groups for word in group],
        "needed": needed,
    }


def _list(value: object) -> list[Any]:
    """One keyword may be written without brackets."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        stored = json.loads(line)
    except ValueError as wrong:
        raise _wrong(
            path, number, f"不是 JSON：{line.strip()[:SHOWN]}", "请每行写一个完整的 JSON 对象。"
        ) from wrong
    if not isinstance(stored, dict):
        raise _wrong(path, number, "不是 JSON 对象", '请用大括号写，例如：{"question": "高龄津贴怎么领"}')
    return stored


def _wrong(path: Path, number: int, what: str, then: str) -> QuestionsUnreadable:
    return QuestionsUnreadable(f"题集“{path.name}”第{number}行：{what}。", hint=then)


def _faults(
    row: Mapping[str, Any], choices: Mapping[str, tuple[str | None, ...]]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, and what to do."""
    if not _is_text(row.get("question")):
        yield "没有问题", "请在 question（或 q）里写上要问的话。"
    for field, allowed in choices.items():
        if row[field] not in allowed:
            known = "、".join(one for one in allowed if one)
            yield f"{field} 写的是“{row[field]}”，没有这一种", f"只能写：{known}。"
    for field, (is_right, form) in FORMS.items():
        if not is_right(row[field]):
            yield f"{field} 写得不对", f"请写{form}。"
    if row["expect"] == "answer" and not row["about"] and not row["gold"]:
        yield "要回答的题没有写该引用什么", "请在 about 写来源，或者在 gold_item 写事项、政策名称里的词。"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_alternatives(value: object) -> bool:
    return isinstance(value, list) and all(one and _are_texts(one) for one in value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


CHOICES: Final[dict[str, tuple[str | None, ...]]] = {
    "style": STYLES,
    "expect": EXPECTS,
    "audience": (None, *AUDIENCES),
}
FORMS: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "id": (_is_text, "一个编号，不写就按行号编"),
    "date": (_is_day, "年-月-日，例如 2026-11-20"),
    "turns": (_are_texts, "一组前面问过的话，没有就不写"),
    "about": (_are_texts, '一组来源，例如 ["item:old-age-allowance"]'),
    "facts": (_are_alternatives, '一组一组的说法，例如 [["不收费", "免费"]]'),
    "forbidden": (_are_texts, "一组不该出现的话，没有就不写"),
    "gold": (_are_texts, '一组名称里的词，例如 "gold_item": ["高龄津贴"]'),
    "style": (_is_text, "说法的名称，例如 standard"),
    "place": (_is_text_or_none, "12位区划代码，不知道就不写"),
    "why": (_is_text_or_none, "不回答的原因，没有就不写"),
}


def _check_ids(path: Path, rows: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen:
            raise QuestionsUnreadable(
                f"题集“{path.name}”里编号“{row['id']}”用了两次。", hint="请给每题一个自己的编号。"
            )
        seen.add(row["id"])
