"""一件事 at a kiosk: offered, asked, filled in a few fields a screen, sent once; the parent stands for its children."""

import re

import pytest
from django.db import transaction

from tests import bundles, people
from tests.channels.kiosk_visitors import at_kiosk, terminal
from tests.channels.visitors import hidden
from yueban.audit import selectors as audit
from yueban.cases.models import BundleApplication, BundleCase, Case
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.documents.choices import DocumentState
from yueban.documents.models import Document
from yueban.flows import bundle
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
GUIDE = "/kiosk/bundles/goods-transport/"
FORM = people.FORM | {"vehicles": [bundles.truck(1), bundles.truck(2)]}


def filled() -> dict[str, object]:
    """The whole form by the names of its fields."""
    flat: dict[str, object] = {}
    for key, value in FORM.items():
        if key in ("vehicles", "drivers"):
            for index, row in enumerate(value):
                flat |= {f"{key}-{index}-{element}": item for element, item in row.items()}
        else:
            flat[key] = value
    return flat


def begun(client) -> str:
    """The number of a draft begun at the kiosk."""
    version = bundles_read.get_bundle("goods-transport", bundles.COUNTY)
    company = people.company_of(people.actor(people.OWNER))
    data = {**bundles.GOODS, "apply.version": version.pk, "apply.party": company}
    answer = client.post(f"{GUIDE}start", data)
    return answer["Location"].split("/")[3]


def through_the_form(client, number: str) -> str:
    """Answer every screen, a row more where there is one more to fill in; the address after the last."""
    address, answers = f"/kiosk/apply/{number}/", filled()
    for _ in range(60):
        page = client.get(address).content.decode()
        data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
        if 'name="is_read_back"' in page:
            data["is_read_back"] = "1"
        names = set(re.findall(r'name="([^"]+)"', page))
        data |= {name: value for name, value in answers.items() if name in names}
        data["go"] = "add" if "已经填了 1 个" in page and data["screen"] == "rows:vehicles" else "next"
        answer = client.post(address.split("?", maxsplit=1)[0], data)
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]
        if "materials" in address:
            return address
    raise AssertionError("the form has no end")


def ready(client) -> str:
    """A draft at the kiosk that only has to be sent."""
    number = begun(client)
    through_the_form(client, number)
    for material in bundle.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:
            client.post(f"/kiosk/apply/{number}/materials/{material.key}/scan")
    return number


def test_what_is_offered_here_leads_to_its_guide_and_its_questions():
    client = terminal()
    assert "/kiosk/bundles/" in client.get("/kiosk/do/").content.decode()
    shown = "".join(client.get(f"/kiosk/bundles/?page={page}").content.decode() for page in range(1, 5))
    assert GUIDE in shown
    guide = client.get(GUIDE).content.decode()
    assert "分开办合计" in guide
    assert "版本指纹" in guide
    assert "第 1 个问题" in client.get(f"{GUIDE}questions").content.decode()


def test_the_letters_of_its_pinyin_find_it_before_single_items():
    page = terminal().get("/kiosk/find?q=pthw").content.decode()
    assert page.index(GUIDE) < page.index("/kiosk/items/road-freight-permit/")


def test_a_bundle_that_is_not_offered_where_the_kiosk_stands_is_not_found():
    assert terminal().get("/kiosk/bundles/no-such-thing/").status_code == 404


