"""数据异议: to the department that answers for the source, with a day; answered, told, and marked meanwhile."""

from collections.abc import Iterator

import pytest

from tests import jobless, people
from tests.channels.visitors import visitor
from tests.jobless import CHECKER, UNKNOWN, WORKED
from tests.sources import counterpart
from yueban.approvals.errors import TaskNotYours
from yueban.approvals.models import Task
from yueban.certificates.errors import ObjectionInvalid, ObjectionNotFound
from yueban.certificates.models import DataObjection, Exchange
from yueban.commands.demo_sources import Counterpart
from yueban.flows import apply, object_to_data, prove
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
ADDRESS = "enterprise.address"


@pytest.fixture
def sources() -> Iterator[Counterpart]:
    """The data sources."""
    with counterpart() as server:
        yield server


def asked(username: str) -> Exchange:
    draft = jobless.draft(username)
    (exchange,) = prove.ask_sources(people.actor(username), draft.number)
    return exchange


def test_an_objection_to_an_answer_goes_to_the_department_of_the_source_with_a_day(sources):
    exchange = asked(UNKNOWN)
    client = visitor(UNKNOWN)
    address = f"/my/answers/{exchange.number}/object"
    assert "查无" in client.get(address).content.decode()
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "我十月已停保。"}).status_code == 302
    row = DataObjection.objects.get()
    task = Task.objects.get(reference_kind="dataobjection", reference_number=row.number)
    assert (row.agency.kind, task.agency_id, task.role) == ("social-insurance", row.agency_id, "checker")
    assert row.due_on == task.due_on
    assert row.due_on is not None
    page = client.get("/my/facts").content.decode()
    assert "社会保险参保信息：查无" in page
    assert "前答复" in page


def test_the_department_answers_and_the_person_is_told(sources):
    exchange = asked(UNKNOWN)
    row = object_to_data.to_answer(people.actor(UNKNOWN), exchange.number, "我十月已停保。")
    desk = visitor(CHECKER)
    assert row.number in desk.get("/desk/").content.decode()
    address = f"/desk/data-objections/{row.number}/"
    assert "我十月已停保。" in desk.get(address).content.decode()
    assert desk.post(address, {"outcome": "upheld", "text": " "}).status_code == 422
    assert desk.post(address, {"outcome": "upheld", "text": "已补录停保记录。"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer) == ("upheld", "已补录停保记录。")
    assert Message.objects.filter(reference_number=row.number, user_id=row.made_by_user_id).count() == 1
    assert "已补录停保记录。" in visitor(UNKNOWN).get("/my/facts").content.decode()
    assert desk.post(address, {"outcome": "dismissed", "text": "又改。"}).status_code == 409


def test_a_known_value_under_objection_is_marked_wherever_it_is_filled_in():
    owner = people.actor(people.OWNER)
    party = people.company_of(owner)
    before = apply.prefill(owner, people.draft().number)[ADDRESS]
    assert "有异议" not in before.source
    first = object_to_data.to_value(owner, party, ADDRESS, "已搬到示例路2号。")
    assert object_to_data.to_value(owner, party, ADDRESS, "再说一遍。") == first
    after = apply.prefill(owner, people.draft().number)[ADDRESS]
    assert after.source == f"{before.source}，有异议"
    object_to_data_answer = people.actor(people.VEHICLE_CHECKER, channel="desk")
    with pytest.raises((ObjectionNotFound, TaskNotYours)):
        object_to_data.answer(object_to_data_answer, first.number, is_upheld=True, text="已改。")


def test_nobody_objects_for_another_nor_without_words(sources):
    exchange = asked(WORKED)
    with pytest.raises(ObjectionNotFound):
        object_to_data.to_answer(people.actor(UNKNOWN), exchange.number, "不对。")
    with pytest.raises(ObjectionInvalid):
        object_to_data.to_answer(people.actor(WORKED), exchange.number, "  ")
    assert visitor(UNKNOWN).get(f"/my/answers/{exchange.number}/object").status_code == 404
    assert visitor(people.REVIEWER).get("/desk/data-objections/YY1/").status_code == 404
    assert not DataObjection.objects.exists()


def test_the_form_of_a_known_value_shows_it_and_who_says_so():
    client = visitor(people.CITIZEN)
    page = client.get("/my/facts/contact.name/object").content.decode()
    assert "公安户籍信息（演示）" in page
    assert client.get("/my/facts/no.such/object").status_code == 404
    assert client.post("/my/facts/contact.name/object", {"text": "名字有误。"}).status_code == 302
    assert "有异议" in client.get("/my/facts").content.decode()
