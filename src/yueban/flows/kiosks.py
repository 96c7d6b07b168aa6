"""自助终端: registered at an outlet by a city's own people, opened with a key, closed at once when it is revoked."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from yueban.audit import services as audit
from yueban.catalogue import selectors as catalogue
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotFound
from yueban.kernel.reference import Reference
from yueban.outlets import selectors as outlets_read
from yueban.outlets import services as outlets
from yueban.outlets.choices import KioskPart
from yueban.outlets.models import Kiosk


@transaction.atomic
def register(
    actor: Actor,
    *,
    code: str,
    outlet: str,
    name: str,
    items: Sequence[str],
    parts: Sequence[str],
    agent_address: str = "",
) -> tuple[Kiosk, str]:
    """Register a kiosk; gives its key, which is told this once. Raises OutletNotFound, KioskKnown, Invalid."""
    unknown = [key for key in items if catalogue.find_item(key) is None]
    if unknown:
        raise Invalid(f"没有事项“{'、'.join(unknown)}”。", hint="请写事项的 key，用逗号分开。")
    strange = [part for part in parts if part not in KioskPart.values]
    if strange:
        raise Invalid(f"不认识外设“{'、'.join(strange)}”。", hint=f"可用：{'、'.join(KioskPart.values)}。")
    made, key = outlets.register_kiosk(
        code=code,
        outlet=outlets_read.get_outlet(outlet),
        name=name,
        items=items,
        parts=parts,
        agent_address=agent_address,
    )
    audit.record(Reference("kiosk", made.code), "kiosk_registered", actor=actor, data={"outlet": outlet})
    return made, key


@transaction.atomic
def renew_key(actor: Actor, code: str) -> str:
    """Another key for a kiosk; the one before opens nothing any more."""
    kiosk = outlets_read.get_kiosk(code)
    key = outlets.renew_kiosk_key(kiosk=kiosk)
    audit.record(Reference("kiosk", kiosk.code), "kiosk_key_renewed", actor=actor)
    return key


@transaction.atomic
def revoke(actor: Actor, code: str) -> None:
    """End a registration: the terminal is closed at its next request."""
    kiosk = outlets_read.get_kiosk(code)
    outlets.revoke_kiosk(kiosk=kiosk)
    audit.record(Reference("kiosk", kiosk.code), "kiosk_revoked", actor=actor)


def demo_key(code: str) -> str:
    """The key of a kiosk of the demonstration, so that it opens with one press; of no other."""
    found = next((one for one in outlets_read.demo_kiosks() if one.code == code), None)
    if not settings.YUEBAN_DEMO or found is None:
        raise NotFound("没有这台演示终端。", hint="请从列表里选一台。")
    return outlets_read.kiosk_key(found)
