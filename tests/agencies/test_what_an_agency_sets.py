"""Telephone, address and hours are set by the system administrator of the division, and stay when a pack is loaded."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.agencies import services
from yueban.agencies.models import Agency
from yueban.agencies.rows import AgencyRow
from yueban.audit import selectors as audit
from yueban.flows import administer
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
CODE = "yuecheng-transport"
PAGE = f"/desk/staff/agencies/{CODE}/"
GIVEN = {"phone": "0575-88123456", "address": "示例路1号", "hours": "工作日 8:30—12:00"}


def row_of(agency: Agency) -> AgencyRow:
    names = ("code", "kind", "name", "name_en", "short_name", "document_prefix", "uscc", "phone")
    known = {name: getattr(agency, name) for name in names}
    return AgencyRow(**known, division=agency.division.code, uscc_demo=agency.is_uscc_demo)


def test_what_is_set_is_kept_audited_and_shown_in_the_guide():
    before = Agency.objects.get(code=CODE)
    client = visitor("admin-su")
    assert client.post(PAGE, GIVEN)["Location"] == PAGE
    changed = Agency.objects.get(code=CODE)
    assert (changed.phone, changed.address, changed.hours) == tuple(GIVEN.values())
    (event,) = audit.events_of(Reference("agency", CODE))
    assert (event.kind, event.data["before"]["phone"]) == ("agency_changed", before.phone)
    client.post(PAGE, GIVEN)
    assert len(audit.events_of(Reference("agency", CODE))) == 1
    guide = visitor(None).get("/items/road-freight-permit/?division=330602000000").content.decode()
    assert GIVEN["phone"] in guide


def test_a_pack_that_is_loaded_again_does_not_write_over_it():
    row = row_of(Agency.objects.get(code=CODE))
    administer.set_agency_contact(people.actor("admin-su"), CODE, GIVEN)
    services.save_agencies(rows=[row.model_copy(update={"name_en": "Renamed"})])
    after = Agency.objects.get(code=CODE)
    assert (after.phone, after.name_en) == (GIVEN["phone"], "Renamed")


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "88123456"), ("phone", "电话见官网"), ("address", "一" * 201), ("hours", "a\u200bb")],
)
def test_what_cannot_be_is_told_beside_its_field(field, value):
    answer = visitor("admin-su").post(PAGE, GIVEN | {field: value})
    assert answer.status_code == 422
    assert f'id="f-{field}"' in answer.content.decode()
    with pytest.raises(Invalid) as caught:
        administer.set_agency_contact(people.actor("admin-su"), CODE, GIVEN | {field: value})
    assert list(caught.value.fields) == [field]
    assert Agency.objects.get(code=CODE).phone != GIVEN["phone"]


def test_nobody_else_sets_it():
    for username in ("admin-an", people.CLERK, "editor-lou"):
        with pytest.raises(NotAllowed):
            administer.set_agency_contact(people.actor(username), CODE, GIVEN)
