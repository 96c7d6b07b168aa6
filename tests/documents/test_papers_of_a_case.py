"""The papers of a real case: what they say in words, and that each is whole on its page."""

from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from tests import people
from tests.documents.test_rendering import pdf_of
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.cases.legal_wording import chinese_number, government_of, review_body
from yueban.cases.models import Case
from yueban.cases.routes import find_certificate
from yueban.catalogue.selectors import get_published
from yueban.certificates import selectors as certificates
from yueban.documents import selectors, services
from yueban.documents.models import Document
from yueban.flows import deliver, review
from yueban.kernel.reference import Reference

SOURCE = Path(services.__file__).parents[1]
pytestmark = pytest.mark.django_db
PERMITTED = {
    "road-freight-permit": {"freight.scope": ["general", "container"]},
    "food-business-permit": {"food.business_kind": None, "food.projects": None},
    "public-place-hygiene-permit": {"place.kind": None},
    "publication-retail-permit": {"publication.activity": None, "publication.scope": None},
    "class2-device-filing": {"device.mode": None},
}

REASON = (
    "拟投入的车辆浙D00001检验有效期已于2026年10月31日届满，"
    "不符合“有与其经营业务相适应并经检测合格的车辆”的条件。"
)


def paper(case: Case, kind: str) -> Document:
    document = selectors.documents_of(Reference("case", case.number)).get(kind=kind)
    services.render_document(document.pk)
    return document


def pages(document: Document) -> list[str]:
    """The words of each page, without spaces and line ends."""
    opened = pypdfium2.PdfDocument(pdf_of(document))
    said = []
    with closing(opened):
        for number in range(len(opened)):
            with closing(opened[number]) as page, closing(page.get_textpage()) as text:
                said.append(text.get_text_range().replace("\r\n", "").replace(" ", ""))
    return said


def refused(reason: str) -> Case:
    case = people.accepted()
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = people.actor(person)
        task = approvals.inbox(worker).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.DEVIATES, opinion="不符合")
    return review.decide(people.actor(people.DECIDER), case.number, is_granted=False, reason=reason)


def date_of(document: Document) -> str:
    day = document.issued_on
    return f"{day.year}年{day.month}月{day.day}日"


def test_the_certificate_says_names_and_is_one_page():
    case = people.granted()
    (page,) = pages(paper(case, "certificate"))
    assert "经营范围道路普通货物运输" in page
    assert "general" not in page
    (certificate,) = certificates.certificates_for(Reference("case", case.number))
    assert certificate.data["freight.scope"] == "道路普通货物运输"
    assert case.agency.name in page


@pytest.mark.parametrize("key", PERMITTED)
def test_every_coded_value_of_a_certificate_is_printed_by_its_name(key):
    version = get_published(key)
    facts = version.compiled.vocabulary
    row = certificates.certificate_types().get(key=version.compiled.guide.result.certificate_type)
    values = {field["key"]: "某处" for field in row.fields}
    coded = {}
    for element in PERMITTED[key]:
        codes = list(facts[element].codes)[:2]
        coded[element] = codes if facts[element].type == "codes" else codes[0]
    found = find_certificate(Case(item_version=version, facts=values | coded))
    assert found is not None
    for element, raw in coded.items():
        names = [facts[element].codes[code] for code in (raw if isinstance(raw, list) else [raw])]
        assert found[1][element] == "、".join(names)


def test_a_certificate_with_much_to_say_still_is_one_page(issue):
    content = {
        "addressee": "绍兴市青瓷物流有限公司",
        "facts": [["经营范围", "道路普通货物运输、货物专用运输（集装箱）、" * 20]]
        + [["住所", "某路一号"]] * 8,
        "footer": ["证照标识 " + "1.2.156.3005.2." + "11100000000013338W032." * 4],
    }
    (page,) = pages_of_new(issue("certificate", "道路运输经营许可证", content))
    assert page.count("集装箱") == 20


def pages_of_new(document: Document) -> list[str]:
    services.render_document(document.pk)
    return pages(document)


def test_a_refusal_is_one_page_and_names_law_and_bodies_once():
    document = paper(refused(REASON), "decision_refuse")
    (page,) = pages(document)
    assert date_of(document) in page
    assert page.count("《中华人民共和国道路运输条例》第二十一条、第二十二条、第二十四条") == 1
    assert page.count("道路运输条例") == 1
    assert "《中华人民共和国行政许可法》第三十八条第二款" in page
    assert "向绍兴市越城区人民政府申请行政复议" in page


@pytest.mark.parametrize("lines", range(6, 22, 2))
def test_no_seal_stands_on_a_page_without_words_of_the_text(issue, lines):
    content = {
        "addressee": "绍兴市青瓷物流有限公司",
        "paragraphs": ["您申请的事项，经审查，不符合法定条件、标准，决定不予行政许可。"],
        "reasons": ["经审查，下列情况与法定条件不符，具体说明如下。" * lines],
        "remedies": ["不服本决定的，可申请行政复议。", "也可自收到之日起六个月内提起行政诉讼。"],
    }
    document = issue("decision_refuse", "不予行政许可决定书", content)
    sealed = [page for page in pages_of_new(document) if date_of(document) in page]
    assert len(sealed) == 1
    assert "也可自收到之日起六个月内提起行政诉讼。" in sealed[0]


def test_a_supplement_notice_says_law_place_and_what_follows():
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺少本单位盖章"}]
    )
    (page,) = pages(paper(case, "supplement_notice"))
    for said in (
        "第三十二条第一款第四项",
        "缺少本单位盖章",
        "越城区政务服务中心综合窗口",
        "0575-88001101",
        "终止办理",
    ):
        assert said in page, said


def test_a_receipt_says_what_need_not_be_handed_in():
    (page,) = pages(paper(people.received(), "receipt"))
    assert "已免交" in page
    assert "已满足" not in page


def test_a_grant_says_scope_term_certificate_and_duties():
    (page,) = pages(paper(people.granted(), "decision_grant"))
    for said in (
        "经营范围道路普通货物运输",
        "《道路运输经营许可证》",
        "有效期4年",
        "履行下列义务",
        "第三十八条第一款",
    ):
        assert said in page, said


def test_the_receipt_of_delivery_lists_what_was_served_by_number():
    case = people.granted()
    case = deliver.deliver(people.actor(people.CLERK), case.number, method="窗口领取", proof="本人签收")
    (page,) = pages(paper(case, "delivery_receipt"))
    for kind in ("decision_grant", "certificate"):
        document = paper(case, kind)
        assert f"《{document.title}》{document.number}" in page
    assert page.count(case.applicant_name) == 1


def test_the_government_that_reviews_follows_from_the_agency():
    def body(code: str) -> str:
        return review_body(Agency.objects.get(code=code))

    assert body("yuecheng-transport") == "绍兴市越城区人民政府"
    assert body("zhuji-transport") == "诸暨市人民政府"
    assert body("xinchang-transport") == "新昌县人民政府"
    assert body("shaoxing-transport") == "绍兴市人民政府"
    assert body("yuecheng-natural-resources") == "绍兴市人民政府（也可以向绍兴市越城区人民政府）"
    assert government_of(Agency.objects.get(code="keqiao-health").division) == "绍兴市柯桥区人民政府"


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("二十四", 24), ("一百零三", 103), ("九", 9)])
def test_articles_are_ordered_by_their_numbers(text, number):
    assert chinese_number(text) == number


def test_quotation_marks_are_those_of_simplified_chinese():
    sources = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.typ")]
    assert len(sources) > 100
    assert [path.name for path in sources if any(mark in path.read_text() for mark in "「」")] == []
