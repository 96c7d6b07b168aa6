"""同步发证 at every door: what is decided and held is told to nobody outside before all of it is issued."""

import json
from datetime import timedelta

import pytest

from tests import bundles, partners, people
from tests.channels.kiosk_visitors import at_kiosk
from tests.channels.visitors import content_of, visitor
from tests.receivers import receiver
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.models import BundleCase, Case
from yueban.certificates import selectors as certificates
from yueban.certificates.models import Certificate
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind, ClockState
from yueban.documents import selectors as documents
from yueban.documents.models import Document
from yueban.flows import api_keys, bundle_steps, push_events
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.notifications.selectors import messages_visible_to

pytestmark = pytest.mark.django_db
WORD = "已办结，等一起发证"


def held() -> tuple[BundleCase, Case, Certificate]:
    """A is granted with its permit, C of the same group is still open; B, which has A's number, has begun."""
    made = bundles.received(bundles.publish_bundle(joint=["a", "b", "c"]))
    case = bundles.decided(made, "a", is_granted=True)
    (permit,) = certificates.certificates_for(Reference("case", case.number))
    return made, case, permit


def released(made: BundleCase) -> None:
    """The siblings are decided as well."""
    for key in ("b", "c"):
        bundles.decided(made, key, is_granted=True)


def papers_of(case: Case) -> list[Document]:
    """The decision and the certificate."""
    rows = documents.documents_of(Reference("case", case.number))
    return list(rows.filter(kind__in=["decision_grant", "certificate"]))


def secrets_of(case: Case, permit: Certificate) -> list[str]:
    """What would tell the result: numbers, codes, identifier, the words of a grant."""
    rows = papers_of(case)
    assert len(rows) == 2
    return [
        permit.number,
        permit.identifier,
        *(row.number for row in rows),
        *(row.verify_code for row in rows),
        "已准予",
        "准予许可决定书",
    ]


def assert_untold(page: str, case: Case, permit: Certificate) -> None:
    assert [text for text in secrets_of(case, permit) if text in page] == []


def test_the_applicants_pages_say_finished_and_nothing_of_the_result():
    made, case, permit = held()
    owner, sibling = visitor(people.OWNER), bundles.case_of(made, "b")
    made.refresh_from_db()
    assert made.hold_until is not None
    for address in (
        "/my/",
        f"/my/cases/{case.number}/",
        f"/my/cases/{sibling.number}/",
        f"/my/bundles/{made.number}/",
        "/my/messages",
        "/my/looks?kind=uses",
    ):
        page = owner.get(address)
        assert page.status_code == 200
        assert_untold(page.content.decode(), case, permit)
    page = owner.get(f"/my/cases/{case.number}/").content.decode()
    assert WORD in page
    assert f"最晚{made.hold_until.month}月{made.hold_until.day}日" in page


def test_its_papers_are_opened_by_no_address():
    made, case, _ = held()
    owner = visitor(people.OWNER)
    addresses = [f"/my/cases/{case.number}/documents/{row.verify_code}" for row in papers_of(case)]
    assert [owner.get(address).status_code for address in addresses] == [404, 404]
    run_jobs_of_papers(case)
    assert [owner.get(address).status_code for address in addresses] == [404, 404]
    released(made)
    for address in addresses:
        opened = owner.get(address)
        assert opened.status_code == 200
        assert content_of(opened).startswith(b"%PDF")


def run_jobs_of_papers(case: Case) -> None:
    from yueban.documents.services import render_document

    for row in papers_of(case):
        render_document(row.pk)


def test_verification_knows_neither_code_nor_identifier_before_the_release():
    made, case, permit = held()
    codes = [row.verify_code for row in papers_of(case)]
    anybody = visitor(None)
    assert not certificates.verify(permit.identifier).is_found
    for code in codes:
        assert anybody.get(f"/v/{code}").status_code == 404
        assert anybody.get(f"/api/v1/verify/{code}").status_code == 404
    released(made)
    assert certificates.verify(permit.identifier).is_valid
    for code in codes:
        assert anybody.get(f"/v/{code}").status_code == 200
        assert anybody.get(f"/api/v1/verify/{code}").status_code == 200


def test_no_other_matter_relies_on_the_certificate_before_the_release():
    made, _, permit = held()
    key = permit.type.key
    assert certificates.find_valid(permit.holder, key) is None
    assert key not in certificates.valid_by_type([permit.holder_id])[permit.holder_id]
    assert permit not in certificates.certificates_of([permit.holder_id])
    released(made)
    assert certificates.find_valid(permit.holder, key) == permit
    assert certificates.valid_by_type([permit.holder_id])[permit.holder_id][key] == permit


