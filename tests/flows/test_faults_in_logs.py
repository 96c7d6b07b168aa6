"""No log line and no event tells an identity number or a phone number (Appendix A 19), whatever people send."""

import json
import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people, village
from tests.channels.visitors import visitor
from tests.flows.journeys import carry_a_case
from yueban.audit.models import Event
from yueban.flows import apply, review
from yueban.settings.logs import JsonFormatter

# With its date of birth, so that the codes of agencies, which are also 18 long, are not taken for people's.
BORN = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
ID_NUMBER = re.compile(rf"(?<![0-9A-Za-z])\d{{6}}{BORN}\d{{3}}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


@pytest.fixture
def lines():
    """Every line that all loggers write, as the product formats it, from the lowest level on."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    keeper, root = Keep(level=logging.DEBUG), logging.getLogger()
    keeper.setFormatter(JsonFormatter())
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(keeper)
    root.setLevel(level)


def told(text: str) -> list[str]:
    return [found for pattern in (ID_NUMBER, PHONE) for found in pattern.findall(text)]


def test_the_patterns_find_what_must_not_be_there():
    number, phone = people.FORM["contact.id_number"], people.FORM["contact.phone"]
    assert told(f"证件{number}，电话{phone}。") == [number, phone]
    assert told("办件33060220261122000000017") == []


@pytest.mark.django_db
def test_a_whole_case_and_all_sorts_of_refusals_leave_no_number_in_any_log_line(lines):
    case = carry_a_case()
    number, phone = people.FORM["contact.id_number"], people.FORM["contact.phone"]
    client = visitor(people.STRANGER)
    client.raise_request_exception = False
    for address in (
        f"/search?text={number}",
        f"/desk/cases/?text={phone}",
        f"/nowhere?id={number}",
        "/my/cases/1/",
    ):
        client.get(address)
    client.post("/progress", {"number": number, "phone_tail": phone})
    application = people.draft(people.STRANGER)
    form = people.FORM | {"contact.id_number": number[:-1] + "0", "contact.name": f"陈{number}"}
    client.post(f"/apply/{application.number}/", form)
    upload = SimpleUploadedFile(f"{number}.pdf", b"no pdf")
    client.post(f"/apply/{application.number}/materials/safety-rules", {"file": upload})
    logging.getLogger("yueban.flows").error("a line of ours", extra={"case": case.number, "phone": phone})
    try:
        int(f"typed {number}")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/x?{number}")
    assert any("a line of ours" in line for line in lines), "the lines are caught"
    assert all(json.loads(line)["message"] for line in lines)
    assert [line for line in lines if told(line)] == []


@pytest.mark.django_db
def test_a_villagers_case_leaves_no_number_in_any_log_line_event_or_message(lines):
    from yueban.notifications.models import Message

    client = visitor(village.HELPER)
    client.post("/desk/intake/", {"who": village.ID_NUMBER})
    client.post("/desk/intake/", {"who": village.ID_NUMBER[:-1] + "0"})
    case = village.handed_in()
    client.get(f"/desk/cases/?text={village.ID_NUMBER}")
    client.get(f"/desk/cases/{case.number}/?paper=form")
    review.accept(people.actor(village.CLERK), case.number)
    assert case.mandate_number in json.dumps(
        [e.actor for e in Event.objects.filter(reference_number=case.number)]
    )
    events = [json.dumps([event.data, event.actor], ensure_ascii=False) for event in Event.objects.all()]
    messages = [f"{message.title} {message.body}" for message in Message.objects.all()]
    assert [text for text in (*lines, *events, *messages) if told(text)] == []


@pytest.mark.django_db
def test_the_audit_of_a_whole_case_holds_no_number():
    case = carry_a_case()
    events = Event.objects.filter(reference_number=case.number)
    assert events.count() > 10
    texts = [json.dumps([event.data, event.actor], ensure_ascii=False) for event in Event.objects.all()]
    assert [text for text in texts if told(text)] == []


@pytest.mark.django_db
def test_the_messages_to_people_hold_no_number():
    from yueban.notifications.models import Message

    carry_a_case()
    apply.withdraw(people.actor(people.STRANGER), people.submitted(people.STRANGER).number)
    texts = [f"{message.title} {message.body}" for message in Message.objects.all()]
    assert len(texts) >= 6
    assert [text for text in texts if told(text)] == []
