"""What is wrong with an offer or its policy: where, what, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from yueban.policies.errors import OfferUnsound

Step = str | int


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake; ``path`` leads to the field."""

    path: tuple[Step, ...]
    message: str
    hint: str = ""

    @property
    def field(self) -> str:
        """The path as people write it: benefits[0].when."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text

    def to_json(self) -> dict[str, str]:
        """For pages and programs."""
        return {"field": self.field, "message": self.message, "hint": self.hint}


def unsound(faults: Sequence[Fault]) -> OfferUnsound:
    """All of them as one refusal."""
    first = faults[0]
    more = f"（共{len(faults)}处）" if len(faults) > 1 else ""
    return OfferUnsound(
        f"这个惠企事项还不完整：{first.message}{more}",
        hint=first.hint or "请逐项改正后再试。",
        data={"problems": [fault.to_json() for fault in faults]},
    )
