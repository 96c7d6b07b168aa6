"""The supervisor's figures agree with the lists behind them; an export holds what may be seen, masked, and is kept."""

import csv
import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import people, village
from tests.channels.visitors import content_of, visitor
from yueban.audit.models import Event
from yueban.cases.models import Case
from yueban.flows import stream_cases
from yueban.kernel import clock

pytestmark = pytest.mark.django_db


def rows_of(response) -> list[list[object]]:
    sheet = load_workbook(BytesIO(content_of(response))).active
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]  # the first says whose it is


def figures(page: str) -> dict[str, int]:
    """Light → count, as the page shows them."""
    return {light: int(count) for light, count in re.findall(r'\?light=([a-z-]+)"><b>(\d+)</b>', page)}


def later(days: int) -> None:
    now = clock.now() + timedelta(days=days)
    clock.set_source(lambda: now)


def test_every_figure_is_the_length_of_its_list():
    people.accepted()
    later(40)
    people.accepted()
    people.submitted()
    client = visitor(people.SUPERVISOR)
    page = content_of(client.get("/desk/live/")).decode()
    shown = figures(page)
    assert shown["deep-red"] + shown["red"] >= 1
    assert sum(shown.values()) == len(rows_of(client.get("/desk/cases/export.xlsx"))) - 1
    for light, count in shown.items():
        assert len(rows_of(client.get(f"/desk/cases/export.xlsx?light={light}"))) - 1 == count, light
    late = len(rows_of(client.get("/desk/cases/export.xlsx?overdue=1"))) - 1
    assert late == shown["red"] + shown["deep-red"], "one meaning of overdue"


def test_the_figures_refresh_as_a_part_of_the_page():
    client = visitor(people.SUPERVISOR)
    part = content_of(client.get("/desk/live/", headers={"HX-Request": "true"})).decode()
    assert part.strip().startswith('<div id="live"')
    assert "every 30s" in part


def test_more_cases_ask_no_more_questions(django_assert_max_num_queries):
    client = visitor(people.SUPERVISOR)
    for _ in range(4):
        people.received()
    client.get("/desk/live/")
    with django_assert_max_num_queries(14):
        client.get("/desk/live/")


def test_an_export_is_masked_narrowed_and_recorded():
    village.settle()
    case = village.handed_in()
    people.accepted()
    rows = rows_of(visitor(village.CLERK).get("/desk/cases/export.xlsx"))
    assert [row[0] for row in rows[1:] if row[0] == case.number] == [case.number]
    assert {row[2] for row in rows[1:] if row[0] == case.number} == {"林*意"}
    assert not any("示例运输" in str(row) for row in rows), "another hall's cases stay away"
    event = Event.objects.filter(kind="export").latest("at")
    assert (event.actor["name"], event.data["rows"]) == ("吕镇窗", len(rows) - 1)


def test_a_csv_holds_the_rows_of_the_sheet_in_parts_and_is_recorded_twice(monkeypatch):
    village.settle()
    village.handed_in()
    case = Case.objects.get(pk=people.accepted().pk)
    for number in range(9):  # handed in at one moment: where a part ends, none is left out or told twice
        case.pk, case.number = None, f"{case.number[:21]}{number:02}"
        case._state.adding = True
        case.save()
    monkeypatch.setattr(stream_cases, "FIRST", 2)
    monkeypatch.setattr(stream_cases, "PART", 3)
    client = visitor(people.SUPERVISOR)
    sheet = [[str(cell or "") for cell in row] for row in rows_of(client.get("/desk/cases/export.xlsx"))]
    parts = list(client.get("/desk/cases/export.csv").streaming_content)
    assert parts[0].startswith("\ufeff编号,".encode())
    assert len(parts) > 3
    text = b"".join(parts).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines())) == sheet
    events = Event.objects.filter(kind__in=["export_begun", "export"], data__what="办件 CSV").order_by("pk")
    assert [event.data["rows"] for event in events] == [0, len(sheet) - 1]


def test_an_empty_list_is_a_csv_with_its_head_alone():
    village.settle()
    parts = list(visitor(people.CLERK).get("/desk/cases/export.csv?text=查无此人").streaming_content)
    assert len(b"".join(parts).decode().splitlines()) == 1


def test_an_applicants_name_is_no_formula_for_the_spreadsheet():
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(item_name="=1+1")
    rows = rows_of(visitor(people.CLERK).get("/desk/cases/export.xlsx"))
    assert [row[1] for row in rows[1:] if row[0] == case.number] == ["'=1+1"]
