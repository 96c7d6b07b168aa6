"""The page on which an editor takes items away as files and brings them in again."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests.channels.visitors import content_of, visitor
from tests.flows.test_publish_item import AGENCY, KEY
from yueban.accounts.models import User
from yueban.agencies.models import Agency, Post
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import ItemVersion
from yueban.kernel import roles

pytestmark = pytest.mark.django_db
PAGE = "/desk/items/exchange/"


def an_editor(username, agency=AGENCY):
    user = User.objects.create_user(username=username, name=username)
    office = Agency.objects.get(code=agency)
    Post.objects.create(user=user, role=roles.EDITOR, agency=office, division=office.division)
    return visitor(username)


@pytest.fixture
def editor():
    return an_editor("editor-one")


def workbook(editor, **cells):
    book = load_workbook(BytesIO(content_of(editor.get(f"{PAGE}items.xlsx?agency={AGENCY}&item={KEY}"))))
    for title, value in cells.items():
        column = next(cell.column for cell in book["事项"][1] if cell.value == title)
        book["事项"].cell(2, column).value = value
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def send(editor, content, name="items.xlsx", **more):
    return editor.post(PAGE, {"agency": AGENCY, "file": SimpleUploadedFile(name, content), **more})


def drafts():
    return ItemVersion.objects.filter(state=VersionState.DRAFT, item__key=KEY, agency__code=AGENCY)


def test_an_editor_finds_his_agency_s_items_and_the_template(editor):
    page = editor.get(PAGE).content.decode()
    assert "道路普通货物运输经营许可" in page
    assert reverse("desk:item-template") in page
    template = load_workbook(BytesIO(content_of(editor.get(f"{PAGE}template.xlsx"))))
    assert "申请材料" in template.sheetnames


def test_a_filled_in_workbook_is_taken_as_a_draft(editor):
    answer = send(editor, workbook(editor, 事项简介="新的简介。"))
    assert answer.status_code == 200
    assert "存为草稿 1 个" in answer.content.decode()
    assert [row.summary for row in drafts()] == ["新的简介。"]


def test_mistakes_are_listed_by_cell_and_the_marked_copy_is_fetched_by_its_sender_only(editor):
    answer = send(editor, workbook(editor, 承诺办结时限="三天", 事项名称=None))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 处问题，一项也没有导入" in page
    assert "“三天”不是整数。" in page
    assert not drafts().exists()
    address = reverse("desk:item-returned", args=[answer.context["returned"]])
    copy = load_workbook(BytesIO(content_of(editor.get(address))))
    assert copy.sheetnames[0] == "错误"
    assert an_editor("editor-two").get(address).status_code == 404


@pytest.mark.parametrize("profile", ["GB", "GD"])
def test_a_national_file_goes_out_and_comes_in_on_the_same_page(editor, profile):
    content = content_of(editor.get(f"{PAGE}items.json?agency={AGENCY}&profile={profile}"))
    assert json.loads(content)["profile"] == profile
    answer = send(editor, content, "up_task.json", profile=profile)
    assert "存为草稿 0 个，没有变化" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.xlsm", b"PK", "宏"), ("a.xlsx", b"not a workbook", "不是 .xlsx"), ("a.json", b"{", "不是 JSON")],
)
def test_what_is_no_file_of_items_is_refused_in_words(editor, name, content, said):
    answer = send(editor, content, name)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_nothing_chosen_is_said(editor):
    answer = editor.post(PAGE, {"agency": AGENCY})
    assert (answer.status_code, "还没有选择文件" in answer.content.decode()) == (422, True)


def test_another_agency_s_items_cannot_be_had(editor):
    page = editor.get(f"{PAGE}?agency=keqiao-transport").content.decode()
    assert "keqiao-transport" not in page
    book = load_workbook(BytesIO(content_of(editor.get(f"{PAGE}items.xlsx?agency=keqiao-transport"))))
    assert book["事项"].max_row > 1


def test_the_page_asks_the_same_questions_however_many_items(editor, django_assert_max_num_queries):
    editor.get(PAGE)
    with django_assert_max_num_queries(14):
        editor.get(PAGE)
