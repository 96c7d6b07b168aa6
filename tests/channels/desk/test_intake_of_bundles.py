"""一件事 at the window, page by page: a company is found, asked, filled in, signed for, handed in, printed."""

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import bundles, people, village, village_bundle
from tests.channels.visitors import content_of, visitor
from yueban.cases.models import BundleApplication, BundleCase
from yueban.catalogue import selectors as catalogue
from yueban.flows import mandates
from yueban.parties.models import Mandate, Party

pytestmark = pytest.mark.django_db

PERSON = "/desk/intake/people/shili-transport/"
BUNDLE = f"{PERSON}bundles/goods-transport/"
CODE = "91999999MA990001XD"


def upload(name: str) -> SimpleUploadedFile:
    """A small PDF, of its own content."""
    return SimpleUploadedFile(name, people.PDF + name.encode(), "application/pdf")


def begun() -> tuple[str, BundleApplication]:
    """A draft begun on the page of the questions, with its papers attached."""
    answer = visitor(people.CLERK).post(BUNDLE, bundles.GOODS)
    application = BundleApplication.objects.get()
    assert answer["Location"] == f"/desk/intake/drafts/{application.number}/"
    return answer["Location"], application


def fields(application: BundleApplication) -> dict[str, object]:
    """The form as the page posts it, with the revision it stands at and a scan of each paper."""
    application.refresh_from_db()
    form = people.FORM | {"vehicles": [bundles.truck(1), bundles.truck(2)]}
    flat = catalogue.flat(application.bundle_version.compiled_bundle, form)
    return dict(flat) | {"revision": str(application.revision)}


def scans(client, address: str) -> dict[str, object]:
    """A file for each material that the page asks to hand in."""
    page = content_of(client.get(address)).decode()
    keys = [part.partition('"')[0] for part in page.split('name="file-')[1:]]
    return {f"file-{key}": upload(f"{key}.pdf") for key in dict.fromkeys(keys)}


def test_the_company_s_code_or_name_leads_to_it_and_the_bundle_stands_before_single_items():
    client = visitor(people.CLERK)
    assert client.post("/desk/intake/", {"who": CODE})["Location"] == PERSON
    part = content_of(client.get(PERSON, {"q": "普通货物"}, headers={"HX-Request": "true"})).decode()
    assert part.index(BUNDLE) < part.index(f"{PERSON}items/road-freight-permit/")
    card = content_of(client.get(PERSON)).decode()
    assert "法定代表人 陈示例" in card
    assert "没有手机" not in card


def test_each_question_is_asked_once_and_a_light_truck_is_told_that_nothing_is_needed():
    client = visitor(people.CLERK)
    page = content_of(client.get(BUNDLE)).decode()
    assert "总质量都在4.5吨及以下吗" in page
    light = content_of(client.get(BUNDLE, {"vehicle_mass": "light"})).decode()
    assert "无需办理" in light
    assert "开始填写" not in light
    ready = content_of(client.get(BUNDLE, bundles.GOODS)).decode()
    assert ready.count("机动车行驶证") == 1, "the licence that both items ask for is asked for once"


def test_the_whole_way_of_a_company_with_its_legal_representative():
    client = visitor(people.CLERK)
    address, application = begun()
    pressed = client.post(
        address, fields(application) | scans(client, address) | {"submit": "1", "agreed": "1"}
    )
    assert pressed.status_code == 422
    assert "请选择谁来办" in content_of(pressed).decode()
    sent = client.post(address, fields(application) | {"submit": "1", "agreed": "1", "stands": "legal"})
    assert sent.status_code == 302, content_of(sent).decode()[:3000]
    made = BundleCase.objects.get()
    assert sent["Location"] == f"/desk/bundle-cases/{made.number}/?submitted=1"
    page = content_of(client.get(sent["Location"])).decode()
    for words in ("已一次提交、一次收件：3 项", "打印凭证", "一并收件受理", "一件事收件凭证"):
        assert words in page
    assert client.get(address)["Location"] == f"/desk/bundle-cases/{made.number}/"
    for kind in ("slip", "large"):
        pdf = client.get(f"/desk/bundle-cases/{made.number}/{kind}.pdf")
        assert len(pypdfium2.PdfDocument(content_of(pdf))) == 1, "a slip is one sheet"
    assert made.number in content_of(client.get("/desk/intake/")).decode()


def test_who_comes_for_a_company_brings_its_mandate_on_paper():
    client = visitor(people.CLERK)
    address, application = begun()
    brought = {"mandate": "company", "agent_name": "孙驾驶", "powers": ["submit"], "ends_on": "2027-12-01"}
    wrong = client.post(address, fields(application) | brought | {"agent_id_number": "12"})
    assert wrong.status_code == 422
    assert "身份证号码不对" in content_of(wrong).decode()
    picture = {"signed": upload("委托书.pdf"), "seen": "1", "agent_id_number": "999999198806120058"}
    given = client.post(address, fields(application) | brought | picture)
    assert given.status_code == 302, content_of(given).decode()[:3000]
    mandate = Mandate.objects.get(way="paper", principal__number="shili-transport")
    assert mandate.agent is None
    assert "凭授权委托" in content_of(client.get(address)).decode()
    client.post(address, fields(application) | scans(client, address))
    done = {"submit": "1", "agreed": "1", "stands": mandate.number}
    assert client.post(address, fields(application) | done).status_code == 302
    assert BundleCase.objects.get().mandate_number == mandate.number


def test_the_paper_to_sign_for_a_company_is_printed():
    address, _application = begun()
    sheet = visitor(people.CLERK).get(f"{address}mandate.pdf")
    assert content_of(sheet).startswith(b"%PDF")


def test_a_helper_whose_mandate_was_taken_back_keeps_what_he_typed():
    village.settle()
    application = village_bundle.draft()
    client, address = visitor(village.HELPER), f"/desk/intake/drafts/{application.number}/"
    mandates.revoke(village.actor(village.HELPER), village_bundle.mandate(application), reason="本人要求")
    application.refresh_from_db()
    compiled = application.bundle_version.compiled_bundle
    typed = dict(catalogue.flat(compiled, village_bundle.FORM | {"employment.work_place": "镇上"}))
    posted = typed | {"revision": str(application.revision), "submit": "1", "agreed": "1"}
    answer = client.post(address, posted)
    assert answer.status_code == 422
    page = content_of(answer).decode()
    assert "这份授权委托已于" in page
    assert "镇上" in page
    application.refresh_from_db()
    assert (application.form["employment.work_place"], application.state) == ("镇上", "draft")


def test_what_is_typed_is_saved_and_a_part_that_opens_is_drawn_again():
    address, application = begun()
    client = visitor(people.CLERK)
    posted = fields(application) | {"shape": "0-0"}
    answer = client.post(f"{address}autosave", posted).json()
    assert answer["revision"] == 1
    assert "浙D00001" in answer["html"]
    stale = client.post(f"{address}autosave", posted | {"contact.name": "别人"})
    assert stale.status_code == 409
    assert "别人" in stale.json()["html"]


def test_the_lists_of_the_desk_ask_no_more_questions_with_more_drafts(django_assert_max_num_queries):
    village.settle()
    client = visitor(village.HELPER)
    client.get("/desk/intake/")
    village_bundle.draft()
    with django_assert_max_num_queries(60) as few:
        client.get("/desk/intake/")
    party = Party.objects.get(number=village.VILLAGER)
    village.draft_of_another_item(party)
    village.draft()
    village.draft(person="shen-gaoling")
    with django_assert_max_num_queries(len(few)):
        client.get("/desk/intake/")
