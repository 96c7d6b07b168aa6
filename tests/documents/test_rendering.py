"""The PDF says what was issued, can be verified, and is made once."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pypdfium2
import pytest
from django.db import connection

from tests.documents.conftest import CASE, CLERK, REFUSAL
from tests.documents.offices import make_agency
from yueban.documents import rendering, services, tasks
from yueban.documents.choices import DocumentKind, DocumentState
from yueban.documents.errors import DocumentNotFound, RenderingFailed
from yueban.documents.models import Document
from yueban.files import selectors as files
from yueban.files.models import StoredFile

SEAL_RED = (0xB2, 0x3A, 0x2E)


def pdf_of(document: Document) -> bytes:
    document.refresh_from_db()
    assert document.state == DocumentState.READY
    assert document.file is not None
    with files.open_file(document.file) as handle:
        return handle.read()


def sheet(**values) -> rendering.Sheet:
    return rendering.Sheet(
        **{
            "kind": "acceptance",
            "title": "受理通知书",
            "agency_name": "绍兴市越城区测试运输局",
            "agency_short": "越城区测试运输局",
            "issued_on": date(2026, 11, 22),
            "content": {"paragraphs": ["决定予以受理。"]},
            "number": "测试交运受字〔2026〕1号",
            "verify_code": "0123456789abcdef" * 2,
            **values,
        }
    )


def rows_of(pdf: bytes, page: int = 0) -> list[list[tuple[int, int, int]]]:
    """The page's pixels, red green blue, row by row."""
    document = pypdfium2.PdfDocument(pdf)
    with closing(document), closing(document[page]) as shown, closing(shown.render(scale=1.5)) as bitmap:
        raw, wide, step = bytes(bitmap.buffer), bitmap.width, bitmap.n_channels
        starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
        return [
            [(raw[at + 2], raw[at + 1], raw[at]) for at in range(start, start + wide * step, step)]
            for start in starts
        ]


