"""Kiosks of a city pack: where they stand and what they offer is checked; keys are made once and never changed."""

import pytest

from tests.flows.city_folder import CityFolder
from yueban.flows import kiosks
from yueban.outlets.choices import KioskPart
from yueban.outlets.models import Kiosk
from yueban.outlets.rows import KioskRow
from yueban.outlets.services import save_demo_kiosks

WRONG = """kiosks:
  - {code: one, outlet: hall-nowhere, name: 甲终端, items: [road-freight-permit, no-such-item], parts: [高拍仪]}
  - {code: one, outlet: hall-330602, name: 乙终端, items: [road-freight-permit], parts: [高拍仪]}
"""


def test_a_kiosk_in_no_outlet_with_no_item_and_of_a_known_code_is_named(tmp_path):
    folder = CityFolder(tmp_path)
    (tmp_path / "kiosks.yaml").write_text(WRONG, encoding="utf-8")
    found = {(problem.file, problem.field) for problem in folder.problems()}
    assert found == {
        ("kiosks.yaml", "kiosks[0].outlet"),
        ("kiosks.yaml", "kiosks[0].items[1]"),
        ("kiosks.yaml", "kiosks[1].code"),
    }


def test_a_city_may_have_no_kiosks(tmp_path):
    assert CityFolder(tmp_path).problems() == []


@pytest.mark.django_db
def test_loading_again_keeps_the_keys():
    rows = [
        KioskRow(
            code=kiosk.code,
            outlet=kiosk.outlet.code,
            name=kiosk.name,
            name_en=kiosk.name_en,
            items=tuple(kiosk.items),
            parts=tuple(str(KioskPart(part).label) for part in kiosk.parts),
        )
        for kiosk in Kiosk.objects.select_related("outlet")
    ]
    before = kiosks.demo_key("yuecheng-hall-1")
    assert (save_demo_kiosks(rows=rows).created, save_demo_kiosks(rows=rows).changed) == (0, 0)
    renamed = [row.model_copy(update={"name": "新名称终端"}) for row in rows[:1]]
    assert save_demo_kiosks(rows=renamed).changed == 1
    assert kiosks.demo_key("yuecheng-hall-1") == before
