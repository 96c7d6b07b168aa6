"""Lists of claims: narrowed, counted, searched, exported at once or in the background; the enterprise's own with money."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import people
from tests.channels.visitors import visitor
from tests.claims import making
from yueban.cases.models import CaseExport
from yueban.claims import selectors
from yueban.claims.models import Claim
from yueban.flows import export_claims, long_exports
from yueban.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def claims():
    making.november()
    making.nothing_known()
    making.money("3000000")
    making.offer(department_kind="transport")
    making.offer("instant", name="上云补助", department_kind="transport", redemption="instant")
    for username in (people.OWNER, people.STRANGER):
        making.told(making.company(username), {"digital_investment": 1000000, "is_dishonest": False})
    return [
        making.submitted().number,
        making.submitted(key="instant").number,
        making.submitted(people.STRANGER).number,
    ]


def found(**filters):
    rows = selectors.claims_visible_to(people.actor(people.REVIEWER, channel="desk"))
    return set(selectors.narrowed(rows, filters).values_list("number", flat=True))


def test_a_list_is_narrowed_by_each_filter(claims):
    fast, instant, other = claims
    assert found(state="agreed") == {instant}
    assert found(way="fast") == {fast, other}
    assert found(offer="instant") == {instant}
    assert found(text=other.lower()) == {other}
    assert found(text=making.company().name[:4]) >= {fast, instant}
    assert found(county="330602") == {fast, instant, other}
    assert found(county="330681") == set()


def test_days_are_days_of_beijing_the_last_included(claims):
    today = clock.today()
    assert found(since=today.isoformat(), until=today.isoformat()) == set(claims)
    assert found(since=(today + timedelta(days=1)).isoformat()) == set()
    assert found(until=(today - timedelta(days=1)).isoformat()) == set()


def test_what_is_not_understood_does_not_narrow():
    sent = {"state": "no-such", "since": "2026-13-40", "text": " x ", "way": "fast", "other": "1"}
    assert selectors.checked_filters(sent) == {"text": "x", "way": "fast"}


def test_the_page_counts_by_state_and_keeps_its_filters(claims, django_assert_max_num_queries):
    client = visitor(people.REVIEWER)
    page = client.get("/desk/claims/").content.decode()
    assert "初审中 2" in page
    assert "共 900,000.00 元" in page
    client.get("/desk/claims/")
    with django_assert_max_num_queries(30):
        narrowed = client.get(f"/desk/claims/?state=agreed&text={claims[1][:6]}").content.decode()
    assert claims[1] in narrowed
    assert claims[0] not in narrowed
    assert f"/desk/claims/export.xlsx?text={claims[1][:6]}&amp;state=agreed" in narrowed or (
        f"/desk/claims/export.xlsx?state=agreed&amp;text={claims[1][:6]}" in narrowed
    )
    assert "没有找到申报" in client.get("/desk/claims/?text=没有这家").content.decode()


def test_the_sheet_has_what_the_list_has_and_nobody_elses(claims):
    sent = visitor(people.REVIEWER).get("/desk/claims/export.xlsx?way=fast")
    sheet = load_workbook(BytesIO(sent.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0] == tuple(export_claims.COLUMNS)
    assert {row[0] for row in rows[1:]} == {claims[0], claims[2]}
    assert {row[5] for row in rows[1:]} == {300000}
    other = visitor(people.OTHER_COUNTY).get("/desk/claims/export.xlsx")
    assert load_workbook(BytesIO(other.content)).active.max_row == 2


def test_a_long_list_is_the_workers_to_write(claims, settings):
    settings.YUEBAN_EXPORT_AT_ONCE = 1
    client = visitor(people.REVIEWER)
    sent = client.get("/desk/claims/export.xlsx?way=fast")
    assert sent.status_code == 302
    assert "兑现方式：快申快享" in client.get(sent.headers["Location"]).content.decode()
    asked = client.post("/desk/exports/", {"list": "claims", "way": "fast"})
    export = CaseExport.objects.get()
    assert asked.headers["Location"].endswith(f"/{export.number}/")
    long_exports.make(export.number)
    export.refresh_from_db()
    assert (export.state, export.written) == ("done", 2)
    assert export.file is not None
    assert export.file.name.startswith("政策申报-")


def test_the_enterprise_reads_its_claims_what_comes_next_and_where_the_money_is(claims):
    fast, instant, other = claims
    client = visitor(people.OWNER)
    page = client.get("/my/claims/").content.decode()
    assert fast in page
    assert instant in page
    assert other not in page
    assert "等财政编入拨付批次" in client.get(f"/my/claims/{instant}/").content.decode()
    shown = client.get(f"/my/claims/{fast}/").content.decode()
    assert 'aria-label="申报进度"' in shown
    assert "钱到哪一步" not in shown
    Claim.objects.filter(number=fast).update(state="withdrawn")
    assert 'aria-label="申报进度"' not in client.get(f"/my/claims/{fast}/").content.decode()
