"""An auditor of a county reads what stands in his county, the city's auditor everything; older events stand nowhere."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from tests import partners, people
from tests.channels.visitors import content_of, visitor
from yueban.accounts.models import User
from yueban.agencies.services import give_post
from yueban.audit.models import Event
from yueban.audit.selectors import events_of, verify_chain
from yueban.audit.services import record
from yueban.flows import audit_exports, audit_view
from yueban.flows.identify import actor_of_user
from yueban.kernel.actor import SYSTEM, Actor, PostHeld
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
SEARCH, EXPORT = "/desk/audit/search/", "/desk/audit/export"
YUECHENG, ZHUJI = "330602000000", "330681000000"


def newcomer(role: str, agency: str) -> str:
    user = User.objects.create_user(username=f"{role}-{agency}", name="县管理")
    give_post(user=user, role=role, agency=agency, division=None, actor=SYSTEM)
    return user.username


@pytest.fixture
def own():
    """The auditor of the county where the cases are."""
    return newcomer("auditor", partners.HALL)


@pytest.fixture
def elsewhere():
    """The auditor of another county."""
    return newcomer("auditor", partners.ELSEWHERE)


def test_a_county_reads_of_its_own_cases_and_of_no_others(own, elsewhere):
    case = people.accepted()
    for who, is_seen in ((own, True), (elsewhere, False), ("auditor-shen", True)):
        client = visitor(who)
        for wanted in ({}, {"number": case.number}, {"person": people.CLERK}, {"kind": "accept"}):
            page = client.get(SEARCH, wanted).content.decode()
            assert (f'number">{case.number}<' in page) is is_seen, (who, wanted)


def test_the_whole_story_of_a_case_is_read_where_it_is_decided(own):
    case = people.granted()
    chain = events_of(Reference("case", case.number))
    assert {event.division_code for event in chain} == {case.division_code} == {YUECHENG}
    seen = audit_view.events_visible_to(people_actor(own)).filter(reference_number=case.number)
    assert seen.count() == chain.count()
    assert verify_chain(Reference("case", case.number)).ok


def people_actor(username: str) -> Actor:
    return actor_of_user(User.objects.get(username=username).pk, channel="desk")


def test_an_export_holds_what_the_search_shows(own, elsewhere):
    case = people.received()
    for who, is_seen in ((own, True), (elsewhere, False)):
        taken = visitor(who).post(EXPORT, {"purpose": "年度审计，局长批准"})
        sheet = load_workbook(BytesIO(content_of(taken))).active
        numbers = {str(row[1]) for row in sheet.iter_rows(values_only=True)}
        assert (f"case:{case.number}" in numbers) is is_seen


def test_whether_an_export_fits_is_counted_over_what_he_may_read(own, elsewhere, monkeypatch):
    people.received()
    monkeypatch.setattr(audit_exports, "MOST_IN_EXCEL", 2)
    wanted = audit_exports.audit_read.Wanted(kind="receive")
    for _ in range(2):
        people.received()
    fits = [
        audit_exports.begin(people_actor(who), wanted, {}, purpose="年度审计，局长批准")
        for who in (own, elsewhere)
    ]
    assert fits == [False, True]


def test_events_that_stand_nowhere_are_the_citys_alone(own):
    record(Reference("case", "OLD-1"), "receive", actor=SYSTEM)
    assert Event.objects.get(reference_number="OLD-1").division_code == ""
    assert "OLD-1" in visitor("auditor-shen").get(SEARCH).content.decode()
    assert "OLD-1" not in visitor(own).get(SEARCH).content.decode()


def test_a_sign_in_is_read_where_the_post_is_and_a_citizens_in_the_city(own, elsewhere):
    for name in (people.CLERK, people.OWNER):
        assert Client().post("/sign-in", {"username": name}).status_code == 302
    for who, clerk, citizen in ((own, 1, 0), (elsewhere, 0, 0), ("auditor-shen", 1, 1)):
        rows = audit_view.events_visible_to(people_actor(who)).filter(kind="sign_in")
        found = [
            rows.filter(reference_number=str(people.user(name).pk)).exists()
            for name in (people.CLERK, people.OWNER)
        ]
        assert found == [bool(clerk), bool(citizen)], who


def test_what_has_no_place_stands_where_its_chain_stood_or_where_its_actor_is():
    thing = Reference("webhook", "W1")
    clerk = Actor(4711, "甲", posts=(PostHeld("clerk", "hall", "大厅", YUECHENG),))
    other = Actor(4712, "乙", posts=(PostHeld("clerk", "hall", "大厅", ZHUJI),))
    record(thing, "a", actor=clerk)
    record(thing, "b", actor=other)
    record(thing, "c", actor=SYSTEM, division=ZHUJI)
    record(thing, "d", actor=SYSTEM)
    assert [event.division_code for event in events_of(thing)] == [YUECHENG, YUECHENG, ZHUJI, ZHUJI]
    assert verify_chain(thing).ok


def test_the_post_of_an_absent_colleague_is_no_place():
    substitute = PostHeld("clerk", "hall", "大厅", ZHUJI, stands_in_for=1, stands_in_name="丙")
    record(Reference("webhook", "W2"), "a", actor=Actor(4711, "甲", posts=(substitute,)))
    assert events_of(Reference("webhook", "W2")).get().division_code == ""


def test_an_auditor_proves_chains_of_his_county_only(own, elsewhere):
    case = people.received()
    for who, is_proved in (
        (own, True),
        (elsewhere, False),
        ("auditor-shen", True),
        (people.SUPERVISOR, True),
    ):
        answer = visitor(who).post("/desk/audit/", {"number": case.number})
        assert ("全部完整" in answer.content.decode()) is is_proved, who
        assert answer.status_code == (200 if is_proved else 404)


@pytest.mark.parametrize("who", [people.CLERK, people.SUPERVISOR, "admin-su", "admin-an"])
def test_nobody_else_reads_the_audit(who):
    with pytest.raises(NotAllowed):
        audit_view.events_visible_to(people.actor(who))


def test_a_countys_security_administrator_sees_accounts_of_his_county(elsewhere):
    for agency in (partners.HALL, partners.ELSEWHERE):
        newcomer("security_admin", agency)
    names = {}
    for agency in (partners.HALL, partners.ELSEWHERE):
        user = User.objects.create_user(username=f"new-{agency}", name=f"新人{agency}")
        give_post(user=user, role="clerk", agency=agency, division=None, actor=SYSTEM)
        names[agency] = str(user.pk)
    rows = audit_view.events_visible_to(
        people_actor(f"security_admin-{partners.HALL}"), "security_admin"
    ).filter(kind="post_given")
    found = set(rows.values_list("reference_number", flat=True))
    assert names[partners.HALL] in found and names[partners.ELSEWHERE] not in found


def test_the_countys_search_has_its_index(own):
    reach = audit_view.events_visible_to(people_actor(own)).order_by("-at", "-pk")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, values = reach.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "audit_event_by_county" in plan
