"""The pages of policy staff: text beside structure, one click to a draft, gates, the signing page, Word and Excel."""

from io import BytesIO

import docx
import pytest
from django.urls import reverse

from tests import people
from tests import signing as way
from tests.policies.pack import TEXT
from yueban.policies import selectors
from yueban.policies.models import OfferVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    def as_(username):
        client.force_login(people.user(username))
        return client

    return as_


def page(client, name, *args, **data):
    return client.get(reverse(f"desk:{name}", args=args), data).content.decode()


def test_a_policy_is_found_by_its_name_and_stands_in_the_excel_list(staff):
    way.imported()
    client = staff(way.DRAFTER)
    assert "测试用制造业政策" in page(client, "policies", text="测试用")
    assert "没有找到政策" in page(client, "policies", text="查无此文")
    answer = client.get(reverse("desk:policies-export"))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    answer.close()


def test_one_click_on_a_clause_opens_its_draft_with_the_words_linked_both_ways(staff):
    version = way.imported()
    client = staff(way.DRAFTER)
    shown = page(client, "policy", version.policy.key)
    place = TEXT.index("当年数字化投入")
    assert f'name="place" value="{place}"' in shown
    sent = client.post(reverse("desk:policy-draft", args=[version.policy.key]), {"place": place}, follow=True)
    shown = sent.content.decode()
    assert 'id="w-2" href="#part-conditions"' in shown
    assert 'href="#w-2"' in shown
    assert 'id="part-conditions"' in shown
    assert "保存并送审" in shown


def form_of(draft, **changes):
    return {
        "revision": draft.revision,
        **{
            name: draft.definition[name]
            for name in ("name", "summary", "clause", "redemption", "beneficiary")
        },
        "category": "reward",
        "picks": "highest",
        "department_kind": "economy-it",
        "c-0-fact": "enterprise.digital_investment",
        "c-0-op": "ge",
        "c-0-value": "100000",
        "b-0-key": "share",
        "b-0-label": "数字化投入",
        "b-0-kind": "ratio",
        "b-0-amount": "30",
        "b-0-of": "enterprise.digital_investment",
        "b-0-cap": "1000000",
    } | changes


def test_the_form_is_saved_as_typed_and_submitted_when_it_is_whole(staff):
    draft = way.drafted()
    client, address = staff(way.DRAFTER), reverse("desk:offer", args=[draft.pk])
    assert client.post(address, form_of(draft, unresolved="云服务", go="submit")).status_code == 422
    fresh = selectors.offer_version(draft.pk)
    assert fresh.definition["unresolved"] == ["云服务"]
    assert client.post(address, form_of(fresh, go="submit")).status_code == 302
    sent = selectors.offer_version(draft.pk)
    assert sent.state == "reviewing"
    assert sent.definition["benefits"][0]["gives"]["rate"] == "0.3"


def test_a_figure_that_is_none_is_said_and_what_was_typed_stays(staff):
    draft = way.drafted()
    client, address = staff(way.DRAFTER), reverse("desk:offer", args=[draft.pk])
    answer = client.post(address, form_of(draft, **{"b-0-cap": "一百万", "name": "新的名称"}))
    assert answer.status_code == 422
    assert "“一百万”不是数" in answer.content.decode()
    assert "新的名称" in answer.content.decode()


def test_who_saved_second_is_told_and_keeps_his_words(staff):
    draft = way.drafted()
    way.written(draft)
    client, address = staff(way.DRAFTER), reverse("desk:offer", args=[draft.pk])
    answer = client.post(address, form_of(draft, name="晚一步的名称"))
    assert answer.status_code == 409
    assert "晚一步的名称" in answer.content.decode()


def test_gates_are_answered_from_the_inbox_and_the_decider_signs_after_the_back_test(staff):
    version = way.submitted()
    gate = reverse("desk:offer-act", args=[version.pk, "gate"])
    client = staff(way.FAIR)
    address = reverse("desk:offer", args=[version.pk])
    assert address in page(client, "inbox")
    assert "没有把企业注册地" in client.get(address).content.decode()
    assert client.post(gate, {"kind": "fair", "outcome": "passed"}).status_code == 422
    answers = {f"n-{row['key']}": "yes" for row in way.ANSWERS}
    client.post(gate, {"kind": "fair", "outcome": "passed"} | answers)
    staff(way.LEGAL).post(gate, {"kind": "legality", "outcome": "passed"})
    client = staff(way.SIGNER)
    shown = page(client, "offer-sign", version.pk)
    assert "掌握的" in shown
    assert "签发人：" in shown
    revision = selectors.offer_version(version.pk).revision
    client.post(reverse("desk:offer-act", args=[version.pk, "sign"]), {"revision": revision})
    assert OfferVersion.objects.get(pk=version.pk).state == "signed"
    assert "签发时看到的" in page(client, "offer-sign", version.pk)


