"""What an agency may set of itself: telephone, address and hours, as guides and papers print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from yueban.agencies.errors import AgencyNotFound
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference

MAY_SET: Final[Mapping[str, int]] = {"phone": 40, "address": 200, "hours": 200}
# With its area code, an extension after it; or a short number such as 12345.
PHONE = re.compile(r"0\d{2,3}-\d{7,8}(-\d{1,6})?|1\d{4}")


@transaction.atomic
def set_contact(*, code: str, given: Mapping[str, str], actor: Actor) -> Agency:
    """Set telephone, address and hours of an agency; raises Invalid by field. The same again changes nothing."""
    agency = (
        Agency.objects.select_for_update(of=("self",)).select_related("division").filter(code=code).first()
    )
    if agency is None:
        raise AgencyNotFound("没有这个部门。", hint="请从列表中重新选择。")
    wanted = _checked(given)
    changed = {name: value for name, value in wanted.items() if getattr(agency, name) != value}
    if not changed:
        return agency
    before = {name: getattr(agency, name) for name in changed}
    for name, value in changed.items():
        setattr(agency, name, value)
    agency.set_here = sorted({*agency.set_here, *changed})
    agency.save(update_fields=[*changed, "set_here"])
    audit.record(
        Reference("agency", agency.code),
        "agency_changed",
        actor=actor,
        data={"agency": agency.code, "before": before, "after": changed},
        division=agency.division.code,
    )
    return agency


def _checked(given: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, most in MAY_SET.items():
        try:
            found[name] = clean_line(given[name], most) if given.get(name, "").strip() else ""
        except TextInvalid as error:
            faults[name] = str(error)
    phone = found.get("phone", "")
    if phone and not PHONE.fullmatch(phone):
        faults["phone"] = "电话要带区号，如 0575-88000009；分机写在后面，如 0575-88000009-801。"
    if faults:
        raise Invalid.of_fields(faults)
    return found
