"""A machine looks at uploads: it advises, holds nothing up, and keeps nothing of what it read."""

import io
import json
import logging
from datetime import timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import people
from tests.prechecks import specimens
from yueban.cases.models import Application
from yueban.cases.selectors import names_about
from yueban.flows import apply, precheck
from yueban.kernel import clock
from yueban.prechecks import kinds, reader, services
from yueban.prechecks.choices import PrecheckState
from yueban.prechecks.models import WATCHED, Precheck

pytestmark = pytest.mark.django_db
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(32) + b"\xff\xd9"
NAME = "王建国"


def begun() -> Application:
    owner = people.actor(people.OWNER)
    application = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    apply.save_draft(owner, application.number, people.FORM, None)
    return application


def put_up(
    application: Application, content: bytes = JPG, name: str = "照片.jpg", material: str = "vehicle-licence"
) -> str:
    owner = people.actor(people.OWNER)
    row = apply.attach_file(owner, application.number, material, io.BytesIO(content), name)
    return row.file.number


def read_as(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    """What the engine would read, without the engine."""
    monkeypatch.setattr(reader, "is_installed", lambda: True)
    monkeypatch.setattr(services, "_read", lambda _: [[line] for line in lines])


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=precheck.JOB))


def test_an_upload_is_looked_at_later_and_by_its_number_alone():
    number = put_up(begun())
    [job] = jobs()
    assert job.args == {"file_number": number}
    assert (job.lock, job.priority) == (precheck.ONE_BY_ONE, -10)
    assert Precheck.objects.get().state == PrecheckState.WAITING


def test_an_upload_that_is_undone_leaves_nothing_to_look_at():
    application = begun()
    with pytest.raises(RuntimeError), transaction.atomic():
        put_up(application)
        raise RuntimeError
    assert jobs() == []
    assert not Precheck.objects.exists()


def test_what_no_machine_reads_is_not_asked_for():
    from tests.files.samples import office

    put_up(begun(), office("docx"), "制度.docx")
    assert jobs() == []


def test_the_wanted_document_with_a_known_name_is_fine(monkeypatch):
    read_as(monkeypatch, specimens.vehicle_licence(until="2099年05月"))
    precheck.answer(put_up(begun()))
    found = Precheck.objects.get()
    assert (found.state, found.seen, found.findings) == (PrecheckState.FINE, "vehicle-licence", [])


def test_another_document_is_doubted_and_the_draft_goes_on_as_before(monkeypatch):
    application = begun()
    number = put_up(application)
    before = apply.check(people.actor(people.OWNER), application.number).missing_count
    read_as(monkeypatch, specimens.business_licence())
    precheck.answer(number)
    assert Precheck.objects.get().findings == [{"doubt": "other-document", "said": "", "on": ""}]
    assert apply.check(people.actor(people.OWNER), application.number).missing_count == before


def test_of_what_was_read_nothing_is_kept_and_nothing_logged(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    lines = [
        *specimens.vehicle_licence(owner="虚构贸易有限公司", until="2025年05月"),
        NAME,
        specimens.ID_NUMBER,
    ]
    read_as(monkeypatch, lines)
    precheck.answer(put_up(begun()))
    kept = json.dumps(list(Precheck.objects.values()), default=str, ensure_ascii=False) + caplog.text
    assert [one["doubt"] for one in Precheck.objects.get().findings] == ["other-name", "expired"]
    assert all(word not in kept for word in ("虚构贸易有限公司", NAME, specimens.ID_NUMBER, "浙D00001"))


def test_names_are_those_of_the_applicant_and_of_the_form():
    number = put_up(begun())
    assert {"示例运输有限公司", "陈示例", "孙驾驶"} <= set(names_about(number))
    assert names_about("0" * 32) == []


def test_a_second_run_changes_nothing(monkeypatch):
    number = put_up(begun())
    read_as(monkeypatch, specimens.business_licence())
    precheck.answer(number)
    done_at = Precheck.objects.get().done_at
    read_as(monkeypatch, specimens.vehicle_licence())
    precheck.answer(number)
    assert (Precheck.objects.get().state, Precheck.objects.get().done_at) == (PrecheckState.DOUBTS, done_at)


def test_without_the_engine_the_file_is_left_to_people(monkeypatch):
    monkeypatch.setattr(reader, "is_installed", lambda: False)
    monkeypatch.setattr(services, "_read", lambda _: pytest.fail("read without an engine"))
    precheck.answer(put_up(begun()))
    assert Precheck.objects.get().state == PrecheckState.ABSENT


@pytest.mark.skipif(not reader.is_installed(), reason="the group `ocr` is not installed")
@pytest.mark.parametrize(("content", "name"), [(JPG, "坏图.jpg"), (people.PDF, "没有页.pdf")])
def test_an_ill_file_ends_only_the_process_that_looks_at_it(content, name):
    precheck.answer(put_up(begun(), content, name))
    assert Precheck.objects.get().state == PrecheckState.FAILED


@pytest.mark.skipif(not reader.is_installed(), reason="the group `ocr` is not installed")
def test_a_page_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(services, "MOST_SECONDS", 0.01)
    precheck.answer(put_up(begun()))
    assert Precheck.objects.get().state == PrecheckState.FAILED


@pytest.mark.skipif(not reader.is_installed(), reason="the group `ocr` is not installed")
def test_a_printed_licence_is_read_from_the_upload_to_the_doubt():
    content = specimens.printed(specimens.business_licence())
    precheck.answer(put_up(begun(), content, "扫描件.pdf"))
    assert Precheck.objects.get().seen == "business-licence"


def test_an_open_page_stops_asking_after_a_while():
    put_up(begun())
    found = Precheck.objects.get()
    assert found.is_watched
    found.asked_at = clock.now() - WATCHED - timedelta(seconds=1)
    assert not found.is_watched


def test_the_citys_documents_name_materials_that_exist(tmp_path):
    path = tmp_path / kinds.FILE
    path.write_text(
        "documents:\n"
        "  - {key: a-b, name: 甲证, titles: [甲证], materials: [nowhere]}\n"
        "  - {key: a-b, name: 乙证, titles: [乙证]}\n"
    )
    assert kinds.check_file(path, canonicals={"resident-id-card"}) == [
        "documents.yaml：“a-b”写了两次。",
        "documents.yaml：材料字典里没有“nowhere”。",
    ]
    path.write_text("documents: [{key: 甲}]")
    assert "读不懂" in kinds.check_file(path, canonicals=())[0]
    assert kinds.check_file(tmp_path / "none.yaml", canonicals=()) == []
