"""Recording how a material was satisfied: again the same changes nothing, another way supersedes."""

from typing import Any

from django.db import connection

from yueban.certificates.choices import SatisfactionWay
from yueban.certificates.errors import SatisfactionInvalid
from yueban.certificates.models import Satisfaction
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference


def check_evidence(way: str, values: dict[str, Any]) -> None:
    """Raise SatisfactionInvalid unless the way has the evidence it needs."""
    if way not in SatisfactionWay.values:
        raise SatisfactionInvalid(f"没有“{way}”这种材料满足方式。", hint="请使用已定义的方式。")
    needed = {
        SatisfactionWay.CERTIFICATE: ("certificate", "所用的证照"),
        SatisfactionWay.REUSE: ("file", "所复用的文件"),
        SatisfactionWay.CANCELLED: ("basis", "取消材料的依据"),
    }
    key, name = needed.get(SatisfactionWay(way), ("", ""))
    if key and not values[key]:
        label = SatisfactionWay(way).label
        raise SatisfactionInvalid(f"以“{label}”满足材料须有{name}。", hint="请补充后再记录。")


def save(
    *, reference: Reference, material_key: str, values: dict[str, Any], actor: Actor
) -> tuple[Satisfaction, bool]:
    """The current row, and whether it is new; inside the caller's transaction."""
    place = {
        "reference_kind": reference.kind,
        "reference_number": reference.number,
        "material_key": material_key,
    }
    _wait_turn(f"satisfaction:{reference}:{material_key}")
    current = Satisfaction.objects.filter(**place, superseded_at=None).first()
    if current is not None and all(getattr(current, name) == value for name, value in values.items()):
        return current, False
    now = clock.now()
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    who = {"actor_user_id": actor.user_id, "actor_name": actor.name}
    return Satisfaction.objects.create(**place, **values, **who, satisfied_at=now), True


def _wait_turn(name: str) -> None:
    # There may be no row to lock yet, and the row that counts changes: a lock on the name serves both.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
