"""An item that runs in another system: typed in there once, its number and its result come back, nobody here decides."""

from io import BytesIO

import pytest
from django.conf import settings
from openpyxl import Workbook

from tests import people
from tests.channels.visitors import visitor
from tests.law.test_every_item_can_be_handed_in import answers_of, filled, proceeding, version_of
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.cases import selectors as cases_read
from yueban.cases.choices import CaseEvent, CaseState, RelayOutcome
from yueban.catalogue import selectors as catalogue
from yueban.clocks import selectors as clocks
from yueban.flows import apply, reconcile, recusal, relays, review
from yueban.flows.systems import check_systems, find_system, system_of, written
from yueban.kernel.errors import Conflict, Invalid, NotFound, ServiceError
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.parties.models import Representation

pytestmark = pytest.mark.django_db
ITEM, SYSTEM = "company-change-registration", "zhejiang-enterprise-registration"
NUMBER, OTHER = "(浙)登2026000001", "(浙)登2026000002"


def accepted():
    """A change of registration that the window has accepted."""
    version = version_of(ITEM)
    answers = answers_of(ITEM, next(name for key, name in proceeding() if key == ITEM))
    owner = people.actor(people.OWNER)
    application = apply.start(owner, version.pk, answers, people.company_of(owner))
    facts = dict(catalogue.walk(version.compiled, answers).facts)
    apply.save_draft(owner, application.number, filled(version.compiled, facts), application.revision)
    for material in apply.check(owner, application.number).materials:
        if material.is_missing:
            people.attach(owner, application.number, material.key)
    case = apply.submit(owner, application.number)
    review.receive(clerk(), case.number)
    return review.accept(clerk(), case.number)


def clerk():
    return people.actor(people.CLERK)


def entered(number=NUMBER):
    return relays.enter(clerk(), accepted().number, number)


def open_tasks(case):
    return [
        (task.kind, task.role)
        for task in approvals.tasks_of(Reference("case", case.number))
        if task.state == TaskState.OPEN
    ]


def book(*rows):
    own = Workbook()
    own.active.append(("编号", "状态", "说明"))
    for row in rows:
        own.active.append(row)
    content = BytesIO()
    own.save(content)
    return content.getvalue()


def test_the_files_of_the_city_are_sound():
    elements = {
        version.item.key: [f.element for section in version.compiled.form.sections for f in section.fields]
        for version in catalogue.versions_in_force()
        if version.agency.code.startswith(("yuecheng", "shaoxing"))
    }
    assert check_systems(settings.CITY_DIR / "systems", elements) == []
    assert len(list((settings.CITY_DIR / "systems").glob("*.yaml"))) >= 2


def test_mistakes_in_a_file_are_named(tmp_path):
    text = (settings.CITY_DIR / "systems" / "social-insurance.yaml").read_text()
    (tmp_path / "a.yaml").write_text(text.replace("example: SB202611220001", "example: X1"))
    problems = check_systems(tmp_path, {"employee-retirement": ["contact.name"]})
    assert "a.yaml：编号的例子不合编号的格式。" in problems
    assert any("没有“person.born_on”" in problem for problem in problems)


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        ("99999919850316001x", "upper", "99999919850316001X"),
        ("138 0000-0001", "digits", "13800000001"),
        ("2026-11-22", "compact_date", "20261122"),
        ("2026-11-22", "month", "202611"),
        (["甲", "乙"], "text", "甲、乙"),
    ],
)
def test_a_value_is_written_as_the_system_wants_it(value, form, said):
    assert written(value, form) == said


def test_acceptance_opens_one_task_for_the_window_and_no_review_nor_decision():
    case = accepted()
    assert system_of(ITEM).key == SYSTEM
    assert open_tasks(case) == [(TaskKind.RELAY, "clerk")]
    kinds = {task.kind for task in approvals.tasks_of(Reference("case", case.number))}
    assert not kinds & {TaskKind.REVIEW, TaskKind.CHECK, TaskKind.DECIDE}


def test_the_number_comes_back_and_the_applicant_reads_where_and_under_which():
    case = entered()
    assert case.state == CaseState.RELAYED
    assert cases_read.relay_of(case).receipt_number == NUMBER
    entry = next(line for line in cases_read.timeline(case) if line.kind == CaseEvent.RELAY)
    assert entry.text == f"已在浙江省企业登记全程电子化平台（演示）办理，编号{NUMBER}。"
    assert Message.objects.filter(body__contains=NUMBER).exists()
    assert open_tasks(case) == [(TaskKind.RELAY, "clerk")]


@pytest.mark.parametrize("wrong", ["", "登2026000001", "(浙)登20260000012", "浙登2026000001"])
def test_a_number_that_the_system_would_not_write_is_refused_beside_the_field(wrong):
    case = accepted()
    with pytest.raises(Invalid) as refused:
        relays.enter(clerk(), case.number, wrong)
    assert "应像 (浙)登2026000001" in refused.value.fields["receipt_number"]


def test_one_number_stands_on_one_case_only():
    entered()
    with pytest.raises(Conflict, match="另一件办件"):
        relays.enter(clerk(), accepted().number, NUMBER)


def test_nobody_here_decides_such_a_case():
    case = entered()
    for person in (people.CLERK, people.REVIEWER):
        with pytest.raises(ServiceError):
            review.decide(people.actor(person), case.number, is_granted=True)
    moves = cases_read.moves_open_to(case, clerk())
    assert not moves & {CaseEvent.GRANT, CaseEvent.REFUSE, CaseEvent.SEND_TO_DECISION}


