"""Policies of a city pack: read with the place of every mistake, stored once, new words a new version."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.policies.pack import AGENCIES, OFFER, TEXT, VOCABULARY, write_pack
from yueban.flows.city_policies import check_policies, read_policies
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.policies import selectors
from yueban.policies.amounts import compute
from yueban.policies.models import OfferVersion
from yueban.policies.services import store_policies
from yueban.policies.standards import standard_of

ON = date(2026, 11, 23)


def load(root, **parts):
    files, problems = read_policies(write_pack(root, **parts))
    assert [*problems, *check_policies(files, VOCABULARY, agencies=AGENCIES)] == []
    return store_policies(rows=[file.row for file in files], actor=SYSTEM)


def problems_of(root, **parts):
    files, problems = read_policies(write_pack(root, **parts))
    return [str(one) for one in (*problems, *check_policies(files, VOCABULARY, agencies=AGENCIES))]


def mine(on=ON):
    return [one for one in selectors.offers_in_force(on) if one.offer.key == OFFER["key"]]


def test_quoted_words_become_places_in_the_text(tmp_path):
    files, problems = read_policies(write_pack(tmp_path))
    assert problems == []
    said = {one.field: TEXT[one.start : one.end] for one in files[0].row.offers[0].spans}
    assert said["conditions"] == "当年数字化投入（软件、硬件、网络、云服务）10万元以上"
    assert said["benefits.share"] == "按实际投入的30%给予补助，最高不超过100万元"
    assert said["clause"].startswith("第一条 支持企业数字化投入")
    assert said["clause"].endswith("市经信局")


def test_words_that_the_clause_does_not_have_are_a_mistake_with_its_line(tmp_path):
    wrong = OFFER | {"words_text": {"conditions": "当年数字化投入20万元以上"}}
    (said,) = problems_of(tmp_path, offers=[wrong])
    assert said.startswith(
        "policies/example-manufacturing/offers/example-digital-investment.yaml:22 words_text"
    )
    assert "“第一条”里没有“当年数字化投入20万元以上”这些字。请照原文抄写，一字不差。" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"clause": "第九条"}, "找不到唯一的“第九条”"),
        ({"conditions": {"fact": "enterprise.nothing", "op": "ge", "value": 1}}, "enterprise.nothing"),
        ({"department_kind": "nobody"}, "没有“nobody”这类部门"),
        ({"policy": "another"}, "应写“example-manufacturing”"),
        (
            {
                "benefits": [
                    {
                        "key": "share",
                        "label": "名称",
                        "gives": {"kind": "ratio", "rate": "0.3", "of": "enterprise.name"},
                    }
                ]
            },
            "“名称”不是数",
        ),
    ],
)
def test_what_cannot_be_decided_is_named(tmp_path, change, said):
    assert any(said in one for one in problems_of(tmp_path, offers=[OFFER | change]))


@pytest.mark.django_db
def test_a_policy_loaded_twice_is_there_once_and_gives_what_its_clause_says(tmp_path):
    first, again = load(tmp_path), load(tmp_path)
    assert (first.created, again.created, again.changed) == (2, 0, 0)
    (version,) = mine()
    assert (version.number, version.in_force_from, version.signed_name) == (1, date(2025, 2, 28), "城市资料")
    facts = {"enterprise.digital_investment": "2000000"}
    assert compute(standard_of(version), facts, on=ON, vocabulary=VOCABULARY).amount == Decimal(600000)


@pytest.mark.django_db
def test_changed_words_are_a_new_version_and_the_one_before_ends(tmp_path):
    load(tmp_path)
    load(tmp_path, offers=[OFFER | {"redemption": "instant"}])
    assert [one.number for one in mine(clock.today())] == [2]
    assert [one.number for one in mine(clock.today() - timedelta(days=1))] == [1]


@pytest.mark.django_db
def test_an_offer_with_words_nobody_has_read_waits_as_a_draft(tmp_path):
    load(tmp_path, offers=[OFFER | {"unresolved": ["云服务"]}])
    assert mine() == []
    assert [one.state for one in selectors.versions_of(OFFER["key"])] == ["draft"]


@pytest.mark.django_db
def test_a_policy_past_its_last_day_offers_nothing(tmp_path):
    load(tmp_path, policy={"expires_on": "2026-11-22"})
    assert mine() == []
    assert mine(date(2026, 11, 22))


@pytest.mark.django_db
def test_a_parameter_has_the_value_of_its_day(tmp_path):
    written = OFFER | {
        "conditions": {
            "fact": "enterprise.digital_investment",
            "op": "ge",
            "value": {"parameter": "least-investment"},
        }
    }
    values = [
        {"name": "least-investment", "starts_on": date(2025, 1, 1), "value": "100000"},
        {"name": "least-investment", "starts_on": date(2026, 1, 1), "value": "200000"},
    ]
    load(tmp_path, offers=[written], policy={"parameters": values})
    (version,) = mine()
    assert standard_of(version, date(2025, 6, 1)).conditions["value"] == "100000"
    assert standard_of(version, ON).conditions["value"] == "200000"


@pytest.mark.django_db
def test_the_database_refuses_to_change_what_was_signed(tmp_path):
    load(tmp_path)
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        OfferVersion.objects.filter(pk=mine()[0].pk).update(definition={})


@pytest.mark.django_db
def test_what_is_in_force_is_read_in_one_query(tmp_path, django_assert_num_queries):
    load(tmp_path, offers=[OFFER, OFFER | {"key": "another", "clause": "第一条"}])
    with django_assert_num_queries(1):
        assert [one.policy_version.policy.title for one in selectors.offers_in_force(ON)]
