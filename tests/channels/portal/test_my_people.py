"""Family, mandates, several companies, what is known of a person and who has looked at it."""

import re
from datetime import date

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.flows import unmask
from yueban.kernel import clock
from yueban.parties import services as parties
from yueban.parties.models import Mandate, Party

pytestmark = pytest.mark.django_db
SUN_ID = "999999199004090314"


def text_of(response) -> str:
    """The visible words of a page, roughly."""
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def test_the_family_page_says_for_whom_the_person_may_act(monkeypatch):
    page = text_of(visitor(people.CITIZEN).get("/my/family"))
    assert "赵小样" in page
    assert "还没成年" in page
    assert "钱样母" in page
    monkeypatch.setattr(clock, "today", lambda: date(2038, 6, 18))
    page = text_of(visitor(people.CITIZEN).get("/my/family"))
    assert "还没成年" not in page
    assert "已成年，由本人办理" in page


def test_who_has_no_family_on_record_is_told_where_it_comes_from():
    assert "没有家人的登记信息" in text_of(visitor(people.OWNER).get("/my/family"))


def give(**changes: object):
    client = visitor(people.OWNER)
    client.post("/my/standing", {"party": "shili-transport"})
    data = {
        "name": "赵样例",
        "id_number": "999999196805070045",
        "items": ["road-freight-permit"],
        "powers": ["submit"],
        "ends_on": clock.today().isoformat(),
    }
    return client, client.post("/my/mandates/new", data | changes)


def test_a_company_gives_a_mandate_online_prints_it_and_takes_it_back():
    client, answer = give()
    assert answer.status_code == 302
    mandate = Mandate.objects.get(agent=people.user(people.CITIZEN))
    assert (mandate.principal.number, mandate.items, mandate.powers) == (
        "shili-transport",
        ["road-freight-permit"],
        ["submit"],
    )
    page = text_of(client.get("/my/mandates/"))
    assert "赵样例" in page
    assert "道路普通货物运输经营许可" in page
    paper = client.get(f"/my/mandates/{mandate.number}/sheet")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert people.actor(people.CITIZEN).held(mandate.principal_id) is not None
    client.post(f"/my/mandates/{mandate.number}/revoke", {"reason": "已离职"})
    assert people.actor(people.CITIZEN).held(mandate.principal_id) is None
    assert "已撤销" in text_of(client.get("/my/mandates/"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "赵错名"}, "没有这个姓名和身份证号码的账号"),
        ({"id_number": "999999196905120118", "name": "林示意"}, "没有这个姓名和身份证号码的账号"),
        ({"id_number": "99999919850316001X", "name": "陈示例"}, "不用授权给自己"),
        ({"items": []}, "请至少选择一个事项"),
        ({"items": ["no-such-item"]}, "有的事项现在不能办理"),
        ({"powers": []}, "请至少选择一项权限"),
        ({"ends_on": "2020-01-01"}, "结束日期"),
        ({"ends_on": "never"}, "请选择结束日期"),
    ],
)
def test_a_mandate_that_cannot_be_given_says_why_and_keeps_what_was_typed(changes, says):
    before = Mandate.objects.count()
    _, answer = give(**changes)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert str(changes.get("name", "赵样例")) in answer.content.decode()
    assert Mandate.objects.count() == before


def test_nobody_reads_or_revokes_the_mandates_of_others():
    mandate = Mandate.objects.get(principal__number="shili-transport")
    for who in (people.STRANGER, people.CITIZEN, people.CLERK):
        client = visitor(who)
        assert client.get(f"/my/mandates/{mandate.number}/sheet").status_code == 404
        assert client.post(f"/my/mandates/{mandate.number}/revoke").status_code == 404
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_who_has_two_companies_switches_between_them():
    client = visitor("shao")
    page = text_of(client.get("/my/standing"))
    assert "示例食品有限公司" in page
    assert "示例百货有限公司" in page
    client.post("/my/standing", {"party": "shao-retail"})
    assert "示例食品有限公司" not in text_of(client.get("/my/"))
    assert "示例百货有限公司" in text_of(client.get("/my/facts"))
    client.post("/my/standing", {"party": "shili-transport"})
    assert "示例食品有限公司" in text_of(client.get("/my/"))


