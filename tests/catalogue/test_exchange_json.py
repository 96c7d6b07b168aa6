"""Items as rows of the national exchange library: every real item goes out and comes back the same."""

import copy
import json

import pytest

from tests.catalogue.exchanged import dialect, dictionary, envelope, one_each, sent
from yueban.catalogue.compile import definition_of
from yueban.catalogue.exchange import FileUnreadable, build_standard, read_json, sort_rows, write_items

FREIGHT = "road-freight-permit"


def out(one, profile="GB"):
    """The rows as they stand in a file."""
    return json.loads(json.dumps(write_items([sent(one)], dialect(profile), envelope())))


def back(tables, one, profile="GB", base=None):
    arrived, faults = sort_rows(tables)
    assert faults == []
    return build_standard(arrived[0], dialect(profile), one.agency, dictionary(), base)


def item(key=FREIGHT):
    return next(one for one in one_each() if one.standard.key == key)


@pytest.mark.parametrize("profile", ["GB", "GD"])
def test_every_item_of_the_city_goes_out_and_comes_back_without_loss(profile):
    for one in one_each():
        standard, faults = back(out(one, profile), one, profile)
        assert (faults, standard) == ([], one.standard), one.standard.key


def test_the_rows_carry_the_names_of_the_national_library_and_its_envelope():
    tables = out(item())
    assert {"up_task_general_basic", "up_task_general_extend", "up_task_general_material"} <= set(tables)
    basic = tables["up_task_general_basic"][0]
    assert basic["task_name"] == "道路普通货物运输经营许可"
    assert basic["task_code"] == f"{basic['dept_code']}4{basic['catalog_code']}"
    assert (basic["promise_type"], basic["task_state"]) == ("工作日", "在用")
    for rows in tables.values():
        for row in rows:
            assert {"row_guid", "cd_batch", "cd_operation", "cd_time", "data_source"} <= set(row)
    guids = [row["row_guid"] for rows in tables.values() for row in rows]
    assert len(guids) == len(set(guids))
    assert {row["task_guid"] for row in tables["up_task_general_material"]} == {basic["row_guid"]}


def test_no_piece_of_the_extension_is_longer_than_its_column():
    assert max(len(row["extend_field"]) for row in out(item())["up_task_extension"]) <= 2000


def test_a_change_in_a_national_field_is_taken_and_the_rest_stays():
    one = item()
    tables = out(one)
    tables["up_task_general_basic"][0]["task_name"] = "改过的名称"
    tables["up_task_general_material"][0]["fill_explain"] = "改过的须知"
    standard, faults = back(tables, one)
    assert faults == []
    materials = (
        one.standard.materials[0].model_copy(update={"notes": "改过的须知"}),
        *one.standard.materials[1:],
    )
    assert standard == one.standard.model_copy(update={"name": "改过的名称", "materials": materials})


def test_what_we_have_no_place_for_is_kept_and_sent_back_as_it_came():
    one = item()
    tables = out(one)
    tables["up_task_general_basic"][0]["mobile_terminal_url"] = "https://example.invalid/m"
    tables["up_task_general_material"][0]["remark"] = "备注"
    tables["dn_audit_item_condition"] = [
        {
            "row_guid": "c1",
            "task_guid": tables["up_task_general_basic"][0]["row_guid"],
            "condition_name": "首次",
        }
    ]
    standard, faults = back(tables, one)
    assert faults == []
    again = out(type(one)(standard, one.agency, one.compiled, one.content_hash))
    assert again["up_task_general_basic"][0]["mobile_terminal_url"] == "https://example.invalid/m"
    assert again["up_task_general_material"][0]["remark"] == "备注"
    assert again["up_audit_item_condition"][0]["condition_name"] == "首次"


def test_rows_of_others_without_our_extension_become_a_draft_beside_the_agency_s_own_item():
    one = item()
    tables = out(one)
    del tables["up_task_extension"]
    tables["up_task_general_basic"][0]["promise_day"] = 1
    standard, faults = back(tables, one, base=definition_of(one.standard))
    assert faults == []
    assert standard.form == one.standard.form
    assert [m.satisfy for m in standard.materials] == [m.satisfy for m in one.standard.materials]
    assert standard.promised.amount == 1


def test_an_item_nobody_had_gets_a_plain_form_and_materials_found_by_name():
    one = item()
    tables = out(one)
    del tables["up_task_extension"]
    names = [row.name for row in dictionary().canonical_materials.values()]
    for number, row in enumerate(tables["up_task_general_material"]):
        row["material_name"] = names[number]
    standard, faults = back(tables, one)
    assert faults == []
    assert standard.key == f"item-{one.standard.catalog_code}"
    assert [s.key for s in standard.form.sections] == ["contact"]


def test_what_cannot_be_read_is_named_by_table_row_and_element():
    one = item()
    tables = out(one)
    tables["up_task_general_basic"][0]["task_type"] = "99"
    tables["up_task_general_basic"][0]["promise_day"] = "五天"
    tables["up_task_general_material"][1]["material_name"] = None
    standard, faults = back(tables, one)
    assert standard is None
    assert {(f.table, f.column) for f in faults} == {
        ("事项", "事项类型"),
        ("事项", "承诺办结时限"),
        ("申请材料", "材料名称"),
    }
    marks = {f.record for f in faults if f.table == "申请材料"}
    assert marks == {tables["up_task_general_material"][1]["row_guid"]}


def test_a_row_of_no_item_and_a_doubled_mark_are_faults():
    tables = out(item())
    twice = copy.deepcopy(tables["up_task_general_basic"][0])
    tables["up_task_general_basic"].append(twice)
    tables["up_task_general_questions"][0]["task_guid"] = "nobody"
    arrived, faults = sort_rows(tables)
    assert len(arrived) == 1
    assert [f.message for f in faults] == ["记录唯一标识重复。", "找不到它所属的事项。"]


def test_a_cut_extension_is_refused_in_words():
    one = item()
    tables = out(one)
    tables["up_task_extension"].pop()
    standard, faults = back(tables, one)
    assert standard is None
    assert "扩展内容不完整" in faults[0].message


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"tables": []}', b"\xff\xfe", b'{"tables": {"a": [1]}}', b"[" * 9999]
)
def test_what_is_no_exchange_file_is_refused_in_words(content):
    with pytest.raises(FileUnreadable):
        read_json(content)
