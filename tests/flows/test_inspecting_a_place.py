"""现场核查: two officers, pictures without what the camera knew, one document with both names."""

import io
import struct
import zlib

import pytest

from tests import people
from tests.flows.photos import photo
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import InspectionState, TaskOutcome, TaskState
from yueban.approvals.errors import InspectionChanged, SignaturesMissing
from yueban.approvals.models import Inspection, Task
from yueban.audit import selectors as audit
from yueban.cases.models import Case
from yueban.documents.models import Document
from yueban.files import selectors as files
from yueban.files import services as file_services
from yueban.flows import inspect_place, review
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
FIRST, SECOND = people.REVIEWER, "reviewer-feng"


def arranged() -> tuple[Case, Task]:
    case = people.accepted()
    task = Task.objects.get(reference_number=case.number, key="review")
    return case, inspect_place.arrange(people.actor(FIRST), task.pk)


def written(**changes: str) -> dict[str, str]:
    now = clock.now().astimezone(clock.BEIJING)
    told = {
        "place": "绍兴市越城区示例路1号停车场",
        "inspected_at": f"{now:%Y-%m-%dT%H:%M}",
        "finding": "停车场面积与申请一致。",
        "outcome": "conforms",
        "attended_by": "陈示例（法定代表人）",
        "second": str(people.user(SECOND).pk),
    }
    return told | changes


def answers(task: Task) -> list[dict[str, str]]:
    return [{"check": str(check), "answer": "conforms", "note": ""} for check in task.checks]


def full(task: Task, **changes: str) -> Inspection:
    actor = people.actor(FIRST)
    inspect_place.save(actor, task.pk, written(**changes), answers(task), revision=None)
    inspect_place.add_photo(actor, task.pk, io.BytesIO(photo()), name="现场.jpg", caption="大门")
    return inspect_place.sign(actor, task.pk)


def second_task(record: Inspection) -> Task:
    return Task.objects.get(group=f"inspect-{record.pk}", state=TaskState.OPEN)


def test_both_confirm_and_the_record_carries_both_names():
    case, task = arranged()
    record = full(task)
    assert record.state == InspectionState.SIGNED
    asked = second_task(record)
    assert approvals.inbox(people.actor(SECOND)).filter(pk=asked.pk).exists()
    inspect_place.confirm(people.actor(SECOND), asked.pk)
    document = Document.objects.get(subject_number=case.number, kind="inspection")
    assert ["核查人员", "郑审查、冯复审"] in document.content["facts"]
    assert ["现场照片", "1张（大门）"] in document.content["facts"]
    rows = Task.objects.filter(pk__in=[task.pk, asked.pk]).order_by("pk")
    assert [(row.state, row.done_by.name) for row in rows] == [("done", "郑审查"), ("done", "冯复审")]
    (event,) = audit.events_of(Reference("case", case.number)).filter(kind="inspected")
    assert event.data["officers"] == ["郑审查", "冯复审"]


def test_the_first_officer_cannot_confirm_for_the_second():
    case, task = arranged()
    record = full(task)
    with pytest.raises(NotAllowed, match="两个人分别确认"):
        inspect_place.confirm(people.actor(FIRST), second_task(record).pk)
    with pytest.raises(Invalid) as alone:
        inspect_place.save(
            people.actor(FIRST),
            task.pk,
            written(second=str(people.user(FIRST).pk)),
            [],
            revision=None,
        )
    assert set(alone.value.fields) == {"second"}
    assert not Document.objects.filter(subject_number=case.number, kind="inspection").exists()


def test_a_second_officer_who_saw_it_otherwise_sends_it_back():
    _, task = arranged()
    record = full(task)
    asked = second_task(record)
    inspect_place.dispute(people.actor(SECOND), asked.pk, "车辆数不对")
    record.refresh_from_db()
    task.refresh_from_db()
    assert (record.state, task.sent_words) == (InspectionState.DRAFT, "车辆数不对")
    assert not approvals.inbox(people.actor(SECOND)).filter(pk=asked.pk).exists()
    again = inspect_place.sign(people.actor(FIRST), task.pk)
    inspect_place.confirm(people.actor(SECOND), second_task(again).pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [("place", ""), ("inspected_at", ""), ("outcome", ""), ("attended_by", ""), ("second", "")],
)
def test_what_is_missing_keeps_it_from_being_signed(field, value):
    _, task = arranged()
    with pytest.raises(Invalid) as refused:
        full(task, **{field: value})
    assert set(refused.value.fields) == {field}


