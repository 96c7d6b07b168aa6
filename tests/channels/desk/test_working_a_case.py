"""The buttons of a case page, by state and role, from receipt to delivery."""

import io
import re

import pytest

from tests import people
from tests.channels.visitors import hidden, visitor
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.documents import selectors as documents
from yueban.flows import review, supplement
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("submitted_once")]


def page_of(username: str, case: Case, query: str = "") -> str:
    response = visitor(username).get(f"/desk/cases/{case.number}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def press(username: str, case: Case, act: str, *, query: str = "", **typed: str):
    """Open the page, press a button with what its form holds."""
    page = page_of(username, case, query)
    hiddens = {"revision": hidden(page, "revision"), "key": hidden(page, "key")}
    return visitor(username).post(f"/desk/cases/{case.number}/{act}", hiddens | typed)


def answer_points(username: str, case: Case, act: str, answer: str = "conforms", **typed: str):
    task = Task.objects.get(
        reference_number=case.number, state="open", agency__posts__user__username=username
    )
    points = {f"check-{position}": answer for position in range(len(task.checks))}
    return press(username, case, act, task=str(task.pk), **points, **typed)


# What a reviewer may do with a case under review besides reviewing it.
ASIDE = {"suspend", "tell-hearing", "ask-extension", "terminate"}


def finish_stage_one(case: Case) -> None:
    for username in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER):
        assert answer_points(username, case, "check").status_code == 302
    assert answer_points(people.REVIEWER, case, "approve", opinion="建议准予").status_code == 302


def state_of(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def acts_on(page: str, case: Case) -> set[str]:
    """The acts a page offers, by form, by button and by link."""
    posted = re.findall(rf'action="/desk/cases/{case.number}/([a-z-]+)"', page)
    return set(posted) - {"unmask"} | set(re.findall(r'href="/desk/cases/\d+/\?act=([a-z-]+)"', page))


def test_a_case_is_worked_from_receipt_to_delivery_through_the_pages():
    case = people.submitted()
    press(people.CLERK, case, "receive")
    assert state_of(case) == CaseState.RECEIVED
    press(people.CLERK, case, "supplement", query="?act=supplement", **{"what-safety-rules": "缺盖章"})
    assert state_of(case) == CaseState.SUPPLEMENTING
    owner = people.actor(people.OWNER)
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"2"), "制度.pdf")
    supplement.supply(owner, case.number)
    press(people.CLERK, case, "accept")
    assert state_of(case) == CaseState.ACCEPTED
    finish_stage_one(case)
    assert state_of(case) == CaseState.DECIDING
    press(people.DECIDER, case, "grant", query="?act=grant", reason="符合条件")
    assert state_of(case) == CaseState.READY
    press(people.CLERK, case, "deliver", method="窗口领取", proof="本人签收")
    assert state_of(case) == CaseState.DELIVERED


@pytest.mark.parametrize(
    ("make", "username", "offered"),
    [
        (people.submitted, people.CLERK, {"receive", "return"}),
        (people.submitted, people.SUPERVISOR, {"oversee"}),
        (people.submitted, people.REVIEWER, set()),
        (
            people.received,
            people.CLERK,
            {"accept", "supplement", "refuse-acceptance", "return", "terminate"},
        ),
        (people.received, people.DECIDER, {"terminate"}),
        (people.accepted, people.CLERK, {"terminate"}),
        (people.accepted, people.REVIEWER, {"take", "approve", "disapprove", "arrange-inspection"} | ASIDE),
        (people.accepted, people.VEHICLE_CHECKER, {"take", "check"}),
        (people.accepted, people.SUPERVISOR, {"oversee"}),
    ],
)
def test_a_page_offers_what_the_person_may_do_now(make, username, offered):
    case = make()
    assert acts_on(page_of(username, case), case) == offered


def test_what_is_missing_is_asked_for_once():
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺盖章"}]
    )
    owner = people.actor(people.OWNER)
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(people.PDF + b"2"), "制度.pdf")
    supplement.supply(owner, case.number)
    page = page_of(people.CLERK, case)
    assert "supplement" not in acts_on(page, case)
    assert "依法不能再次要求" in page


def test_the_notice_lists_every_material_and_needs_a_word():
    case = people.received()
    page = page_of(people.CLERK, case, "?act=supplement")
    assert page.count('name="what-') == case.materials.count()
    response = press(people.CLERK, case, "supplement", query="?act=supplement")
    assert response.status_code == 422
    assert "还没有写明要补什么" in response.content.decode()
    assert state_of(case) == CaseState.RECEIVED


def test_a_refusal_needs_its_reason_and_keeps_the_form_open():
    case = people.received()
    response = press(people.CLERK, case, "refuse-acceptance", query="?act=refuse-acceptance", reason=" ")
    page = response.content.decode()
    assert response.status_code == 422
    assert "请写明理由" in page
    assert 'id="reason"' in page
    press(people.CLERK, case, "refuse-acceptance", query="?act=refuse-acceptance", reason="不属于许可事项")
    assert state_of(case) == CaseState.NOT_ACCEPTED


