"""Long lists become files by the worker: whole or not at all, for their asker alone, for some days."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import people
from tests.channels.visitors import content_of, visitor
from tests.walls.test_row_level_security import as_seen_by, rows_of
from yueban.agencies.models import Post
from yueban.audit.models import Event
from yueban.cases.choices import CaseState, ExportState
from yueban.cases.models import Case, CaseExport
from yueban.files.blobs import blob_path
from yueban.files.models import StoredFile
from yueban.flows import export_cases, long_exports
from yueban.jobs import selectors as jobs
from yueban.kernel import clock

pytestmark = pytest.mark.django_db
ASK = "/desk/exports/"


@pytest.fixture(autouse=True)
def everything_is_long(settings):
    settings.YUEBAN_EXPORT_AT_ONCE = 1


@pytest.fixture
def case() -> Case:
    people.accepted()
    return people.accepted()


def asked(client, **filters: str) -> CaseExport:
    answer = client.post(ASK, filters)
    assert answer.status_code == 302
    return CaseExport.objects.get(number=answer.url.split("/")[-2])


def rows(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_a_long_list_is_asked_for_written_by_the_worker_and_taken(case):
    client = visitor(people.CLERK)
    answer = client.get("/desk/cases/export.xlsx?kind=accepted")
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert f"状态：{CaseState.ACCEPTED.label}" in page
    assert "共 2 件" in page
    export = asked(client, kind="accepted")
    page = client.get(f"{ASK}{export.number}/").content.decode()
    assert "正在生成" in page
    assert 'hx-trigger="every 3s"' in page
    assert client.get(f"{ASK}{export.number}/file").status_code == 409
    long_exports.make(export.number)
    page = client.get(f"{ASK}{export.number}/").content.decode()
    assert "文件已生成" in page
    assert "hx-trigger" not in page.split('id="export"')[1]
    assert f"状态：{CaseState.ACCEPTED.label}" in client.get(ASK).content.decode(), (
        "the list says which is which"
    )
    head, columns, *found = rows(content_of(client.get(f"{ASK}{export.number}/file")))
    assert head[0].startswith(people.actor(people.CLERK).name)
    assert f"范围：状态：{CaseState.ACCEPTED.label}" in head[0]
    assert columns == export_cases.COLUMNS
    assert {row[0] for row in found} == set(Case.objects.values_list("number", flat=True))
    kinds = Event.objects.filter(data__number=export.number).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["export_asked", "export", "export_taken"]


def test_a_short_list_still_comes_at_once(case, settings):
    settings.YUEBAN_EXPORT_AT_ONCE = 2
    assert len(rows(content_of(visitor(people.CLERK).get("/desk/cases/export.xlsx")))) == 4


def test_two_clicks_make_one_export_and_one_job(case):
    client = visitor(people.CLERK)
    before = jobs.counts().get("todo", 0)
    assert asked(client) == asked(client)
    assert jobs.counts()["todo"] == before + 1
    assert asked(client, kind="accepted").pk != asked(client).pk


def test_nobody_else_sees_takes_or_deletes_it(case):
    export = asked(visitor(people.CLERK))
    long_exports.make(export.number)
    for other in (people.SUPERVISOR, people.OTHER_CLERK):
        client = visitor(other)
        assert export.number not in client.get(ASK).content.decode()
        for answer in (
            client.get(f"{ASK}{export.number}/"),
            client.get(f"{ASK}{export.number}/file"),
            client.post(f"{ASK}{export.number}/delete"),
        ):
            assert answer.status_code == 404
    with as_seen_by(people.actor(people.SUPERVISOR)):
        assert rows_of("cases_caseexport") == set()
    with as_seen_by(people.actor(people.CLERK)):
        assert rows_of("cases_caseexport") == {export.pk}


def test_it_holds_what_may_be_seen_when_it_is_written(case):
    export = asked(visitor(people.CLERK))
    Case.objects.filter(pk=case.pk).update(intake_agency=case.agency, intake_division="330681000000")
    long_exports.make(export.number)
    content = content_of(visitor(people.CLERK).get(f"{ASK}{export.number}/file"))
    assert case.number not in {row[0] for row in rows(content)}


def test_who_holds_no_post_any_more_gets_no_file(case):
    export = asked(visitor(people.CLERK))
    Post.objects.filter(user__username=people.CLERK).delete()
    long_exports.make(export.number)
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.FAILED, None)


def test_a_try_that_was_killed_leaves_nothing_and_the_next_begins_anew(case, monkeypatch):
    client = visitor(people.CLERK)
    export = asked(client)
    monkeypatch.setattr(export_cases, "CHUNK", 1)

    class Killed(BaseException):
        pass

    written = []

    def die(*_arguments, **_named):
        written.append(CaseExport.objects.get(pk=export.pk).written)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(long_exports.cases, "finish_export", die)
        long_exports.make(export.number)
    assert written == [2], "how far it was could be seen"
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.RUNNING, None)
    assert client.get(f"{ASK}{export.number}/file").status_code == 409
    long_exports.make(export.number)
    export.refresh_from_db()
    assert (export.state, export.written, export.attempt) == (ExportState.DONE, 2, 2)
    long_exports.make(export.number)  # the job of the first try, run again
    assert StoredFile.objects.filter(name__startswith="办件-").count() == 1


def test_an_error_is_told_and_tried_again(case, monkeypatch):
    client = visitor(people.CLERK)
    export = asked(client)

    def fail(*_arguments, **_named):
        raise OSError("disk full")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="disk full"):
        patched.setattr(export_cases, "build", fail)
        long_exports.make(export.number)
    page = client.get(f"{ASK}{export.number}/").content.decode()
    assert "没有生成成功" in page
    assert "重新生成" in page
    long_exports.make(export.number)
    assert content_of(client.get(f"{ASK}{export.number}/file"))


def test_a_try_that_another_has_taken_over_changes_nothing(case):
    export = asked(visitor(people.CLERK))
    slow = long_exports.cases.begin_export(export.number)
    long_exports.make(export.number)
    given = {"content": b"", "name": "x.xlsx", "count": 0, "actor": people.actor(people.CLERK)}
    assert not long_exports.cases.finish_export(slow, **given)
    assert not long_exports.cases.note_written(slow, 1, 2)


def test_deleted_while_it_is_written_it_comes_to_nothing(case, monkeypatch):
    client = visitor(people.CLERK)
    export = asked(client)
    monkeypatch.setattr(export_cases, "CHUNK", 1)
    begun = export_cases.build

    def build(*arguments, **named):
        client.post(f"{ASK}{export.number}/delete")
        return begun(*arguments, **named)

    monkeypatch.setattr(export_cases, "build", build)
    long_exports.make(export.number)
    assert not CaseExport.objects.exists()
    assert not StoredFile.objects.filter(name__startswith="办件-").exists()


def test_deleted_or_old_its_bytes_are_gone(case, django_capture_on_commit_callbacks):
    client = visitor(people.CLERK)
    first, second = asked(client), asked(client, kind="accepted")
    long_exports.make(first.number)
    long_exports.make(second.number)
    paths = [blob_path(row.sha256) for row in StoredFile.objects.filter(name__startswith="办件-")]
    assert all(path.exists() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{ASK}{first.number}/delete").status_code == 302
    assert first.number not in client.get(ASK).content.decode()
    later = clock.now() + timedelta(days=8)
    clock.set_source(lambda: later)
    assert client.get(f"{ASK}{second.number}/file").status_code in (302, 404)
    with django_capture_on_commit_callbacks(execute=True):
        assert long_exports.forget_old() == 1
    assert not any(path.exists() for path in paths)
    assert not CaseExport.objects.exists()


def test_who_sees_no_case_has_nothing_to_export():
    assert visitor(people.OTHER_COUNTY).post(ASK).status_code == 409
