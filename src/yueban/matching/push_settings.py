"""What an enterprise wants to be told of, and when: told of nothing, of some agencies' offers, at some hours."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from yueban.kernel import clock
from yueban.matching.choices import QUIET_FROM, QUIET_UNTIL
from yueban.matching.errors import PushSettingInvalid
from yueban.matching.models import PushSetting

LONGEST_REASON: Final = 200
# The hours that may be chosen: the evening never later, the morning never earlier than for all.
EVENINGS: Final = tuple(range(17, QUIET_FROM + 1))
MORNINGS: Final = tuple(range(QUIET_UNTIL, 13))


@dataclass(frozen=True)
class Wishes:
    """What holds for an enterprise; without a word of its own it is told of everything by day."""

    refuses: bool = False
    reason: str = ""
    muted: tuple[str, ...] = ()
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL


@dataclass(frozen=True)
class Standing:
    """The wishes as they stand, since when it is told of nothing, and whether the last change can be taken back."""

    wishes: Wishes
    refused_at: datetime | None = None
    may_undo: bool = False


def wishes_of(party_id: int) -> Standing:
    """What holds for an enterprise now."""
    row = PushSetting.objects.filter(party_id=party_id).first()
    if row is None:
        return Standing(Wishes())
    return Standing(_wishes(row), row.refused_at, row.before is not None)


@transaction.atomic
def set_wishes(party_id: int, wishes: Wishes, *, user_id: int | None, known_topics: Collection[str]) -> bool:
    """Keep what the enterprise wants; whether anything changed. The state before is kept to be taken back."""
    _check(wishes, known_topics)
    PushSetting.objects.get_or_create(party_id=party_id, defaults={"changed_at": clock.now()})
    row = PushSetting.objects.select_for_update().get(party_id=party_id)
    before = _wishes(row)
    if before == wishes:
        return False
    _write(row, wishes, user_id, before=_kept(before))
    return True


@transaction.atomic
def undo_wishes(party_id: int, *, user_id: int | None) -> bool:
    """Take the last change back; whether there was one."""
    row = PushSetting.objects.select_for_update().filter(party_id=party_id).first()
    if row is None or row.before is None:
        return False
    _write(row, Wishes(**{**row.before, "muted": tuple(row.before["muted"])}), user_id, before=None)
    return True


def _check(wishes: Wishes, known_topics: Collection[str]) -> None:
    wrong = {}
    if len(wishes.reason) > LONGEST_REASON:
        wrong["reason"] = f"原因最多{LONGEST_REASON}个字。"
    if wishes.quiet_from not in EVENINGS:
        wrong["quiet_from"] = f"免打扰最晚从{QUIET_FROM}点开始，只能提前。"
    if wishes.quiet_until not in MORNINGS:
        wrong["quiet_until"] = f"免打扰最早到{QUIET_UNTIL}点结束，只能推后。"
    if set(wishes.muted) - set(known_topics):
        wrong["muted"] = "请从列出的部门中选择。"
    if wrong:
        raise PushSettingInvalid.of_fields(wrong)


def _wishes(row: PushSetting) -> Wishes:
    return Wishes(
        refuses=row.refused_at is not None,
        reason=row.reason,
        muted=tuple(row.muted),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def _kept(wishes: Wishes) -> dict[str, Any]:
    return {**asdict(wishes), "muted": list(wishes.muted)}


def _write(row: PushSetting, wishes: Wishes, user_id: int | None, *, before: dict[str, Any] | None) -> None:
    now = clock.now()
    row.refused_at = (row.refused_at or now) if wishes.refuses else None
    row.reason = wishes.reason if wishes.refuses else ""
    row.muted = sorted(wishes.muted)
    row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
    row.changed_at, row.changed_by_id, row.before = now, user_id, before
    row.save()