def test_a_whole_bundle_from_its_first_question_to_the_slip():
    client = at_kiosk(people.OWNER)
    query = "&".join(f"{name}={value}" for name, value in bundles.GOODS.items())
    assert "开始填写" in client.get(f"{GUIDE}questions?{query}").content.decode()
    number = begun(client)
    address = through_the_form(client, number)
    stored = BundleApplication.objects.get(number=number)
    assert stored.channel == "kiosk"
    assert [row["vehicle.plate"] for row in stored.form["vehicles"]] == ["浙D00001", "浙D00002"]
    assert "普通货物运输经营准入" in client.get(address).content.decode()
    for material in bundle.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:
            taken = client.post(f"/kiosk/apply/{number}/materials/{material.key}/scan")
            assert "已经拍了 1 页" in client.get(taken["Location"]).content.decode()
    assert client.post(f"/kiosk/apply/{number}/review").status_code == 422
    sent = client.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    parent = BundleCase.objects.get()
    assert sent["Location"] == f"/kiosk/my/bundles/{parent.number}/?submitted=1"
    page = client.get(sent["Location"]).content.decode()
    assert "已经提交" in page
    assert parent.number in page
    assert "3 项各办到哪一步" in page
    first = next(iter(audit.events_of(Reference("bundle", parent.number))))
    assert first.actor["channel"] == "kiosk"
    slip = client.post(f"/kiosk/my/bundles/{parent.number}/slip").content.decode()
    assert "一件事凭条" in slip
    assert bundles.case_of(parent, "permit").number in slip


def test_my_matters_list_the_draft_then_the_parent_and_no_child_twice():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    assert f"/kiosk/apply/{number}/" in client.get("/kiosk/my/").content.decode()
    made = bundles.goods_submitted()
    page = client.get("/kiosk/my/").content.decode()
    assert f"/kiosk/my/bundles/{made.number}/" in page
    assert bundles.case_of(made, "permit").number not in page


def test_a_child_that_has_begun_leads_to_its_own_case():
    made = bundles.goods_submitted()
    client = at_kiosk(people.OWNER)
    page = client.get(f"/kiosk/my/bundles/{made.number}/").content.decode()
    case = bundles.case_of(made, "permit")
    assert f"/kiosk/my/{case.number}/" in page
    assert page.count("办成后自动开始，不用您再跑、再填。") == 2
    assert client.get(f"/kiosk/my/{case.number}/").status_code == 200


def test_the_receipt_of_the_whole_is_printed_and_that_is_written_down():
    made = bundles.received(bundles.publish_bundle())
    receipt = Document.objects.get(subject_kind="bundle", subject_number=made.number)
    receipt.file = bundles.case_of(made, "a").materials.get(key="card").files.get().file
    receipt.state = DocumentState.READY
    receipt.save(update_fields=["file", "state"])
    client = at_kiosk(people.OWNER)
    listed = "".join(client.get(f"/kiosk/papers/?page={page}").content.decode() for page in (1, 2, 3))
    assert receipt.verify_code in listed
    printed = client.post(f"/kiosk/papers/document/{receipt.verify_code}/print", {"key": "k" * 31})
    assert "已经打印" in printed.content.decode()
    kinds = [event.kind for event in audit.events_of(Reference("bundle", made.number))]
    assert "document_printed" in kinds


def test_a_power_cut_before_the_answer_arrived_doubles_nothing():
    number = ready(at_kiosk(people.OWNER))
    at_kiosk(people.OWNER).post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    cases = Case.objects.count()
    again = at_kiosk(people.OWNER)
    answer = again.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    parent = BundleCase.objects.get()
    assert answer["Location"] == f"/kiosk/my/bundles/{parent.number}/"
    assert Case.objects.count() == cases
    assert parent.number in again.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("where", ["bundle_messages.submitted", "bundle_steps.begin_child"])
def test_a_power_cut_in_the_middle_of_it_loses_nothing_and_begins_nothing_twice(where, monkeypatch):
    client = at_kiosk(people.OWNER)
    number = ready(client)
    form = BundleApplication.objects.get(number=number).form

    def cut(*_arguments: object, **_named: object) -> None:
        raise ConnectionError("the power is gone")

    monkeypatch.setattr(f"yueban.flows.bundle.{where}", cut)
    with pytest.raises(ConnectionError), transaction.atomic():
        client.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    monkeypatch.undo()
    assert not BundleCase.objects.exists()
    assert not Case.objects.exists()
    again = at_kiosk(people.OWNER)
    assert "接着填" in again.get("/kiosk/my/").content.decode()
    assert BundleApplication.objects.get(number=number).form == form
    again.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    assert BundleCase.objects.count() == 1
    assert Case.objects.count() == 1
