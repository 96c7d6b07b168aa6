"""A difference that is planted in one channel or at one level is seen, and named with what it is."""

from pathlib import Path

import pytest
from django.template.loader import get_template

from yueban.agencies import selectors as agencies
from yueban.catalogue import selectors as catalogue
from yueban.catalogue import services
from yueban.catalogue.compiled import Compiled
from yueban.commands.parity.prover import Difference, Proof, Prover
from yueban.elements import selectors as elements
from yueban.flows import assist
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db
ITEM = "flexible-employment-subsidy"
COUNTY, AGENCY = "330603000000", "keqiao-human-resources"


def sections(**swaps: str) -> str:
    text = Path(get_template("shared/_form_sections.html").origin.name).read_text(encoding="utf-8")
    for before, after in swaps.items():
        text = text.replace(before, after)
    return text


def proved(applicants: int = 1) -> list[Difference]:
    proof = Proof()
    Prover(applicants=applicants).prove_item(ITEM, proof)
    return proof.differences


def named(found: list[Difference]) -> set[tuple[str, str, str]]:
    return {(one.channel, one.level, one.what) for one in found}


def test_nothing_is_found_where_nothing_is_planted():
    assert proved() == []


def test_another_order_of_parts_in_one_view(plant):
    turned = sections().replace("in sections %}", 'in sections|dictsortreversed:"title" %}')
    include = '{% include "shared/_form_sections.html" with is_leafed=view.is_elder %}'
    either = '{% if view.is_elder %}{% include "planted.html" %}{% else %}' + include + "{% endif %}"
    plant("portal/_form.html", (include, either), **{"planted.html": turned})
    found = proved()
    assert ("elder", "county", "部分 · 顺序") in named(found)
    assert {one.channel for one in found} == {"elder"}
    assert {one.item for one in found} == {ITEM}


def test_another_order_of_fields_at_the_desk(plant):
    turned = sections().replace("in entry.fields %}", "in entry.fields reversed %}")
    plant(
        "desk/draft.html",
        ('{% include "shared/_form_sections.html" %}', '{% include "planted.html" %}'),
        **{"planted.html": turned},
    )
    # Three desks against four others: county and town window, the village's helper.
    assert named(proved()) == {
        ("window", "county", "字段 · 顺序"),
        ("window", "town", "字段 · 顺序"),
        ("helper", "village", "字段 · 顺序"),
    }


def test_a_material_that_one_view_leaves_out(plant):
    plant("portal/materials.html", ("in asked %}\n<div", "in asked|slice:'1:' %}\n<div"))
    found = [one for one in proved() if one.what.startswith("材料 ")]
    # Three views of the portal share the page; the desks and the API still ask for it.
    assert {(one.expected, one.found) for one in found} == {("有", "没有")}
    assert {one.channel for one in found} == {"computer", "phone", "elder"}


def test_a_required_mark_that_the_api_tells_otherwise(monkeypatch):
    told = Compiled.to_json

    def changed(self):
        stored = told(self)
        stored["form"]["sections"][0]["fields"][0]["required"] ^= True
        return stored

    monkeypatch.setattr(Compiled, "to_json", changed)
    (one,) = proved()
    first = catalogue.get_published(ITEM, COUNTY).compiled.form.sections[0].fields[0]
    assert (one.channel, one.level, one.what) == ("api", "county", f"字段 {first.element} · 必填")
    assert (one.expected, one.found) == (("是", "否") if first.required else ("否", "是"))


def test_a_page_that_does_not_name_its_version(plant):
    line = '{% include "shared/_version.html" with of=application only %}'
    plant("desk/draft.html", (line, ""))
    found = proved()
    assert {(one.channel, one.level) for one in found} == {
        ("window", "county"),
        ("window", "town"),
        ("helper", "village"),
    }
    assert {(one.what, one.found) for one in found} == {("版本 申请表", "没有写版本")}


def test_a_decision_that_one_channel_makes_alone(monkeypatch):
    monkeypatch.setattr(assist, "account_changed", lambda actor, application: {"contact.phone": "这里不收。"})
    found = proved()
    assert {one.channel for one in found} == {"window", "helper"}
    assert "错误 contact.phone" in {one.what for one in found}


def test_a_question_worded_otherwise_at_the_desk(plant):
    plant("desk/intake_item.html", ("{{ question.text }}", "请问：{{ question.text }}"))
    found = proved()
    assert {one.channel for one in found} == {"window", "helper"}
    assert all(one.what.startswith("问题 ") and one.found == f"请问：{one.expected}" for one in found)


def test_a_page_that_breaks_is_named_and_stops_nothing(plant):
    plant("portal/materials.html", ("<c-steps", "{% url 'no-such-page' %}<c-steps"))
    found = proved()
    assert {one.channel for one in found if one.what == "页面"} == {"computer", "phone", "elder"}


def test_a_version_of_one_county_that_asks_otherwise():
    version = catalogue.get_published(ITEM, COUNTY)
    standard = catalogue.standard_of(version)
    section = standard.form.sections[0]
    field = section.fields[0]
    other = field.model_copy(update={"required": not field.required})
    changed = section.model_copy(update={"fields": (other, *section.fields[1:])})
    form = standard.form.model_copy(update={"sections": (changed, *standard.form.sections[1:])})
    prepared = services.prepare(
        standard.model_copy(update={"form": form}),
        services.agency_facts(agencies.get_agency(AGENCY)),
        elements.dictionary(),
    )
    services.publish_prepared(prepared=[prepared], effective_on=clock.today(), actor=SYSTEM)
    proof = Proof()
    Prover(applicants=1).prove_item(ITEM, proof)
    assert proof.shared == 4
    (one,) = [one for one in proof.differences if one.what == f"字段 {field.element} · 必填"]
    # One place of two asks otherwise, in all its channels.
    assert (one.channel, one.level, one.place, one.item) == ("all", "county", COUNTY, ITEM)
    assert (one.expected, one.found) == ("是", "否")
    assert all(other.channel == "all" for other in proof.differences)