def seal_pixels(pdf: bytes) -> int:
    # The lower half only: the head of a letter is as red as its seal.
    rows = rows_of(pdf)
    return sum(row.count(SEAL_RED) for row in rows[len(rows) // 3 :])


def test_the_pdf_of_an_issued_document_says_number_name_day_and_where_to_verify(issue, read_pdf, settings):
    settings.YUEBAN_PUBLIC_URL = "https://yueban.example"
    document = issue("decision_refuse", "不予许可决定书", REFUSAL)
    tasks.render(document_id=document.pk)
    text = read_pdf(pdf_of(document))
    day = document.issued_on
    for said in (
        document.number,
        "绍兴市青瓷物流有限公司：",
        CASE.number,
        "拟投入的车辆未登记。",
        "申请行政复议",
        "提起行政诉讼",
        f"{day.year}年{day.month}月{day.day}日",
        document.verify_code[:16],
        "https://yueban.example",
        "演示",
        "不具法律效力",
    ):
        assert said in text, said
    assert document.sha256 == document.file.sha256
    assert document.file.media_type == "application/pdf"
    assert document.number in document.file.name


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_every_kind_becomes_a_pdf_with_a_seal_and_all_parts_of_its_content(kind, read_pdf):
    content = {
        "addressee": "绍兴市青瓷物流有限公司",
        "paragraphs": ["第一段。"],
        "facts": [["事项", "货运许可"]],
        "table": {"columns": ["材料", "份数"], "rows": [["申请表", "一份"]]},
        "footer": ["咨询电话"],
    }
    if kind in ("decision_refuse", "non_acceptance"):
        content |= {"reasons": ["理由在此"], "remedies": ["途径在此"]}
    pdf = rendering.render_pdf(sheet(kind=kind, content=content))
    text = read_pdf(pdf)
    for said in ("青瓷物流", "第一段。", "货运许可", "申请表", "一份", "咨询电话", "测试交运受字〔2026〕1号"):
        assert said in text, said
    assert ("理由在此" in text) == ("reasons" in content)
    assert seal_pixels(pdf) > 300


def test_the_code_on_the_paper_leads_to_the_page_of_verification(settings):
    settings.YUEBAN_PUBLIC_URL = "https://yueban.example/"
    assert rendering.verify_address("ab" * 16) == f"https://yueban.example/v/{'ab' * 16}"
    drawn = rendering.qr_svg(rendering.verify_address("ab" * 16))
    assert drawn != rendering.qr_svg(rendering.verify_address("cd" * 16))
    assert drawn.startswith("<svg")


def test_the_same_sheet_gives_the_same_bytes():
    assert rendering.render_pdf(sheet()) == rendering.render_pdf(sheet())


def test_rendering_again_changes_nothing(issue):
    document = issue()
    services.render_document(document.pk)
    before = Document.objects.values().get(pk=document.pk)
    tasks.render(document_id=document.pk)
    assert Document.objects.values().get(pk=document.pk) == before
    assert StoredFile.objects.filter(sha256=before["sha256"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_job_store_one_pdf():
    agency = make_agency()
    document = services.create_document(
        kind="acceptance",
        subject=CASE,
        agency_code=agency.code,
        title="受理通知书",
        content={"paragraphs": ["决定予以受理。"]},
        actor=CLERK,
        division=agency.division.code,
    )

    def work(_worker: int) -> str:
        try:
            return services.render_document(document.pk).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        digests = set(pool.map(work, range(4)))
    assert len(digests) == 1
    assert StoredFile.objects.filter(sha256=digests.pop()).count() == 1


def test_a_worker_killed_after_the_bytes_and_before_the_row_is_made_good_by_the_next(
    issue, data_dir, monkeypatch
):
    document = issue()

    def crash(*args, **values):
        raise KeyboardInterrupt

    monkeypatch.setattr(Document, "save", crash)
    with pytest.raises(KeyboardInterrupt):
        services.render_document(document.pk)
    monkeypatch.undo()
    assert services.render_document(document.pk).is_ready
    assert len([path for path in data_dir.rglob("*") if path.is_file()]) == 1


def test_a_template_that_fails_marks_the_document_and_a_mended_one_makes_it_ready(
    issue, monkeypatch, tmp_path
):
    document = issue()
    (tmp_path / "official.typ").write_text("#panic()")
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path)
    assert services.render_document(document.pk).state == DocumentState.FAILED
    assert "受理通知书" in Document.objects.get(pk=document.pk).failure
    with pytest.raises(RenderingFailed):
        rendering.render_pdf(sheet())
    monkeypatch.undo()
    assert services.render_document(document.pk).is_ready


def test_a_job_for_a_document_that_does_not_exist_fails_loudly(db):
    with pytest.raises(DocumentNotFound):
        tasks.render(document_id=0)


def test_a_preview_has_watermark_but_no_number_code_or_seal_and_stores_nothing(agency, read_pdf):
    before = (Document.objects.count(), StoredFile.objects.count())
    pdf = services.preview(
        kind="decision_refuse", agency_code=agency.code, title="不予许可决定书", content=REFUSAL
    )
    text = read_pdf(pdf)
    assert text.count("预 览") == 3, "across the page, spaced"
    assert "拟投入的车辆未登记。" in text
    assert "扫码" not in text
    assert "字〔" not in text
    assert seal_pixels(pdf) == 0
    assert (Document.objects.count(), StoredFile.objects.count()) == before


def test_text_that_looks_like_markup_is_printed_as_it_is(read_pdf):
    written = '#panic("x") *粗* $x$ \\ @甲 <b>'
    assert written in read_pdf(rendering.render_pdf(sheet(content={"paragraphs": [written]})))


def test_a_very_long_code_stays_on_the_paper_and_can_be_copied_whole(read_pdf):
    code = "1.2.156.3005.2." + "11100000000013338W032." * 4 + "001.F"
    pdf = rendering.render_pdf(sheet(content={"facts": [["证照标识", code]]}))
    assert code in read_pdf(pdf)
    rows = rows_of(pdf)
    assert {pixel for row in rows for pixel in row[int(len(row) * 0.89) :]} == {(255, 255, 255)}


def test_a_long_document_goes_on_over_several_pages_and_loses_nothing(read_pdf):
    sentence = "审查情况说明如下。"
    text = read_pdf(rendering.render_pdf(sheet(content={"paragraphs": [sentence * 20] * 12})))
    assert all(f"— {page} —" in text for page in (1, 2, 3, 4))
    assert text.count("审") == 240


def test_a_page_is_made_in_a_fraction_of_a_second():
    rendering.render_pdf(sheet())
    started = time.perf_counter()
    for serial in range(5):
        rendering.render_pdf(sheet(number=f"测试交运受字〔2026〕{serial}号"))
    assert (time.perf_counter() - started) / 5 < 0.5
