"""Items out and in again by an editor: as drafts, all of a file or nothing, and the same file twice changes nothing."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.flows.test_publish_item import AGENCY, COUNTY, KEY, an_editor
from yueban.audit.models import Event
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import Item, ItemVersion
from yueban.flows import exchange_items
from yueban.flows.publish_item import draft_item, submit_item
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return an_editor("author")


@pytest.fixture
def version():
    return catalogue.get_published(KEY, COUNTY)


def down(version, profile="GB", **changes):
    """The file as it comes down again, with fields of the basic row changed."""
    file = json.loads(json.dumps(exchange_items.export_json([version], profile=profile)))
    file["tables"] = {name.replace("up_", "dn_", 1): rows for name, rows in file["tables"].items()}
    file["tables"]["dn_task_general_basic"][0] |= changes
    return json.dumps(file).encode()


def excel(version, **cells):
    book = load_workbook(BytesIO(exchange_items.export_excel([version])))
    for title, value in cells.items():
        column = next(cell.column for cell in book["事项"][1] if cell.value == title)
        book["事项"].cell(2, column).value = value
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def bring(editor, content, agency=AGENCY):
    return exchange_items.import_excel(editor, content, name="items.xlsx", agency=agency)


def drafts():
    return list(ItemVersion.objects.filter(state=VersionState.DRAFT, item__key=KEY, agency__code=AGENCY))


@pytest.mark.parametrize("profile", ["GB", "GD"])
def test_the_same_item_coming_down_changes_nothing(editor, version, profile):
    done = exchange_items.import_json(editor, down(version, profile))
    assert (done.is_ok, done.saved, done.unchanged) == (True, [], 1)


def test_a_change_coming_down_is_a_draft_and_twice_the_same_draft(editor, version):
    content = down(version, promise_day=1, task_name="改过的名称")
    done = exchange_items.import_json(editor, content)
    assert [(row.name, row.state, row.author_id) for row in done.saved] == [
        ("改过的名称", VersionState.DRAFT, editor.user_id)
    ]
    again = exchange_items.import_json(editor, content)
    assert (again.saved, again.unchanged) == ([], 1)
    assert len(drafts()) == 1
    assert catalogue.get_published(KEY, COUNTY).name == version.name


def test_a_second_change_writes_the_same_draft_anew(editor, version):
    exchange_items.import_json(editor, down(version, promise_day=2))
    exchange_items.import_json(editor, down(version, promise_day=1))
    assert [catalogue.standard_of(row).promised.amount for row in drafts()] == [1]


def test_mistakes_come_back_as_abnormal_rows_and_nothing_is_kept(editor, version):
    other = catalogue.get_published("road-transport-certificate", COUNTY)
    file = json.loads(json.dumps(exchange_items.export_json([version, other], profile="GB", batch="B7")))
    file["tables"]["up_task_general_basic"][0]["task_name"] = "改过的名称"
    file["tables"]["up_task_general_basic"][1]["project_type"] = "7"
    done = exchange_items.import_json(editor, json.dumps(file).encode())
    (row,) = done.abnormal["dn_audit_abnormal"]
    assert row["table_row_guid"] == file["tables"]["up_task_general_basic"][1]["row_guid"]
    assert (row["err_type"], row["table_name"], row["table_cd_batch"]) == ("数据校验不通过", "事项", "B7")
    assert row["remark"].startswith("办件类型：")
    assert drafts() == []


def test_a_wrong_check_digit_and_a_level_that_disagrees_are_refused(editor, version):
    code = version.task_code
    wrong = "A" if code[17] != "A" else "B"
    for changes, said in (
        ({"task_code": f"{code[:17]}{wrong}{code[18:]}"}, "实施编码前 18 位有误"),
        ({"use_level": "3"}, "行使层级为 4"),
        ({"task_code": code[:-1]}, "应为 31 位"),
    ):
        done = exchange_items.import_json(editor, down(version, **changes))
        assert any(said in fault.message for fault in done.faults), (changes, done.faults)
    assert drafts() == []


def test_a_filled_in_workbook_becomes_a_draft_and_twice_the_same_draft(editor, version):
    content = excel(version, 事项简介="新的简介。")
    done = bring(editor, content)
    assert [row.summary for row in done.saved] == ["新的简介。"]
    again = bring(editor, content)
    assert (again.saved, again.unchanged, len(drafts())) == ([], 1, 1)


def test_a_workbook_with_one_mistake_keeps_nothing_and_comes_back_marked(editor, version):
    done = bring(editor, excel(version, 事项简介="新的简介。", 承诺办结时限="三天"))
    assert (done.saved, drafts()) == ([], [])
    assert [(fault.table, fault.column) for fault in done.faults] == [("事项", "承诺办结时限")]
    copy = load_workbook(BytesIO(done.returned))
    assert copy["错误"]["B2"].value == done.places[0]
    assert copy["事项"][done.places[0]].comment is not None


def test_the_marked_copy_mended_is_taken(editor, version):
    done = bring(editor, excel(version, 承诺办结时限="三天"))
    book = load_workbook(BytesIO(done.returned))
    book["事项"][done.places[0]].value = 1
    content = BytesIO()
    book.save(content)
    assert [
        catalogue.standard_of(row).promised.amount for row in bring(editor, content.getvalue()).saved
    ] == [1]


def test_only_an_editor_of_the_agency_brings_items_in(version):
    clerk = an_editor("clerk", role=roles.CLERK)
    with pytest.raises(NotAllowed):
        bring(clerk, excel(version))
    other = an_editor("other", agency="keqiao-transport")
    done = exchange_items.import_json(other, down(version, promise_day=1))
    assert "不是" in done.faults[0].message
    assert drafts() == []


def test_a_colleague_s_draft_and_one_that_is_being_checked_are_not_overwritten(editor, version):
    standard = catalogue.standard_of(version).model_copy(update={"summary": "编辑一的说法。"})
    draft = draft_item(
        standard=standard, agency=AGENCY, effective_on=version.effective_on, actor=an_editor("first")
    )
    done = bring(editor, excel(version, 事项简介="另一个说法。"))
    assert "同事正在编制" in done.faults[0].message
    submit_item(an_editor_again("first"), draft.pk)
    done = bring(editor, excel(version, 事项简介="另一个说法。"))
    assert "正在复核" in done.faults[0].message
    draft.refresh_from_db()
    assert draft.summary == "编辑一的说法。"


def an_editor_again(username):
    from dataclasses import replace

    from yueban.accounts.models import User

    user = User.objects.get(username=username)
    return replace(an_editor(f"{username}-twin"), user_id=user.pk)


def test_taking_a_workbook_away_is_recorded(editor, version):
    assert exchange_items.take_excel(editor, [version])
    assert Event.objects.filter(kind="export", data__what="事项", data__rows=1).exists()


def test_the_item_of_another_agency_is_neither_taken_over_nor_renamed(editor, version):
    others = ItemVersion.objects.exclude(agency__code=AGENCY).filter(item__directory=None, state="published")
    theirs = others.exclude(item__versions__agency__code=AGENCY).order_by("pk").first()
    assert theirs is not None
    before = Item.objects.values_list("name", "catalog_code").get(pk=theirs.item_id)
    standard = catalogue.standard_of(version).model_copy(update={"key": theirs.item.key})
    with pytest.raises(Invalid) as refused:
        draft_item(standard=standard, agency=AGENCY, effective_on=clock.today(), actor=editor)
    assert "别的部门" in refused.value.fields["key"]
    assert Item.objects.values_list("name", "catalog_code").get(pk=theirs.item_id) == before
    shared = catalogue.standard_of(version).model_copy(update={"name": "别的名称"})
    assert version.item.versions.exclude(agency__code=AGENCY).exists()
    draft_item(standard=shared, agency=AGENCY, effective_on=clock.today(), actor=editor)
    assert Item.objects.get(pk=version.item_id).name == version.item.name
