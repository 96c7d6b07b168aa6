"""Reference: how one part of the house names an object of another without importing it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yueban.kernel.errors import Invalid

KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


class ReferenceInvalid(Invalid):
    """A text that is not of the form ``kind:number``."""

    code = "reference.invalid"


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A kind and a public number, written ``case:33060220261122000000017``."""

    kind: str
    number: str

    def __post_init__(self) -> None:
        if not KIND.fullmatch(self.kind):
            raise ReferenceInvalid(f"引用的种类“{self.kind}”不合规则。", hint="种类由小写英文字母开头。")
        if not NUMBER.fullmatch(self.number):
            raise ReferenceInvalid(f"引用的编号“{self.number}”不合规则。", hint="编号由字母和数字组成。")

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read ``kind:number``; raises ReferenceInvalid."""
        kind, colon, number = text.partition(":")
        if not colon:
            raise ReferenceInvalid(f"“{text}”不是引用。", hint="引用写作“种类:编号”。")
        return cls(kind, number)
