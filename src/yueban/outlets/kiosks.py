"""Kiosks: registering one at an outlet, its key, and whether a key opens it."""

import hmac
import secrets
from collections.abc import Iterable, Sequence

from yueban.kernel import clock
from yueban.kernel.changes import Changes
from yueban.outlets.errors import KioskKnown, KioskNotFound
from yueban.outlets.models import Kiosk, Outlet
from yueban.outlets.rows import KioskRow
from yueban.vault import services as vault

_FIELDS = ("outlet_id", "name", "name_en", "items", "parts")


def register_kiosk(
    *,
    code: str,
    outlet: Outlet,
    name: str,
    items: Sequence[str],
    parts: Sequence[str],
    agent_address: str = "",
) -> tuple[Kiosk, str]:
    """A new kiosk and its key, which is shown this once; raises KioskKnown."""
    if Kiosk.objects.filter(code=code).exists():
        raise KioskKnown(f"终端“{code}”已经登记过。", hint="请换一个编号，或先注销原来的登记。")
    key = secrets.token_hex(16)
    kiosk = Kiosk.objects.create(
        code=code,
        outlet=outlet,
        name=name,
        key_cipher=vault.encrypt(key),
        items=list(items),
        parts=list(parts),
        agent_address=agent_address,
        registered_at=clock.now(),
    )
    return kiosk, key


def renew_kiosk_key(*, kiosk: Kiosk) -> str:
    """Another key, shown this once; the old one opens nothing from now on."""
    key = secrets.token_hex(16)
    kiosk.key_cipher, kiosk.revoked_at = vault.encrypt(key), None
    kiosk.save(update_fields=["key_cipher", "revoked_at"])
    return key


def revoke_kiosk(*, kiosk: Kiosk) -> None:
    """End the registration: at its next request the terminal is closed."""
    if kiosk.revoked_at is None:
        kiosk.revoked_at = clock.now()
        kiosk.save(update_fields=["revoked_at"])


def save_demo_kiosks(*, rows: Iterable[KioskRow]) -> Changes:
    """The kiosks of the demonstration by code; the same rows again change nothing, keys least of all."""
    rows = list(rows)
    stored = {kiosk.code: kiosk for kiosk in Kiosk.objects.all()}
    outlets = dict(Outlet.objects.filter(code__in=[row.outlet for row in rows]).values_list("code", "pk"))
    created = changed = 0
    for row in rows:
        values = {
            "outlet_id": outlets[row.outlet],
            "name": row.name,
            "name_en": row.name_en,
            "items": list(row.items),
            "parts": list(row.parts),
        }
        kiosk = stored.get(row.code)
        if kiosk is None:
            key = vault.encrypt(secrets.token_hex(16))
            Kiosk.objects.create(
                code=row.code, key_cipher=key, is_demo=True, registered_at=clock.now(), **values
            )
            created += 1
        elif any(getattr(kiosk, name) != values[name] for name in _FIELDS):
            for name in _FIELDS:
                setattr(kiosk, name, values[name])
            kiosk.save(update_fields=[name.removesuffix("_id") for name in _FIELDS])
            changed += 1
    return Changes(created, changed, len(rows) - created - changed)


def kiosk_key(kiosk: Kiosk) -> str:
    """Its key: what its requests and those to its peripherals are proved with."""
    return vault.decrypt(kiosk.key_cipher)


def find_kiosk(code: str, key: str) -> Kiosk | None:
    """The registered kiosk that this key opens."""
    kiosk = (
        Kiosk.objects.select_related("outlet__division", "outlet__timetable", "outlet__agency")
        .filter(code=code, revoked_at=None)
        .first()
        if code and key
        else None
    )
    if kiosk is None or not hmac.compare_digest(kiosk_key(kiosk).encode(), key.encode()):
        return None
    return kiosk


def demo_kiosks() -> list[Kiosk]:
    """The kiosks of the demonstration, in the order of their codes."""
    return list(Kiosk.objects.filter(is_demo=True, revoked_at=None).select_related("outlet").order_by("code"))


def get_kiosk(code: str) -> Kiosk:
    """The kiosk of this code, open or not; raises KioskNotFound."""
    kiosk = Kiosk.objects.select_related("outlet").filter(code=code).first()
    if kiosk is None:
        raise KioskNotFound(f"没有编号为“{code}”的自助终端。", hint="请核对终端编号。")
    return kiosk
