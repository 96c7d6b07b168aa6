"""What tests of documents share."""

from contextlib import closing

import pypdfium2
import pytest

from tests.documents.offices import make_agency
from yueban.documents import services
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference

CASE = Reference("case", "33060220261122000000017")
CLERK = Actor(user_id=7, name="窗口甲")
REFUSAL = {
    "addressee": "绍兴市青瓷物流有限公司",
    "paragraphs": ["您申请的“道路普通货物运输经营许可”，经审查，不符合法定条件。"],
    "facts": [["办件编号", CASE.number]],
    "reasons": ["拟投入的车辆未登记。"],
    "remedies": ["可自收到之日起六十日内申请行政复议。", "可自收到之日起六个月内提起行政诉讼。"],
}


@pytest.fixture
def agency(db):
    return make_agency()


@pytest.fixture
def issue(agency):
    """Issue a document; by default an acceptance with one paragraph."""

    def issue(kind="acceptance", title="受理通知书", content=None, **more):
        return services.create_document(
            kind=kind,
            subject=CASE,
            agency_code=agency.code,
            agency_short=agency.short_name,
            title=title,
            content={"paragraphs": ["决定予以受理。"]} if content is None else content,
            actor=CLERK,
            division=agency.division.code,
            **more,
        )

    return issue


@pytest.fixture
def read_pdf():
    """The text of all pages of a PDF, without line ends."""

    def read(pdf: bytes) -> str:
        document = pypdfium2.PdfDocument(pdf)
        pieces = []
        with closing(document):
            for number in range(len(document)):
                with closing(document[number]) as page, closing(page.get_textpage()) as text:
                    pieces.append(text.get_text_range())
        return "".join(pieces).replace("\r\n", "")

    return read
