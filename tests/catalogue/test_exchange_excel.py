"""Items as Excel workbooks: filled out and read back the same, and every way in which a workbook can be broken."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.catalogue.exchanged import dictionary, one_each
from yueban.catalogue.exchange import (
    BookRefused,
    ExcelDialect,
    finish,
    mark_faults,
    put,
    read_book,
    write_book,
)
from yueban.catalogue.exchange.workbook import SHEETS

FREIGHT = "road-freight-permit"


def dialect():
    return ExcelDialect(dictionary())


def item(key=FREIGHT):
    return next(one for one in one_each() if one.standard.key == key)


def book_of(*ones):
    return write_book([one.standard for one in ones], dialect())


def opened(content):
    return load_workbook(BytesIO(content))


def saved(book):
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def changed(change, *ones):
    """A workbook of the items with something changed in it."""
    book = opened(book_of(*(ones or (item(),))))
    change(book)
    return saved(book)


def read(content, name="items.xlsx"):
    """Standards by key, and every fault of the workbook."""
    book = read_book(content, name)
    faults, found = list(book.faults), {}
    for key, laid in book.items.items():
        standard, wrong = finish(put(laid, dialect()), item().agency, dictionary())
        faults += wrong
        found[key] = standard
    return found, faults


def column(sheet, title):
    return next(cell.column for cell in sheet[1] if cell.value == title)


def cell(book, sheet, title, row=2):
    return book[sheet].cell(row, column(book[sheet], title))


def put_in(sheet, title, value, row=2):
    def change(book):
        cell(book, sheet, title, row).value = value

    return change


def messages(faults):
    return [(fault.table, fault.row, fault.column, fault.message) for fault in faults]


def test_every_item_of_the_city_fills_a_workbook_and_is_read_back_without_loss():
    ones = one_each()
    found, faults = read(book_of(*ones))
    assert faults == []
    assert found == {one.standard.key: one.standard for one in ones}


def test_the_template_has_a_sheet_a_table_with_the_national_headings_drop_downs_and_notes():
    book = opened(write_book([], dialect()))
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == [
        "填写说明",
        *SHEETS,
    ]
    item_sheet = book["事项"]
    titles = [head.value for head in item_sheet[1]]
    assert {"事项名称", "基本编码", "行使层级", "法定办结时限", "承诺办结时限", "受理条件"} <= set(titles)
    assert item_sheet.cell(1, column(item_sheet, "基本编码")).comment.text == "12 位"
    kinds = [
        choice
        for choice in item_sheet.data_validations.dataValidation
        if "事项类型" in _title_of(item_sheet, choice)
    ]
    words = _range(book, kinds[0].formula1)
    assert "01 行政许可" in words
    assert "20 公共服务事项" in words


def _title_of(sheet, choice):
    return sheet.cell(1, next(iter(choice.sqref.ranges)).min_col).value


def _range(book, formula):
    area = formula.split("!")[1].replace("$", "")
    return [row[0].value for row in book["代码表"][area]]


def test_an_empty_template_is_refused_in_words():
    with pytest.raises(BookRefused, match="没有填写任何事项"):
        read_book(write_book([], dialect()), "template.xlsx")


def test_a_changed_cell_changes_that_element_and_nothing_else():
    found, faults = read(changed(put_in("事项", "承诺办结时限", 1)))
    assert faults == []
    promised = item().standard.promised.model_copy(update={"amount": 1})
    assert found[FREIGHT] == item().standard.model_copy(update={"promised": promised})


def test_codes_may_be_given_as_code_as_name_or_as_both():
    for written in ("01", "行政许可", "01 行政许可"):
        found, faults = read(changed(put_in("事项", "事项类型", written)))
        assert (faults, found[FREIGHT].type) == ([], "01")


def test_a_row_taken_out_takes_out_that_material_only():
    def change(book):
        book["申请材料"].delete_rows(2)

    found, faults = read(changed(change))
    assert faults == []
    assert found[FREIGHT].materials == item().standard.materials[1:]


def test_another_order_of_sheets_and_columns_makes_no_difference():
    def change(book):
        book._sheets.reverse()
        book["常见问题"].move_range("B1:B20", cols=5)

    found, faults = read(changed(change))
    assert faults == []
    assert found[FREIGHT] == item().standard


def test_without_the_hidden_sheet_what_the_sheets_say_still_is_read():
    def change(book):
        del book["扩展信息"]

    found, faults = read(changed(change))
    # The conditions stand in the sheets as words only: without the hidden sheet nobody can tell what they were.
    assert {"适用条件", "栏目适用条件"} <= {fault.column for fault in faults}
    assert set(found) == {FREIGHT}


def test_a_condition_is_not_rewritten_in_words():
    row = next(number for number, one in enumerate(item().standard.materials, 2) if one.when)
    _, faults = read(changed(put_in("申请材料", "适用条件", "随便什么时候", row)))
    assert messages(faults)[0][:3] == ("申请材料", row, "适用条件")


def test_a_thousand_broken_cells_are_a_thousand_faults_each_marked_in_the_copy():
    def change(book):
        sheet = book["设定依据"]
        where = column(sheet, "实施日期")
        for row in range(2, 1002):
            sheet.cell(row, 1).value = FREIGHT
            sheet.cell(row, column(sheet, "法律法规名称")).value = "某法"
            sheet.cell(row, where).value = "去年"

    content = changed(change)
    book = read_book(content, "a.xlsx")
    _, faults = finish(put(book.items[FREIGHT], dialect()), item().agency, dictionary())
    wrong = [fault for fault in faults if fault.column == "实施日期"]
    assert len(wrong) == 1000
    copy = opened(mark_faults(book, faults))
    assert copy.sheetnames[0] == "错误"
    assert copy["错误"].max_row == 1 + len(faults)
    marked = copy["设定依据"].cell(1001, column(copy["设定依据"], "实施日期"))
    assert marked.comment.text.startswith("“去年”不是日期。")
    assert marked.fill.fgColor.rgb.endswith("F4B6AE")
    listed = [row for row in copy["错误"].iter_rows(min_row=2, values_only=True) if row[2] == "实施日期"]
    assert listed[0][:3] == ("设定依据", marked.column_letter + "2", "实施日期")


def test_merged_cells_are_named():
    def change(book):
        book["申请材料"].merge_cells("C2:C4")

    _, faults = read(changed(change))
    assert ("申请材料", 2, "材料字典", "C2:C4 是合并的单元格。") in messages(faults)
    assert mark_faults(read_book(changed(change), "a.xlsx"), faults)


def test_a_formula_is_named_and_not_computed():
    _, faults = read(changed(put_in("事项", "承诺办结时限", "=1+1")))
    assert ("事项", 2, "承诺办结时限", "这里是公式。") in messages(faults)


def test_text_that_begins_like_a_formula_goes_out_as_text():
    one = item()
    standard = one.standard.model_copy(update={"summary": "=HYPERLINK(1)"})
    content = write_book([standard], dialect())
    assert cell(opened(content), "事项", "事项简介").data_type == "s"
    found, faults = read(content)
    assert (faults, found[FREIGHT].summary) == ([], "=HYPERLINK(1)")


def test_an_error_value_is_named():
    def change(book):
        where = cell(book, "事项", "事项简介")
        where.value, where.data_type = "#REF!", "e"

    _, faults = read(changed(change))
    assert ("事项", 2, "事项简介", "这里是错误值。") in messages(faults)


def test_a_renamed_heading_is_named_and_what_is_missing_too():
    def change(book):
        cell(book, "事项", "事项名称", 1).value = "名字"

    _, faults = read(changed(change))
    assert ("事项", 1, "名字", "不认识这个列标题。") in messages(faults)
    assert ("事项", 1, "事项名称", "缺少“事项名称”这一列。") in messages(faults)


def test_a_strange_sheet_and_a_row_of_no_item_are_named():
    def change(book):
        book.create_sheet("随手记").append(["abc"])
        cell(book, "常见问题", "事项标识").value = "no-such-item"

    _, faults = read(changed(change))
    assert ("随手记", 0, "", "不认识这张工作表。") in messages(faults)
    assert ("常见问题", 2, "事项标识", "“事项”表里没有“no-such-item”。") in messages(faults)


@pytest.mark.parametrize(
    ("sheet", "title", "value", "said"),
    [
        ("事项", "事项类型", "许可证", "不在代码表里"),
        ("事项", "事项名称", None, "必填项没有填"),
        ("事项", "事项名称", "长" * 501, "文字太长"),
        ("事项", "基本编码", "12", "基本编码应为 12 位"),
        ("事项", "承诺办结时限", "三天", "不是整数"),
        ("事项", "是否收费", "也许", "不是“是”或“否”"),
        ("申请材料", "免提交方式", "心灵感应", "看不懂"),
        ("申请材料", "材料字典", "no-such-material", "材料字典"),
        ("情形", "下一个问题", "no-such-question", "no-such-question"),
        ("办理环节", "环节类别", "喝茶", "不能填在这里"),
    ],
)
def test_a_wrong_cell_is_named_with_sheet_row_and_heading(sheet, title, value, said):
    _, faults = read(changed(put_in(sheet, title, value)))
    found = [fault for fault in faults if (fault.table, fault.row) == (sheet, 2)]
    assert any(
        said in fault.message and title in (fault.column, "到达结果", "下一个问题") for fault in found
    ), faults


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "空的"),
        (b"abc", "a.xlsx", "不是 .xlsx"),
        (b"abc", "a.xls", "不是 .xlsx"),
        (b"x" * (20 * 1024 * 1024 + 1), "a.xlsx", "20 MB"),
        (b"PK", "a.xlsm", "宏"),
    ],
    ids=["empty", "no zip", "old format", "too large", "macros by name"],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(content, name, said):
    with pytest.raises(BookRefused, match=said):
        read_book(content, name)


def packed(parts):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, text in parts.items():
            packing.writestr(name, text)
    return content.getvalue()


def repacked(content, **parts):
    with zipfile.ZipFile(BytesIO(content)) as packing:
        old = {name: packing.read(name) for name in packing.namelist()}
    return packed(old | parts)


def test_a_workbook_with_macros_inside_is_refused_whatever_it_is_called():
    with pytest.raises(BookRefused, match="宏"):
        read_book(repacked(book_of(item()), **{"xl/vbaProject.bin": b"x"}), "a.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(BookRefused, match="太大"):
        read_book(packed({"xl/workbook.xml": b"0" * (81 * 1024 * 1024)}), "a.xlsx")


def test_a_document_type_by_which_a_few_lines_grow_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    with pytest.raises(BookRefused, match="不合规则"):
        read_book(repacked(book_of(item()), **{"xl/worksheets/sheet1.xml": bomb}), "a.xlsx")


def test_a_workbook_cut_in_the_middle_is_refused():
    with pytest.raises(BookRefused):
        read_book(repacked(book_of(item()), **{"xl/workbook.xml": b"<workbook"}), "a.xlsx")


def test_a_workbook_of_something_else_is_refused():
    with pytest.raises(BookRefused, match="没有“事项”工作表"):
        read_book(saved(Workbook()), "a.xlsx")


@pytest.mark.parametrize(
    "end",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b"<mergeCells><mergeCell ref='&#65;1:C9'/><mergeCell ref='D1:BZ20000'/></mergeCells>",
        b'<hyperlinks><hyperlink ref="A:XFD" location="x"/></hyperlinks>',
    ],
)
def test_an_area_that_would_fill_the_memory_is_refused_before_it_is_read(end):
    name, whole = "xl/worksheets/sheet1.xml", book_of(item())
    sheet = zipfile.ZipFile(BytesIO(whole)).read(name)
    harmful = sheet.replace(b"</sheetData>", b"</sheetData>" + end)
    with pytest.raises(BookRefused, match="不合规则"):
        read_book(repacked(whole, **{name: harmful}), "a.xlsx")


def test_a_document_type_far_down_or_in_another_encoding_is_found():
    kind = '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    for part in (f"<!--{'x' * 9000}-->{kind}".encode(), f'<?xml version="1.0"?>{kind}'.encode("utf-16")):
        with pytest.raises(BookRefused, match="不合规则"):
            read_book(repacked(book_of(item()), **{"xl/sharedStrings.xml": part}), "a.xlsx")