def test_word_papers_hold_the_text_and_the_offers_in_force(staff):
    version = way.submitted()
    key = version.offer.policy.key
    client = staff(way.SIGNER)
    said = {}
    for paper in ("policy", "notice"):
        answer = client.get(reverse("desk:policy-word", args=[key, paper]))
        document = docx.Document(BytesIO(answer.content))
        said[paper] = "\n".join(one.text for one in document.paragraphs)
    assert "第一条 支持企业数字化投入" in said["policy"]
    assert version.name in said["policy"]
    assert "目前没有已签发的惠企事项" in said["notice"]


def test_a_file_is_read_first_and_imported_after_a_look(staff):
    client, address = staff(way.DRAFTER), reverse("desk:policy-new")
    file = BytesIO(TEXT.encode())
    file.name = "政策.txt"
    shown = client.post(address, {"file": file}).content.decode()
    assert "第一条 支持企业数字化投入" in shown
    words = {
        "key": "imported-policy",
        "title": "导入的政策",
        "issuers": "甲局、乙局",
        "level": "municipal",
        "effective_on": "2026-01-01",
        "agency": way.OFFICE,
        "text": TEXT,
    }
    assert client.post(address, words | {"issuers": ""}).status_code == 422
    assert client.post(address, words).status_code == 302
    assert selectors.policy_by_key("imported-policy").issuers == ["甲局", "乙局"]


def test_the_list_asks_no_question_for_each_policy(staff, django_assert_max_num_queries):
    for number in range(3):
        way.imported(key=f"policy-{number}")
    client = staff(way.DRAFTER)
    page(client, "policies")
    with django_assert_max_num_queries(25) as few:
        page(client, "policies")
    for number in range(3, 9):
        way.imported(key=f"policy-{number}")
    with django_assert_max_num_queries(len(few)):
        page(client, "policies")


def test_instalments_are_typed_in_percent_and_must_be_the_whole(staff):
    draft = way.drafted()
    client, address = staff(way.DRAFTER), reverse("desk:offer", args=[draft.pk])
    parts = {"i-0-share": "60", "i-0-months": "0", "i-1-share": "30", "i-1-months": "12"}
    answer = client.post(address, form_of(draft, **parts))
    assert answer.status_code == 422
    assert "合计是90%" in answer.content.decode()
    fresh = selectors.offer_version(draft.pk)
    assert client.post(address, form_of(fresh, **parts | {"i-1-share": "40"})).status_code == 302
    saved = selectors.offer_version(draft.pk).definition["instalments"]
    assert [(one["share"], one["months"]) for one in saved] == [("0.6", 0), ("0.4", 12)]
    assert 'value="60"' in client.get(address).content.decode()


def test_what_the_form_has_no_field_for_stays_as_it_was(staff):
    stated = {
        "key": "share",
        "label": "数字化投入",
        "gives": {
            "kind": "ratio",
            "rate": "0.3",
            "of": "enterprise.digital_investment",
            "above": "200000",
            "most": "900000",
        },
        "within": "enterprise.vat_paid",
        "extra": True,
    }
    draft = way.written(way.drafted(), benefits=[stated], caps={"project": "500000"})
    client, address = staff(way.DRAFTER), reverse("desk:offer", args=[draft.pk])
    assert client.post(address, form_of(draft, **{"b-0-amount": "25"})).status_code == 302
    saved = selectors.offer_version(draft.pk).definition
    gives = saved["benefits"][0]["gives"]
    assert (gives["rate"], gives["above"], gives["most"]) == ("0.25", "200000", "900000")
    assert (saved["benefits"][0]["within"], saved["benefits"][0]["extra"]) == ("enterprise.vat_paid", True)
    assert saved["caps"]["project"] == "500000"
