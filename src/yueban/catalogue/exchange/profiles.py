"""Profiles of the exchange (国标, 省标): how the other side's codes stand to ours; data, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yueban.catalogue.exchange.faults import CellFault
from yueban.elements.selectors import Dictionary
from yueban.kernel.errors import Invalid

FILE = Path(__file__).with_name("profiles.yaml")
TYPE_AT = slice(2, 4)  # the item type within a 基本编码
BASIC_AT = 19  # where the 基本编码 begins within a 实施编码


class ProfileUnknown(Invalid):
    """No such profile of the exchange."""

    code = "exchange.profile_unknown"


@dataclass(frozen=True)
class Profile:
    """One profile: its key, its name, and the pairs of codes that differ, by code list."""

    key: str
    name: str
    outgoing: Mapping[str, Mapping[str, str]]
    incoming: Mapping[str, Mapping[str, str]]


@cache
def profiles() -> Mapping[str, Profile]:
    """All profiles by key."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: _profile(key, row) for key, row in content.items()}


def find_profile(key: str) -> Profile:
    """The profile of this key; raises ProfileUnknown."""
    found = profiles().get(key)
    if found is None:
        raise ProfileUnknown(f"没有交换口径“{key}”。", hint=f"可用：{'、'.join(profiles())}。")
    return found


def _profile(key: str, row: Mapping[str, Any]) -> Profile:
    outgoing: dict[str, dict[str, str]] = {}
    incoming: dict[str, dict[str, str]] = {}
    for code_list, pairs in row["lists"].items():
        for ours, theirs in pairs:
            outgoing.setdefault(code_list, {}).setdefault(ours, theirs)
            incoming.setdefault(code_list, {}).setdefault(theirs, ours)
    return Profile(key, row["name"], outgoing, incoming)


class NationalDialect:
    """National JSON under a profile: bare codes of the other side, 1 and 0."""

    yes, no = "1", "0"

    def __init__(self, profile: Profile, dictionary: Dictionary) -> None:
        self.profile = profile
        self._lists: dict[str, set[str]] = {}
        for row in dictionary.code_lists:
            self._lists.setdefault(row.key, set()).update(entry.code for entry in row.codes)

    def shown(self, code_list: str, code: str) -> str:
        """The other side's code."""
        return self.profile.outgoing.get(code_list, {}).get(code, code)

    def code_of(self, code_list: str, text: str) -> str:
        """Our code; raises CellFault for what the profile's list does not hold."""
        crossed = self.profile.incoming.get(code_list, {})
        code = crossed.get(text, text)
        if code not in self._lists.get(code_list, set()):
            raise CellFault(
                f"代码“{text}”不在{self.profile.name}的代码表里。", "请核对代码，或改用对应的交换口径。"
            )
        return code

    def basic_out(self, code: str, /) -> str:
        """Digits 3 and 4 are the item type: they follow the other side's list of types."""
        return _with_type(code, self.profile.outgoing)

    def basic_in(self, code: str, /) -> str:
        """The same, back."""
        return _with_type(code, self.profile.incoming)

    def task_code(self, code: str) -> str:
        """Our 实施编码 as the other side writes it; it ends with the 基本编码."""
        return code[:BASIC_AT] + self.basic_out(code[BASIC_AT:])

    def sentence(self, _rule: Mapping[str, Any] | None, /) -> str | None:
        """The national form has no place for conditions."""
        return None


def _with_type(code: str, crossed: Mapping[str, Mapping[str, str]]) -> str:
    kind = code[TYPE_AT]
    return f"{code[:2]}{crossed.get('item-type', {}).get(kind, kind)}{code[4:]}"