def test_a_case_is_returned_with_a_reason():
    case = people.submitted()
    assert press(people.CLERK, case, "return", query="?act=return", reason="重复提交").status_code == 302
    assert state_of(case) == CaseState.RETURNED


def test_taking_shows_colleagues_who_works_on_it():
    case = people.accepted()
    task = Task.objects.get(reference_number=case.number, kind="review")
    press(people.REVIEWER, case, "take", task=str(task.pk))
    assert "您已接办" in page_of(people.REVIEWER, case)
    other = page_of("reviewer-feng", case, "?paper=opinions")
    assert "郑审查已接办" in other
    assert acts_on(other, case) == ASIDE


def test_an_open_point_is_named_and_nothing_typed_is_lost():
    case = people.accepted()
    task = Task.objects.get(reference_number=case.number, kind="review")
    response = press(
        people.REVIEWER, case, "approve", task=str(task.pk), opinion="写了一半", **{"check-0": "conforms"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert f"还有{len(task.checks) - 1}个要点没有核对" in page
    assert "写了一半</textarea>" in page
    assert 'name="check-0" value="conforms" checked' in page


def test_a_reviewer_cannot_agree_against_his_own_point():
    case = people.accepted()
    response = answer_points(people.REVIEWER, case, "approve", answer="deviates")
    assert response.status_code == 422
    assert "不能同意" in response.content.decode()


def test_a_disagreement_is_kept_with_its_words():
    case = people.accepted()
    answer_points(people.REVIEWER, case, "disapprove", answer="deviates", opinion="制度不全")
    task = Task.objects.get(reference_number=case.number, kind="review")
    assert (task.outcome, task.opinion) == (TaskOutcome.DEVIATES, "制度不全")
    assert {answer["answer"] for answer in task.answers} == {"deviates"}


def test_the_answer_to_a_check_follows_from_its_points():
    case = people.accepted()
    task = Task.objects.get(
        reference_number=case.number, role="checker", agency__code="yuecheng-traffic-police"
    )
    points = {f"check-{n}": "conforms" for n in range(len(task.checks))} | {
        "check-1": "not_found",
        "note-1": "系统无记录",
    }
    response = press(
        people.VEHICLE_CHECKER, case, "check", task=str(task.pk), opinion="总质量查无记录", **points
    )
    assert response.status_code == 302
    task.refresh_from_db()
    assert task.outcome == TaskOutcome.NOT_FOUND
    assert task.answers[1] == {"check": task.checks[1], "answer": "not_found", "note": "系统无记录"}


def test_a_refused_decision_keeps_the_reason_and_says_why():
    case = people.accepted()
    finish_stage_one(case)
    response = press(people.DECIDER, case, "refuse", query="?act=refuse", reason="")
    assert response.status_code == 422
    press(people.DECIDER, case, "refuse", query="?act=refuse", reason="车辆检验已过有效期。")
    assert state_of(case) == CaseState.REFUSED


def test_what_is_collected_at_the_window_names_who_signed():
    case = people.granted()
    slips = documents.documents_of(Reference("case", case.number)).filter(kind="collection_slip")
    assert [slip.title for slip in slips] == ["领取凭证"]
    response = press(people.CLERK, case, "deliver", method="窗口领取", proof=" ")
    assert response.status_code == 422
    assert "请写明谁签收" in response.content.decode()
    assert state_of(case) == CaseState.READY


def test_a_delivery_needs_its_way():
    case = people.accepted()
    finish_stage_one(case)
    press(people.DECIDER, case, "grant", query="?act=grant")
    response = press(people.CLERK, case, "deliver", proof="圆通 123")
    assert response.status_code == 422
    assert 'value="圆通 123"' in response.content.decode()
    assert state_of(case) == CaseState.READY


def test_a_double_click_does_the_act_once():
    case = people.submitted()
    page = page_of(people.CLERK, case)
    form = {"revision": hidden(page, "revision"), "key": hidden(page, "key")}
    client = visitor(people.CLERK)
    answers = [client.post(f"/desk/cases/{case.number}/receive", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert documents.documents_of(Reference("case", case.number)).filter(kind="receipt").count() == 1


def test_two_clerks_on_one_page_the_second_is_told_and_sees_the_fresh_page():
    case = people.received()
    pages = {username: page_of(username, case) for username in (people.CLERK, people.OTHER_CLERK)}
    answers = []
    for username, page in pages.items():
        form = {"revision": hidden(page, "revision"), "key": hidden(page, "key")}
        answers.append(visitor(username).post(f"/desk/cases/{case.number}/accept", form))
    assert [answer.status_code for answer in answers] == [302, 409]
    told = answers[1].content.decode()
    assert "这件办件已变为“已受理”" in told
    assert f'<a href="/desk/cases/{case.number}/">打开最新页面</a>' in told


def test_a_stale_page_keeps_the_words_typed_into_a_form_that_is_gone():
    case = people.received()
    page = page_of(people.OTHER_CLERK, case, "?act=refuse-acceptance")
    form = {"revision": hidden(page, "revision"), "key": hidden(page, "key"), "reason": "写了很久的理由"}
    review.accept(people.actor(people.CLERK), case.number)
    response = visitor(people.OTHER_CLERK).post(f"/desk/cases/{case.number}/refuse-acceptance", form)
    assert response.status_code == 409
    assert "您刚才填写的内容" in response.content.decode()
    assert "写了很久的理由" in response.content.decode()


@pytest.mark.parametrize("act", ["receive", "accept", "grant", "deliver"])
def test_an_act_of_another_role_is_refused_and_changes_nothing(act):
    case = people.received()
    response = visitor(people.SUPERVISOR).post(f"/desk/cases/{case.number}/{act}", {"method": "窗口领取"})
    assert response.status_code in {403, 409, 422}
    assert state_of(case) == CaseState.RECEIVED


def test_an_unknown_act_is_no_address():
    case = people.submitted()
    assert visitor(people.CLERK).post(f"/desk/cases/{case.number}/explode").status_code == 404


def test_a_task_of_another_case_is_not_worked_from_this_one():
    case, other = people.accepted(), people.accepted(people.STRANGER)
    task = Task.objects.get(reference_number=other.number, kind="review")
    response = press(people.REVIEWER, case, "take", task=str(task.pk))
    assert response.status_code == 409


def test_a_form_without_its_token_is_refused():
    from django.test import Client

    from yueban.accounts.models import User

    case = people.submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username=people.CLERK))
    assert client.post(f"/desk/cases/{case.number}/receive").status_code == 403
    assert state_of(case) == CaseState.APPLIED


def test_the_way_the_applicant_chose_is_ticked_and_a_parcel_needs_its_number():
    case = people.granted()
    page = page_of(people.CLERK, case)
    assert "申请人选择：窗口领取" in page
    assert re.search(r'value="窗口领取"\s+checked', page)
    response = press(people.CLERK, case, "deliver", method="邮寄", proof=" ")
    assert response.status_code == 422
    assert "请填写物流单号" in response.content.decode()
    assert re.search(r'value="邮寄"\s+checked', response.content.decode())
    assert press(people.CLERK, case, "deliver", method="邮寄", proof="YT100").status_code == 302


def test_agreeing_against_a_check_needs_an_opinion():
    case = people.accepted()
    answer_points(people.VEHICLE_CHECKER, case, "check", answer="deviates", opinion="车辆已注销")
    page = page_of(people.REVIEWER, case)
    assert "已回来的意见" in page
    assert "车辆已注销" in page
    name = Task.objects.get(reference_number=case.number, key="vehicle-check").name
    response = answer_points(people.REVIEWER, case, "approve")
    assert response.status_code == 422
    assert f"{name}的结论是“不符合”" in response.content.decode()
    assert answer_points(people.REVIEWER, case, "approve", opinion="材料齐全").status_code == 302


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("supplement", {"what-safety-rules": "缺盖章"}, "告知补正"),
        ("accept", {}, "受理"),
        ("refuse-acceptance", {"reason": "不属于许可事项"}, "不予受理"),
        ("return", {"reason": "重复提交"}, "退件"),
    ],
)
def test_the_done_list_says_what_was_really_done(act, typed, said):
    case = people.received()
    assert press(people.CLERK, case, act, **typed).status_code == 302
    page = visitor(people.CLERK).get(f"/desk/done/?text={case.number}").content.decode()
    assert re.search(rf"<td[^>]*>{said}</td>", page)


@pytest.mark.parametrize(
    ("who", "act"),
    [
        (people.REVIEWER, "suspend"),
        (people.REVIEWER, "ask-extension"),
        (people.REVIEWER, "hand-on"),
        (people.REVIEWER, "countersign"),
        (people.CLERK, "terminate"),
    ],
)
def test_each_error_of_a_form_leads_to_its_field(who, act):
    case = people.accepted()
    client = visitor(who)
    form = client.get(f"/desk/cases/{case.number}/?act={act}").content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(revision|key|task|act)" value="([^"]*)"', form))
    refused = client.post(f"/desk/cases/{case.number}/{act}", sent)
    page = refused.content.decode()
    targets = re.findall(r'href="#(at-[\w-]+)"', page)
    assert refused.status_code == 422
    assert targets
    assert all(f'id="{target}"' in page for target in targets)
    assert page.count('class="error"') >= len(targets)
