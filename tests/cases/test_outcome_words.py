"""What a decision is called follows from the legal basis of the item."""

from types import SimpleNamespace

import pytest

from tests import people
from yueban.cases.outcome_words import outcome_words
from yueban.documents.models import Document
from yueban.flows import review

pytestmark = pytest.mark.django_db


def case_of(kind: str, name: str):
    compiled = SimpleNamespace(clocks=SimpleNamespace(kind=kind))
    return SimpleNamespace(item_version=SimpleNamespace(compiled=compiled), item_name=name)


@pytest.mark.parametrize(
    ("kind", "name", "title"),
    [
        ("permit", "道路普通货物运输经营许可", "准予行政许可决定书"),
        ("grant", "灵活就业社会保险补贴", "给付决定书"),
        ("filing", "第二类医疗器械经营备案", "备案通知书"),
        ("registration", "公司设立登记", "登记通知书"),
        ("registration", "就业困难人员认定", "确认决定书"),
        ("service", "住房公积金提取", "办理结果通知书"),
    ],
)
def test_only_a_permit_is_called_a_permit(kind, name, title):
    words = outcome_words(case_of(kind, name))
    assert words.grant_title == title
    assert ("许可" in words.refuse_title) == (kind == "permit")


def test_the_decision_on_a_permit_is_titled_and_numbered_as_one():
    case = people.granted()
    document = Document.objects.get(subject_number=case.number, kind="decision_grant")
    assert document.title == "准予行政许可决定书"
    assert "许字〔" in document.number


def test_a_refusal_has_its_own_word_in_the_same_series():
    case = review.decide(
        people.actor(people.DECIDER), people.deciding().number, is_granted=False, reason="不符"
    )
    document = Document.objects.get(subject_number=case.number, kind="decision_refuse")
    assert document.title == "不予行政许可决定书"
    assert "不许字〔" in document.number
