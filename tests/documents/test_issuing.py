"""Issuing a document: its number, its code, and what it must say."""

import re
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tests.documents.conftest import CASE, REFUSAL
from yueban.agencies.errors import AgencyNotFound
from yueban.documents import selectors, services
from yueban.documents.choices import NUMBER_WORDS, DocumentKind, DocumentState
from yueban.documents.errors import DocumentInvalid, DocumentNotFound
from yueban.documents.models import Document
from yueban.jobs import selectors as jobs
from yueban.kernel import clock


@pytest.fixture
def in_2026():
    clock.set_source(lambda: datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    yield
    clock.set_source(None)


def test_a_document_gets_number_code_and_day_at_once_and_its_pdf_later(issue, in_2026):
    document = issue()
    assert document.number == "测试交运受字〔2026〕1号"
    assert re.fullmatch(r"[0-9a-f]{32}", document.verify_code)
    assert document.state == DocumentState.PENDING
    assert document.issued_on.isoformat() == "2026-12-31"
    assert (document.agency_name, document.issuer_name) == ("绍兴市越城区测试运输局", "窗口甲")


def test_numbers_run_apart_by_kind_and_begin_anew_each_year(issue, in_2026):
    first = [issue().number, issue("receipt", "收件凭证").number, issue().number]
    clock.set_source(lambda: datetime(2026, 12, 31, 16, 1, tzinfo=UTC))  # 1 January in Beijing
    assert [*first, issue().number] == [
        "测试交运受字〔2026〕1号",
        "测试交运收字〔2026〕1号",
        "测试交运受字〔2026〕2号",
        "测试交运受字〔2027〕1号",
    ]


def test_a_transaction_rolled_back_gives_its_number_and_its_job_back(issue, in_2026):
    issue()
    waiting = jobs.counts()
    with pytest.raises(RuntimeError), transaction.atomic():
        assert issue().number.endswith("2号")
        raise RuntimeError
    assert jobs.counts() == waiting
    assert issue().number.endswith("2号")


def test_every_kind_has_a_word_of_its_own_in_the_number():
    assert set(NUMBER_WORDS) == set(DocumentKind)
    assert len(set(NUMBER_WORDS.values())) == len(DocumentKind)


@pytest.mark.parametrize("part", ["reasons", "remedies"])
@pytest.mark.parametrize("kind", ["decision_refuse", "non_acceptance"])
def test_a_refusal_without_reasons_or_remedies_is_not_issued(issue, kind, part):
    content = {key: value for key, value in REFUSAL.items() if key != part}
    with pytest.raises(DocumentInvalid) as refusal:
        issue(kind, "不予许可决定书", content)
    assert set(refusal.value.fields) == {part}
    with pytest.raises(DocumentInvalid):
        issue(kind, "不予许可决定书", {**content, part: ["  "]})
    assert not Document.objects.filter(agency_code="test-transport").exists()


@pytest.mark.parametrize(
    "content",
    [{"colour": "red"}, {"facts": [["只有一项"]]}, {"table": {"rows": [["a"]]}}, {"paragraphs": [1]}],
)
def test_content_of_another_shape_is_refused(issue, content):
    with pytest.raises(DocumentInvalid):
        issue(content=content)


def test_a_kind_that_is_not_defined_is_refused(issue):
    with pytest.raises(DocumentInvalid):
        issue("poem")


def test_a_document_of_an_unknown_agency_is_refused(agency):
    with pytest.raises(AgencyNotFound):
        services.preview(kind="acceptance", agency_code="nobody", title="受理通知书", content={})


def test_a_document_is_found_by_its_code_however_it_is_typed(issue):
    document = issue()
    code = document.verify_code
    for typed in (code, code.upper(), f" {code[:16]} {code[16:]} ", f"{code[:8]}-{code[8:]}"):
        assert selectors.find_by_verify_code(typed) == document
    for typed in ("", code[:-1], code + "0", "不是码", "0" * 32):
        assert selectors.find_by_verify_code(typed) is None


def test_the_documents_of_a_case_come_in_the_order_of_their_issue(issue):
    issued = [issue("receipt", "收件凭证"), issue(), issue("decision_refuse", "不予许可决定书", REFUSAL)]
    assert list(selectors.documents_of(CASE)) == issued
    assert selectors.get_document(issued[1].number) == issued[1]
    with pytest.raises(DocumentNotFound):
        selectors.get_document("没有〔2026〕1号")