def test_nothing_is_signed_without_a_picture_answers_and_words_for_a_no():
    _, task = arranged()
    actor = people.actor(FIRST)
    inspect_place.save(actor, task.pk, written(outcome="deviates", finding=""), [], revision=None)
    with pytest.raises(Invalid) as refused:
        inspect_place.sign(actor, task.pk)
    assert set(refused.value.fields) == {"photo", "answers", "finding"}


def test_an_hour_to_come_is_no_time_of_an_inspection():
    _, task = arranged()
    with pytest.raises(Invalid) as refused:
        full(task, inspected_at="2099-01-01T10:00")
    assert set(refused.value.fields) == {"inspected_at"}


def test_what_the_camera_knew_is_stripped_and_the_picture_stands_upright():
    _, task = arranged()
    row = inspect_place.add_photo(people.actor(FIRST), task.pk, io.BytesIO(photo()), name="a.jpg")
    with files.open_file(row.file) as content:
        data = content.read()
    assert b"PHONE-OF-SOMEBODY" not in data
    assert b"GPS" not in data
    assert data.count(b"Exif") == 1
    assert data[data.index(b"MM\0*") + 10 :][:12] == struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    assert file_services.picture_in(data) == file_services.picture_in(photo())


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_the_words_in_a_png_are_stripped_too():
    told = PNG_HEAD + chunk(b"IHDR", struct.pack(">IIBBBBB", 600, 600, 8, 0, 0, 0, 0)) + chunk(b"IEND", b"")
    marked = told[:33] + chunk(b"tEXt", b"Location\0Shaoxing") + told[33:]
    clean = file_services.without_metadata(marked)
    assert clean == told


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"", b"\xff\xd8\xff\xe1\x00"])
def test_what_is_no_picture_is_refused(data):
    _, task = arranged()
    with pytest.raises(Invalid) as refused:
        inspect_place.add_photo(people.actor(FIRST), task.pk, io.BytesIO(data), name="a.jpg")
    assert set(refused.value.fields) == {"photo"}


def test_a_picture_too_small_to_see_anything_is_refused():
    _, task = arranged()
    with pytest.raises(Invalid) as refused:
        inspect_place.add_photo(people.actor(FIRST), task.pk, io.BytesIO(photo(200, 200)), name="a.jpg")
    assert "太小" in refused.value.fields["photo"]


def test_the_same_picture_twice_stays_one_and_a_picture_can_be_taken_off_until_signed():
    _, task = arranged()
    actor, data = people.actor(FIRST), photo()
    first = inspect_place.add_photo(actor, task.pk, io.BytesIO(data), name="a.jpg")
    assert inspect_place.add_photo(actor, task.pk, io.BytesIO(data), name="b.jpg").pk == first.pk
    inspect_place.remove_photo(actor, task.pk, first.file.number)
    record = Inspection.objects.get(task=task)
    assert approvals.photos_of(record) == []
    full(task)
    with pytest.raises(InspectionChanged):
        inspect_place.remove_photo(actor, task.pk, first.file.number)


def test_two_windows_do_not_overwrite_each_other():
    _, task = arranged()
    actor = people.actor(FIRST)
    first = inspect_place.save(actor, task.pk, written(), [], revision=0)
    with pytest.raises(InspectionChanged):
        inspect_place.save(actor, task.pk, written(place="别处"), [], revision=0)
    assert inspect_place.save(actor, task.pk, written(), [], revision=first.revision).place != "别处"


def test_the_review_waits_for_the_look_at_the_place():
    case, task = arranged()
    reviewing = Task.objects.get(reference_number=case.number, key="review")
    with pytest.raises(SignaturesMissing):
        review.finish_task(people.actor(FIRST), reviewing.pk, outcome=TaskOutcome.CONFORMS)
    record = full(task)
    inspect_place.confirm(people.actor(SECOND), second_task(record).pk)
    assert review.finish_task(people.actor(FIRST), reviewing.pk, outcome=TaskOutcome.CONFORMS)


def test_arranging_twice_gives_the_same_and_a_stranger_finds_nothing():
    case, task = arranged()
    reviewing = Task.objects.get(reference_number=case.number, key="review")
    assert inspect_place.arrange(people.actor(FIRST), reviewing.pk).pk == task.pk
    with pytest.raises(NotFound):
        inspect_place.find(people.actor(people.OTHER_COUNTY), task.pk)
    with pytest.raises(NotFound):
        inspect_place.save(people.actor(people.OTHER_COUNTY), task.pk, written(), [], revision=None)
