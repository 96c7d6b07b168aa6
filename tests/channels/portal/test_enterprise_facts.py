"""企业画像: an enterprise sees what the city knows of it and from whom, what follows from it, and may object."""

from datetime import date, timedelta

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.certificates.models import DataObjection
from yueban.flows import enterprise_facts as flow
from yueban.flows import object_to_data
from yueban.kernel import clock
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db
PAGE = "/my/enterprise"
TAX = "税务部门申报信息（演示）"


def page(who: str = people.OWNER, **more: str) -> str:
    return visitor(who).get(PAGE, **more).content.decode()


def test_every_fact_stands_under_its_source_with_its_day():
    text = page()
    assert "示例运输有限公司" in text
    assert f">{TAX}<" in text
    assert "2860万元" in text
    assert "数据日期 2026年10月20日" in text


def test_what_was_worked_out_says_from_what():
    text = page()
    assert "营业收入增长" in text
    assert "上年度营业收入 2860万元、前一年度营业收入 2200万元" in text
    assert "30%" in text


def test_a_label_says_its_rule_and_what_it_rests_on_and_those_not_known_are_counted():
    text = page()
    assert "高成长企业" in text
    assert "依据：营业收入增长、上年度营业收入" in text
    assert "因信息不全不能判断" in text


def test_what_is_known_not_to_be_is_said_and_what_is_unknown_is_not_listed():
    text = page()
    assert '上年度研发费用</th><td class="plain" data-label="内容">没有' in text
    assert "用电" not in text


def test_a_fact_that_has_expired_is_no_longer_shown():
    firm = Party.objects.get(number="shili-transport")
    long_ago = clock.today() - timedelta(days=400)
    flow.record(
        party=firm,
        source=TAX,
        facts={"enterprise.revenue": 28_600_000},
        as_of=long_ago,
        expires_on=clock.today() - timedelta(days=1),
    )
    assert "2860万元" not in page()


def test_nobody_sees_anothers_enterprise():
    text = page(people.STRANGER)
    assert "演示物流有限公司" in text
    assert "示例运输有限公司" not in text


def test_whoever_stands_for_no_enterprise_is_told_what_to_do():
    assert "您现在没有代表企业" in page(people.CITIZEN)


def test_an_objection_goes_to_the_department_of_the_source_and_is_followed_on_the_page():
    browser = visitor(people.OWNER)
    address = "/my/facts/enterprise.revenue/object"
    assert "2860万元" in browser.get(address).content.decode()
    sent = browser.post(address, {"text": "营业收入应为3000万元。"})
    assert (sent.status_code, sent["Location"]) == (302, f"{PAGE}#objections")
    row = DataObjection.objects.get(element="enterprise.revenue")
    assert (row.party.number, row.source, row.agency.kind) == ("shili-transport", TAX, "taxation")
    text = browser.get(PAGE).content.decode()
    assert "有异议" in text
    assert "营业收入应为3000万元。" in text
    browser.post(address, {"text": "再说一次。"})
    assert DataObjection.objects.filter(element="enterprise.revenue").count() == 1


def test_an_objection_without_words_is_refused_beside_the_field():
    answer = visitor(people.OWNER).post("/my/facts/enterprise.revenue/object", {"text": " "})
    assert answer.status_code == 422
    assert "请写明哪里不对" in answer.content.decode()


def test_what_was_worked_out_is_objected_to_where_it_comes_from():
    firm = Party.objects.get(number="shili-transport")
    assert object_to_data.enterprise_fact(firm.pk, "enterprise.size") is None
    assert object_to_data.enterprise_fact(firm.pk, "enterprise.revenue").as_of == date(2026, 10, 20)
    assert visitor(people.OWNER).get("/my/facts/enterprise.size/object").status_code == 404


def test_the_page_is_read_in_english_too():
    text = page(people.OWNER, headers={"accept-language": "en"})
    browser = visitor(people.OWNER)
    browser.cookies["django_language"] = "en"
    text = browser.get(PAGE).content.decode()
    assert "Revenue of last year" in text
    assert "CNY 28,600,000" in text


def test_many_facts_are_read_in_few_questions(django_assert_max_num_queries):
    browser = visitor(people.OWNER)
    browser.get(PAGE)
    with django_assert_max_num_queries(30):
        browser.get(PAGE)