@pytest.mark.parametrize(
    ("word", "note", "outcome"),
    [
        ("准予登记", "", RelayOutcome.GRANTED),
        ("不予登记", "名称与已登记的相同", RelayOutcome.REFUSED),
        ("退回修改", "缺少股东会决议", RelayOutcome.RETURNED),
    ],
)
def test_a_final_word_of_the_system_closes_the_case_with_it(word, note, outcome):
    case = relays.tell(clerk(), entered().number, word, note=note)
    assert (case.state, case.decided_at) == (CaseState.CLOSED_ELSEWHERE, None)
    assert case.ended_at is not None
    assert word in case.decision_reason
    assert cases_read.relay_of(case).outcome == outcome
    assert open_tasks(case) == []
    assert clocks.live_clocks_of("case", [case.number]) == {}
    assert word in cases_read.next_step(case).sentence


def test_a_word_on_the_way_only_is_noted():
    case = relays.tell(clerk(), entered().number, "审查中")
    assert case.state == CaseState.RELAYED
    assert cases_read.relay_of(case).status == "审查中"


def test_a_no_needs_the_system_s_reasons_and_a_word_must_be_the_system_s():
    case = entered()
    with pytest.raises(Invalid) as refused:
        relays.tell(clerk(), case.number, "不予登记")
    assert "note" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        relays.tell(clerk(), case.number, "差不多了")
    assert "status" in refused.value.fields


def test_a_double_click_changes_nothing_and_a_stranger_finds_nothing():
    case = accepted()
    relays.enter(clerk(), case.number, NUMBER, key="k1")
    again = relays.enter(clerk(), case.number, NUMBER, key="k1")
    assert again.state == CaseState.RELAYED
    with pytest.raises(NotFound):
        relays.tell(people.actor(people.OTHER_COUNTY), case.number, "准予登记")


def test_a_reconciliation_names_what_differs_what_is_missing_and_changes_nothing_unasked():
    waiting, relayed = accepted(), entered()
    found = reconcile.reconcile(
        clerk(), SYSTEM, book((NUMBER, "审查中", None), (OTHER, "准予登记", None)), name="a.xlsx"
    )
    assert [case.number for case in found.ours_alone] == [waiting.number]
    assert [one.number for one in found.theirs_alone] == [OTHER]
    assert [(one.relay.case_id, one.told.word) for one in found.differing] == [(relayed.pk, "审查中")]
    assert cases_read.relay_of(relayed).status == ""


def test_a_reconciliation_takes_over_all_states_or_none():
    first, second = entered(), entered(OTHER)
    rows = ((NUMBER, "准予登记", None), (OTHER, "不予登记", None))
    with pytest.raises(Invalid):
        reconcile.reconcile(clerk(), SYSTEM, book(*rows), name="a.xlsx", writes=True)
    assert {cases_read.relay_of(case).outcome for case in (first, second)} == {RelayOutcome.PENDING}
    rows = ((NUMBER, "准予登记", None), (OTHER, "不予登记", "名称相同"))
    found = reconcile.reconcile(clerk(), SYSTEM, book(*rows), name="a.xlsx", writes=True)
    assert found.written == 2
    again = reconcile.reconcile(clerk(), SYSTEM, book(*rows), name="a.xlsx", writes=True)
    assert (again.same, again.written) == (2, 0)


def test_a_strange_word_or_a_sheet_without_its_columns_is_named():
    entered()
    found = reconcile.reconcile(clerk(), SYSTEM, book((NUMBER, "好了", None)), name="a.xlsx", writes=True)
    assert (found.written, found.faults) == (0, [f"第2行：{find_system(SYSTEM).name}没有状态“好了”。"])
    own = Workbook()
    content = BytesIO()
    own.save(content)
    with pytest.raises(Invalid, match="编号"):
        reconcile.reconcile(clerk(), SYSTEM, content.getvalue(), name="a.xlsx")


def test_the_window_copies_in_the_order_of_the_system_s_screens_and_whole_numbers_only_when_recorded():
    case = accepted()
    desk = visitor(people.CLERK)
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    panel = page[page.index("办理</h2>") :]
    assert panel.index("企业基本信息") < panel.index("变更后内容") < panel.index("经办人姓名")
    assert "data-copy" in page
    whole = case.form["contact.id_number"]
    assert whole not in page
    shown = desk.post(f"/desk/cases/{case.number}/unmask", {"paper": "form", "purpose": "填入运行系统"})
    assert f'data-copy="{whole}"' in shown.content.decode()


def test_the_window_types_the_number_and_the_state_on_the_case_page():
    case = accepted()
    desk = visitor(people.CLERK)
    answer = desk.post(
        f"/desk/cases/{case.number}/relay", {"receipt_number": "错", "revision": case.revision, "key": "a"}
    )
    assert (answer.status_code, "应像" in answer.content.decode()) == (422, True)
    desk.post(
        f"/desk/cases/{case.number}/relay", {"receipt_number": NUMBER, "revision": case.revision, "key": "b"}
    )
    case.refresh_from_db()
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert NUMBER in page
    assert "本平台不作决定" in page
    desk.post(
        f"/desk/cases/{case.number}/relay-status",
        {"status": "准予登记", "revision": case.revision, "key": "c"},
    )
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED_ELSEWHERE
    assert NUMBER in desk.get("/desk/relays/").content.decode()


def test_a_list_closes_no_matter_of_ones_own():
    """回避 holds for what is written from a whole list too, and nothing of that list is kept."""
    case = entered()
    Representation.objects.create(user=people.user(people.CLERK), party=case.party, relation="legal_person")
    with pytest.raises(recusal.OwnMatter):
        reconcile.reconcile(clerk(), SYSTEM, book((NUMBER, "准予登记", None)), name="a.xlsx", writes=True)
    case.refresh_from_db()
    assert case.state != CaseState.CLOSED_ELSEWHERE