def test_the_kiosk_lists_and_prints_nothing_of_it():
    made, case, permit = held()
    run_jobs_of_papers(case)
    client = at_kiosk(people.OWNER)
    for address in ("/kiosk/my/", f"/kiosk/my/{case.number}/", "/kiosk/papers/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert_untold(page.content.decode(), case, permit)
    prints = [("certificate", permit.number), *(("document", row.verify_code) for row in papers_of(case))]
    for kind, number in prints:
        sent = client.post(f"/kiosk/papers/{kind}/{number}/print", {"key": f"press-{number}"[:32]})
        assert sent.status_code == 404
    released(made)
    assert permit.number in client.get("/kiosk/papers/").content.decode()


def test_progress_by_number_says_finished_and_no_more():
    _, case, permit = held()
    asked = {"number": case.number, "phone_tail": case.phone_tail}
    for client, address in ((visitor(None), "/progress"), (at_kiosk(None), "/kiosk/progress")):
        page = client.post(address, asked)
        assert page.status_code == 200, address
        assert WORD in page.content.decode()
        assert_untold(page.content.decode(), case, permit)
        assert "待领取" not in page.content.decode()


def test_systems_read_a_case_that_is_not_decided_and_no_paper_of_it():
    made, case, permit = held()
    system = partners.system(bundles.AGENCY)
    told = system.get(f"/cases/{case.number}")
    assert (told["state"], told["state_code"], told["state_name"]) == ("deciding", "40", WORD)
    kinds = [row["kind"] for row in system.get(f"/cases/{case.number}/documents")["documents"]]
    assert kinds == ["receipt", "acceptance"]
    code = papers_of(case)[0].verify_code
    assert system.ask("get", f"/cases/{case.number}/documents/{code}").status_code == 404
    numbers = {
        state: [row["number"] for row in system.get(f"/cases?state={state}")["cases"]]
        for state in ("ready", "deciding")
    }
    assert (numbers["ready"], numbers["deciding"]) == ([], [case.number])
    assert_untold(json.dumps(told, ensure_ascii=False), case, permit)
    released(made)
    assert system.get(f"/cases/{case.number}")["state"] == "ready"
    assert len(system.get(f"/cases/{case.number}/documents")["documents"]) == 4


def test_what_came_of_it_is_pushed_when_all_is_issued(settings):
    settings.YUEBAN_WEBHOOK_PRIVATE = True
    holder = api_keys.holder_of(partners.system(bundles.AGENCY).secret)
    with receiver() as here:
        push_events.subscribe(holder, address=here.url, kinds=())
        made, case, _ = held()
        push_events.push_due()
        assert "grant" not in events_of(holder, case)
        released(made)
        push_events.push_due()
    assert events_of(holder, case)[-2:] == ["grant", "certify"]


def events_of(holder, case: Case) -> list[str]:
    found = push_events.events_after(holder, 0, 500)
    return [one.kind for one in found if one.case_number == case.number]


def test_the_message_of_the_grant_the_delivery_and_the_chain_come_with_the_release():
    made, case, _ = held()
    owner = people.actor(people.OWNER)

    def told() -> list[str]:
        rows = messages_visible_to(owner).filter(reference_number=case.number).order_by("pk")
        return list(rows.values_list("event", flat=True))

    assert told()[-1] == "held"
    assert "decided" not in told()
    released(made)
    assert told()[-1] == "decided"
    titles = [entry.title for entry in cases.timeline(Case.objects.get(pk=case.pk))]
    assert "同步发证" in titles
    assert WORD not in titles


def test_the_longest_hold_tells_all_at_once(monkeypatch):
    made, case, permit = held()
    made.refresh_from_db()
    monkeypatch.setattr(clock, "today", lambda: made.hold_until + timedelta(days=1))
    assert bundle_steps.release_overdue(made.pk) == 1
    assert certificates.verify(permit.identifier).is_found
    assert cases.held_until([case]) == {}


def test_officers_read_the_decision_and_that_it_is_held():
    _, case, permit = held()
    page = visitor(people.DECIDER).get(f"/desk/cases/{case.number}/?paper=documents").content.decode()
    assert "同步发证：等同一件事的其他事项" in page
    assert permit.number in page


def test_the_clock_is_met_by_the_decision_and_not_by_the_release():
    _, case, _ = held()
    case.refresh_from_db()
    assert case.decided_at is not None
    assert case.state == CaseState.READY
    (promise,) = [
        row for row in clocks.clocks_of(Reference("case", case.number)) if row.kind == ClockKind.PROMISE
    ]
    assert promise.state == ClockState.MET
    # 行政许可法第四十四条: ten days to hand it out, from the decision on.
    (delivery,) = cases.lights(case)
    assert delivery.kind == ClockKind.DELIVERY


def test_a_list_of_held_cases_asks_one_question_more_and_one_of_ordinary_cases_none(
    django_assert_num_queries,
):
    _, case, _ = held()
    case.refresh_from_db()
    ordinary = people.submitted()
    with django_assert_num_queries(0):
        assert cases.held_until([ordinary]) == {}
    with django_assert_num_queries(1):
        assert set(cases.held_until([ordinary, case])) == {case.number}
