"""A difference that is planted at the kiosk, or in a bundle, is seen and named."""

from dataclasses import replace

import pytest

from yueban.commands.parity.channels import CHANNELS
from yueban.commands.parity.prover import Difference, Proof, Prover
from yueban.flows import bundle

pytestmark = pytest.mark.django_db
ITEM, BUNDLE = "flexible-employment-subsidy", "goods-transport"
LEVELS = {"county", "town", "village"}


def proved(*, of_bundle: bool = False) -> list[Difference]:
    """The first applicant on the computer, the phone and at the kiosks."""
    channels = [one for one in CHANNELS if one.key in ("computer", "phone", "elder", "kiosk")]
    proof, prover = Proof(), Prover(applicants=1, channels=channels)
    if of_bundle:
        prover.prove_bundle(BUNDLE, proof)
    else:
        prover.prove_item(ITEM, proof)
    return proof.differences


def named(found: list[Difference]) -> set[tuple[str, str, str]]:
    return {(one.channel, one.level, one.what) for one in found}


def test_another_order_of_fields_on_its_screens(plant):
    plant("kiosk/_screen.html", ("field in screen.fields %}", "field in screen.fields reversed %}"))
    assert named(proved()) == {("kiosk", level, "字段 · 顺序") for level in LEVELS}


def test_a_material_that_it_leaves_out(plant):
    plant("kiosk/materials.html", ("{% for one in asked %}<li", "{% for one in asked|slice:'1:' %}<li"))
    found = [one for one in proved() if one.what.startswith("材料 ")]
    assert {(one.channel, one.expected, one.found) for one in found} == {("kiosk", "有", "没有")}


def test_a_screen_that_does_not_name_its_version(plant):
    plant("kiosk/form.html", ('{% include "shared/_version.html" with of=application only %}', ""))
    assert {(one.channel, one.what, one.found) for one in proved()} == {
        ("kiosk", "版本 申请表", "没有写版本")
    }


def test_a_bundle_whose_guide_names_no_version_at_the_kiosk(plant):
    plant("kiosk/bundle.html", ('class="hash"', 'class="mark-of-it"'))
    found = proved(of_bundle=True)
    assert {(one.kind, one.item) for one in found} == {("bundle", BUNDLE)}
    assert named(found) == {("kiosk", level, "版本 办事指南") for level in LEVELS}


def test_a_bundle_of_which_the_kiosk_refuses_what_the_portal_takes(monkeypatch):
    real = bundle.save_draft

    def other(actor, number, data, revision):
        saved = real(actor, number, data, revision)
        if actor.channel != "kiosk":
            return saved
        return replace(saved, errors={**saved.errors, "contact.phone": "这里不收。"})

    monkeypatch.setattr(bundle, "save_draft", other)
    found = proved(of_bundle=True)
    assert {one.channel for one in found} == {"kiosk"}
    assert {one.kind for one in found} == {"bundle"}
    assert "错误 contact.phone" in {one.what for one in found}
