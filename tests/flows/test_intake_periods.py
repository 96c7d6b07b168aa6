"""School admission is handed in within its period; before that a draft waits, and early is no better than late."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from tests.flows.moments import set_now
from yueban.cases.choices import CaseState
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.errors import IntakeClosed
from yueban.flows import apply

pytestmark = pytest.mark.django_db
KEY, COUNTY = "compulsory-school-admission", "330602000000"
ANSWERS = {
    "grade": "one",
    "age": "yes",
    "school_kind": "public",
    "household": "here",
    "home": "same",
    "special": "none",
}
FORM = {
    "contact.name": "赵样例",
    "contact.id_type": "resident_id",
    "contact.id_number": "999999196805070045",
    "contact.phone": "13800000003",
    "school.guardian_relation": "mother",
    "kin.name": "赵小样",
    "kin.id_number": "99999919850316001X",
    "school.child_household_address": "越城区示例路3号",
    "house.address": "越城区示例路3号",
    "school.home_owner": "赵样例",
    "school.district": "yuecheng-1",
    "school.wished_school": "示例小学",
    "school.accepts_arrangement": "yes",
}


def a_filled_draft():
    parent = people.actor(people.CITIZEN)
    version = catalogue.get_published(KEY, COUNTY)
    draft = apply.start(parent, version.pk, ANSWERS, next(iter(parent.party_ids)))
    saved = apply.save_draft(parent, draft.number, FORM, draft.revision)
    assert saved.errors == {}
    return parent, draft.number


def test_a_draft_is_kept_before_the_period_and_handed_in_within_it():
    set_now(2027, 3, 1)
    parent, number = a_filled_draft()
    with pytest.raises(IntakeClosed) as closed:
        apply.submit(parent, number)
    assert "5月25日" in closed.value.hint
    set_now(2027, 6, 5, 23)
    assert apply.submit(parent, number).state == CaseState.APPLIED


def test_the_parent_has_nothing_to_upload_when_the_agencies_can_check():
    parent, number = a_filled_draft()
    assert [m.key for m in apply.check(parent, number).materials if m.is_missing] == []


def test_the_pages_say_when_to_apply():
    set_now(2027, 3, 1)
    guide = visitor(None).get(f"/items/{KEY}/").content.decode()
    assert "什么时候申请" in guide
    assert "2027年5月25日" in guide
    query = "&".join(f"{name}={value}" for name, value in ANSWERS.items())
    assert "还没到受理时间" in visitor(None).get(f"/items/{KEY}/situation?{query}").content.decode()
    set_now(2027, 6, 1)
    assert "还没到受理时间" not in visitor(None).get(f"/items/{KEY}/situation?{query}").content.decode()
