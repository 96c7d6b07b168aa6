"""Appendix A.2: the same item under GB (20 = 公共服务) and GD (21 = 公共服务) comes in without loss."""

import json

import pytest

from tests.catalogue.exchanged import dialect, dictionary, envelope, one_each
from yueban.catalogue.exchange import Sent, build_standard, sort_rows, write_items
from yueban.catalogue.services import ItemStandard


@pytest.fixture
def service():
    """A public service: a real item, filed under type 20 with its own 基本编码."""
    one = next(one for one in one_each() if one.standard.key == "road-freight-permit")
    code = one.standard.catalog_code
    public = f"{code[:2]}20{code[4:]}"
    standard = one.standard.model_copy(
        update={"type": "20", "catalog_code": public, "targets": ("1", "2", "5", "6"), "clock_set": "service"}
    )
    return ItemStandard.model_validate_json(standard.model_dump_json(by_alias=True)), one.agency


def task_code(agency, standard):
    return f"{agency.uscc}{agency.level}{standard.catalog_code}"


def out(standard, agency, profile):
    sent = Sent(standard, agency, task_code(agency, standard))
    return json.loads(json.dumps(write_items([sent], dialect(profile), envelope())))


def back(tables, agency, profile):
    arrived, faults = sort_rows(tables)
    assert faults == []
    standard, faults = build_standard(arrived[0], dialect(profile), agency, dictionary())
    assert faults == []
    return standard


def test_a_public_service_is_20_under_gb_and_21_under_gd_and_comes_back_the_same(service):
    standard, agency = service
    gb, gd = out(standard, agency, "GB"), out(standard, agency, "GD")
    assert gb["up_task_public_basic"][0]["task_type"] == "20"
    assert gd["up_task_public_basic"][0]["task_type"] == "21"
    assert gd["up_task_public_basic"][0]["catalog_code"][2:4] == "21"
    assert gd["up_task_public_basic"][0]["task_code"][21:23] == "21"
    assert back(gb, agency, "GB") == back(gd, agency, "GD") == standard


def test_the_people_served_follow_the_variant_of_a4(service):
    standard, agency = service
    # GB 5 行政机关, 6 其他组织 are GD 6 and 9.
    assert out(standard, agency, "GB")["up_task_public_basic"][0]["server_type"] == "1,2,5,6"
    assert out(standard, agency, "GD")["up_task_public_basic"][0]["server_type"] == "1,2,6,9"


def test_a_code_that_gb_does_not_know_comes_in_under_gd_and_goes_back_as_it_came(service):
    standard, agency = service
    tables = out(standard, agency, "GD")
    tables["up_task_public_basic"][0]["server_type"] = "1,2,5"  # 5 非法人企业: no code of its own in GB
    taken = back(tables, agency, "GD")
    assert taken.targets == ("1", "2", "6")
    again = out(taken, agency, "GD")
    assert again["up_task_public_basic"][0]["server_type"] == "1,2,5"
    assert out(taken, agency, "GB")["up_task_public_basic"][0]["server_type"] == "1,2,6"


def test_gd_s_21_is_no_code_of_gb(service):
    standard, agency = service
    tables = out(standard, agency, "GD")
    arrived, _ = sort_rows(tables)
    found, faults = build_standard(arrived[0], dialect("GB"), agency, dictionary())
    assert found is None
    assert any(f.column == "事项类型" and "21" in f.message for f in faults)
