"""督办 → 反馈 → 销号: the supervisor asks and strikes off, the agency answers, nobody else sees anything."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.audit import selectors as audit_read
from yueban.flows import supervise
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference
from yueban.oversight import selectors
from yueban.oversight.choices import EntryState, Level, Rule
from yueban.oversight.errors import EntryMoved, EntryNotFound
from yueban.oversight.models import Entry
from yueban.oversight.services import Raised, raise_entries

pytestmark = pytest.mark.django_db
COUNTY_SUPERVISOR = "supervisor-ji"


@pytest.fixture
def entry() -> Entry:
    """A case of the transport bureau of 越城区 over which a rule has raised an entry."""
    case = people.accepted()
    raise_entries(
        [
            Raised(
                rule=Rule.PROMISE,
                level=Level.YELLOW,
                reference=Reference("case", case.number),
                title=case.item_name,
                agency_id=case.agency_id,
                division_code=case.division_code,
                detail={"due_on": "2026-11-20"},
            )
        ]
    )
    return Entry.objects.get()


def test_asked_answered_and_struck_off(entry):
    supervisor, reviewer = people.actor(people.SUPERVISOR), people.actor(people.REVIEWER)
    asked = supervise.ask(supervisor, entry.number, "为什么超期？请三天内办结。")
    assert (asked.state, asked.asked_by.name) == (EntryState.ASKED, "沈监督")
    assert asked.due_on is not None
    answered = supervise.answer(reviewer, entry.number, "车辆核查晚到，已催办。")
    assert answered.state == EntryState.ANSWERED
    again = supervise.ask(supervisor, entry.number, "请补充说明整改措施。")
    assert again.state == EntryState.ASKED
    supervise.answer(reviewer, entry.number, "已明确核查时限。")
    closed = supervise.close(supervisor, entry.number, "已整改。")
    assert (closed.state, closed.closing) == (EntryState.CLOSED, "已整改。")
    chain = audit_read.verify_chain(entry.own_reference)
    kinds = [event.kind for event in audit_read.events_of(entry.own_reference)]
    assert chain.ok
    assert kinds == ["asked", "answered", "asked", "answered", "closed"]


def test_no_step_touches_the_case(entry):
    number = entry.reference_number
    before = audit_read.events_of(Reference("case", number)).count()
    supervise.ask(people.actor(people.SUPERVISOR), entry.number, "请说明。")
    supervise.answer(people.actor(people.REVIEWER), entry.number, "已说明。")
    assert audit_read.events_of(Reference("case", number)).count() == before


def test_only_a_supervisor_asks_and_strikes_off(entry):
    for step in (supervise.ask, supervise.close):
        with pytest.raises(NotAllowed):
            step(people.actor(people.REVIEWER), entry.number, "请说明。")


def test_words_are_needed_for_each_step(entry):
    supervisor = people.actor(people.SUPERVISOR)
    for step in (supervise.ask, supervise.close):
        with pytest.raises(Invalid):
            step(supervisor, entry.number, "  ")
    entry.refresh_from_db()
    assert entry.state == EntryState.OPEN


def test_an_entry_under_question_is_not_struck_off(entry):
    supervisor = people.actor(people.SUPERVISOR)
    supervise.ask(supervisor, entry.number, "请说明。")
    with pytest.raises(EntryMoved):
        supervise.close(supervisor, entry.number, "算了。")
    with pytest.raises(EntryMoved):
        supervise.ask(supervisor, entry.number, "再问一遍。")


def test_an_agency_sees_an_entry_only_when_asked(entry):
    reviewer = people.actor(people.REVIEWER)
    with pytest.raises(EntryNotFound):
        selectors.get_entry(reviewer, entry.number)
    supervise.ask(people.actor(people.SUPERVISOR), entry.number, "请说明。")
    assert selectors.get_entry(reviewer, entry.number).pk == entry.pk
    with pytest.raises(EntryNotFound):
        selectors.get_entry(people.actor(people.OTHER_COUNTY), entry.number)


def test_a_supervisor_of_the_county_sees_it_and_one_of_no_division_does_not(entry):
    assert entry in selectors.entries_visible_to(people.actor(COUNTY_SUPERVISOR))
    for other in (people.CLERK, people.EDITOR, people.OWNER, "admin-su", "auditor-shen"):
        assert not selectors.entries_visible_to(people.actor(other)).exists()


def test_the_pages_carry_it_from_list_to_strike_off(entry):
    supervisor, reviewer = visitor(people.SUPERVISOR), visitor(people.REVIEWER)
    listed = supervisor.get("/desk/oversight/?rule=R01&level=yellow").content.decode()
    assert entry.number in listed
    assert entry.number not in supervisor.get("/desk/oversight/?level=red").content.decode()
    page = f"/desk/oversight/{entry.number}/"
    assert supervisor.post(f"{page}ask", {"question": "请说明原因。"}, follow=True).status_code == 200
    assert page in reviewer.get("/desk/").content.decode()
    told = reviewer.post(f"{page}answer", {"answer": "已经办结。"}, follow=True).content.decode()
    assert "反馈已交给监督人员" in told
    refused = supervisor.post(f"{page}close", {"closing": ""})
    assert refused.status_code == 422
    assert "请写明销号的理由" in refused.content.decode()
    assert (
        "已销号"
        in supervisor.post(f"{page}close", {"closing": "属实，已整改。"}, follow=True).content.decode()
    )


def test_a_moment_is_told_by_the_clock_on_the_wall(entry):
    Entry.objects.update(detail={"decided_at": "2026-11-23T07:15:00+00:00", "due_on": "2026-11-20"})
    page = visitor(people.SUPERVISOR).get(f"/desk/oversight/{entry.number}/").content.decode()
    assert "2026年11月23日 15:15" in page
    assert "2026年11月20日<" in page


def test_what_is_not_struck_off_is_one_press_away(entry):
    supervisor = visitor(people.SUPERVISOR)
    address = "/desk/oversight/?state=unclosed&level=yellow"
    assert (
        address.replace("&", "&amp;").removeprefix("/desk/oversight/")
        in supervisor.get("/desk/oversight/").content.decode()
    )
    assert entry.number in supervisor.get(address).content.decode()
    supervise.close(people.actor(people.SUPERVISOR), entry.number, "属实，已整改。")
    shown = supervisor.get(address).content.decode()
    assert entry.number not in shown
    assert "没有符合条件的记录" in shown


def test_the_excel_file_has_the_columns_of_the_national_data_set(entry):
    response = visitor(people.SUPERVISOR).get("/desk/oversight/export.xlsx")
    from io import BytesIO

    from openpyxl import load_workbook

    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert rows[0][:4] == ("监察编号", "监察规则编号", "规则", "监察预警类型代码")
    assert rows[1][:4] == (entry.number, "R01", "超过承诺期限", "2")


def test_a_longer_list_asks_no_more_questions(entry, django_assert_max_num_queries):
    client = visitor(people.SUPERVISOR)
    client.get("/desk/oversight/")
    rows = [
        Raised(
            rule=Rule.FEES,
            level=Level.RED,
            reference=entry.reference,
            title="测试事项",
            agency_id=entry.agency_id,
            division_code=entry.division_code,
            occurrence=f"order-{at}",
        )
        for at in range(30)
    ]
    assert raise_entries(rows) == 30
    with django_assert_max_num_queries(14):
        client.get("/desk/oversight/")
