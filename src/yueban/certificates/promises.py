"""告知承诺: who may promise, what he has signed, and what the later check found."""

import secrets
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from yueban.certificates.choices import PromiseState
from yueban.certificates.connectors.registry import ladder
from yueban.certificates.errors import PromiseInvalid, PromiseRefused
from yueban.certificates.models import Promise, PromiseBar
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.parties.models import Party

FALSE_PROMISE = "承诺不实："


def find_bar(party_id: int, *, on: date | None = None) -> PromiseBar | None:
    """Why the party may not promise on the day (today); None where it may."""
    day = on or clock.today()
    rows = PromiseBar.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), party_id=party_id, starts_on__lte=day, lifted_on=None
    )
    return rows.order_by("-starts_on", "-pk").first()


def bar(*, party: Party, source: str, starts_on: date, ends_on: date | None = None) -> PromiseBar:
    """The party may not promise: as a list of the city or a false promise says; again changes nothing."""
    row, _ = PromiseBar.objects.get_or_create(
        party=party, source=source, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    return row


def lift(*, party: Party, source: str) -> int:
    """信用修复: the bar no longer holds."""
    rows = PromiseBar.objects.filter(party=party, source=source, lifted_on=None)
    return rows.update(lifted_on=clock.today())


def check_may_promise(party: Party) -> None:
    """Raise PromiseRefused for a party that is barred."""
    found = find_bar(party.pk)
    if found is not None:
        until = f"，{clock.written(found.ends_on)}以前" if found.ends_on else ""
        raise PromiseRefused(
            f"因“{found.source}”{until}不能以承诺代替材料。",
            hint="请上传这份材料；信用修复以后可以再用承诺办理。",
        )


def sign(
    *,
    party: Party,
    reference: Reference,
    material_key: str,
    material_name: str,
    item_name: str,
    text: str,
    signed_name: str,
    signer: str,
    actor: Actor,
) -> Promise:
    """Keep a signed promise; the same again changes nothing. Raises PromiseRefused, PromiseInvalid."""
    check_may_promise(party)
    if "".join(signed_name.split()) != "".join(signer.split()):
        raise PromiseInvalid.of_fields({"signed_name": f"请输入您的姓名“{signer}”作为签名。"})
    row, _ = Promise.objects.get_or_create(
        reference_kind=reference.kind,
        reference_number=reference.number,
        material_key=material_key,
        taken_back_at=None,
        defaults={
            "number": _new_number(),
            "party": party,
            "material_name": material_name,
            "item_name": item_name,
            "text": text,
            "signed_name": signer,
            "signed_by_user_id": actor.user_id,
            "signed_at": clock.now(),
        },
    )
    return row


def take_back(*, reference: Reference, material_key: str) -> int:
    """Before submission a promise may be taken back; the row stays."""
    rows = Promise.objects.filter(
        reference_kind=reference.kind,
        reference_number=reference.number,
        material_key=material_key,
        taken_back_at=None,
    )
    return rows.update(taken_back_at=clock.now())


def hand_over(promise: Promise, *, to: Reference) -> Promise:
    """The draft has become a case: the promise is now of the case."""
    promise.reference_kind, promise.reference_number = to.kind, to.number
    promise.save(update_fields=["reference_kind", "reference_number"])
    return promise


def promises_of(reference: Reference) -> QuerySet[Promise]:
    """What was promised for a matter and still stands."""
    rows = Promise.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
    return rows.filter(taken_back_at=None).select_related("party").order_by("pk")


def get_promise(number: str) -> Promise:
    """A promise by its number; raises PromiseInvalid where there is none."""
    found = Promise.objects.select_related("party").filter(number=number).first()
    if found is None:
        raise PromiseInvalid("没有找到这份承诺。", hint="请刷新页面查看最新进度。")
    return found


def schedule_check(promise: Promise, *, due_on: date | None) -> None:
    """Write down when it is looked at."""
    promise.check_due_on = due_on
    promise.save(update_fields=["check_due_on"])


def record_check(promise: Promise, *, is_kept: bool, finding: str) -> PromiseBar | None:
    """What the later check found; a false promise bars the party from promising."""
    promise.state = PromiseState.KEPT if is_kept else PromiseState.FALSE
    promise.checked_at, promise.finding = clock.now(), finding[:500]
    promise.save(update_fields=["state", "checked_at", "finding"])
    if is_kept:
        return None
    today = clock.today()
    until = today + timedelta(days=ladder().promise.barred_days)
    source = f"{FALSE_PROMISE}{promise.item_name}（{promise.number}）"[:200]
    return bar(party=promise.party, source=source, starts_on=today, ends_on=until)


def to_child(promise: Promise, *, to: Reference, material_key: str, item_name: str) -> Promise:
    """Signed once for a 一件事, it stands for each of its cases by itself: each has its own later check."""
    row, _ = Promise.objects.get_or_create(
        reference_kind=to.kind,
        reference_number=to.number,
        material_key=material_key,
        taken_back_at=None,
        defaults={
            "number": _new_number(),
            "party_id": promise.party_id,
            "material_name": promise.material_name,
            "item_name": item_name,
            "text": promise.text,
            "signed_name": promise.signed_name,
            "signed_by_user_id": promise.signed_by_user_id,
            "signed_at": promise.signed_at,
        },
    )
    return row


def _new_number() -> str:
    return f"CN{clock.today():%Y%m%d}{secrets.token_hex(5).upper()}"