def test_what_is_known_is_shown_with_source_and_date_and_numbers_masked():
    page = visitor(people.OWNER).get("/my/facts").content.decode()
    assert "公安户籍信息（演示）" in page
    assert "2026年11月1日" in page
    assert "99999919850316001X" not in page
    assert "13800000001" not in page


def test_who_saw_whole_numbers_stands_in_the_persons_list_and_not_in_his_timeline():
    case = people.received()
    unmask.unmask(people.actor(people.CLERK), case.number, fields=["身份证号码"], purpose="核对申请人身份")
    client = visitor(people.OWNER)
    page = text_of(client.get("/my/looks"))
    for word in (
        "周收件",
        "越城区政务服务管理办公室",
        "窗口人员",
        "身份证号码",
        "核对申请人身份",
        case.number,
    ):
        assert word in page
    assert "查看完整号码" not in text_of(client.get(f"/my/cases/{case.number}/"))
    assert "核对申请人身份" not in text_of(visitor(people.STRANGER).get("/my/looks"))


def test_each_use_of_a_certificate_stands_in_the_list_of_uses():
    case = people.submitted()
    page = text_of(visitor(people.OWNER).get("/my/looks?kind=uses"))
    assert "营业执照" in page
    assert case.number in page
    assert case.number not in text_of(visitor(people.STRANGER).get("/my/looks?kind=uses"))


def test_a_long_list_of_looks_is_paged(django_assert_max_num_queries):
    party = Party.objects.get(number="chen-person")
    for number in range(25):
        parties.record_look(
            party=party, actor=people.actor(people.CLERK), what=["姓名"], purpose=f"第{number}次核对"
        )
    client = visitor(people.OWNER)
    client.get("/my/looks")
    with django_assert_max_num_queries(12):
        first = text_of(client.get("/my/looks"))
    assert "第24次核对" in first
    assert "第0次核对" not in first
    assert "第0次核对" in text_of(client.get("/my/looks?page=2"))


def test_an_empty_mandate_form_says_beside_each_field_what_is_missing():
    _, answer = give(name="", id_number="", items=[], powers=[])
    page = text_of(answer)
    assert answer.status_code == 422
    for says in ("请填写受托人姓名", "请填写受托人身份证号码", "请至少选择一个事项", "请至少选择一项权限"):
        assert page.count(says) == 2, says  # in the summary and beside the field
    assert "dict_items" not in page


def test_from_the_family_page_one_goes_on_to_apply_for_the_child():
    client = visitor(people.CITIZEN)
    page = client.get("/my/family").content.decode()
    assert "为赵小样办事" in page
    number = re.search(r'name="party" value="([^"]+)"', page)[1]
    assert (
        client.post("/my/standing", {"party": number, "next": "/items/?for=person"}).url
        == "/items/?for=person"
    )
    answers = "grade=one&age=yes&school_kind=public&household=here&home=same&special=none"
    page = client.get(f"/items/compulsory-school-admission/situation?{answers}").content.decode()
    assert "您是监护人" in page
    assert re.search(r'type="radio" name="apply.party" value="\d+"\s+checked[^>]*><span>赵小样', page)


def test_a_persons_own_facts_are_not_those_of_a_contact():
    page = text_of(visitor(people.CITIZEN).get("/my/facts"))
    assert "证件号码" in page
    assert "经办人" not in page


def test_dates_among_the_facts_read_as_dates():
    assert "1990年4月9日" in text_of(visitor("sun").get("/my/facts"))


def test_for_an_item_outside_the_mandate_one_is_told_to_have_it_added():
    answers = {"activity": "retail", "applicant_kind": "enterprise", "action": "new", "online": "no"}
    client = visitor("sun")
    page = text_of(client.get("/items/publication-retail-permit/situation", answers | {"premises": "owned"}))
    assert "给您的授权里没有这个事项" in page
    assert "请委托人在“授权”里再授权您" in page
