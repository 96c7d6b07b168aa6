"""Placeholders of Q&A: figures come from what is published, never from what was once typed."""

import pytest

from tests.editors import KEY
from yueban.assistant.knowledge.placeholders import Placeholder, faults_in, fill, placeholders_in
from yueban.assistant.knowledge.published_facts import resolver_for
from yueban.catalogue.models import ItemVersion

TEXT = "“{item:road-freight-permit.name}”{item:road-freight-permit.promised}办好，{item:road-freight-permit.fee}。"


def test_a_placeholder_is_filled_by_the_resolver():
    found = fill("要{item:a.promised}。", {Placeholder("item", "a", "promised"): "3工作日"}.get)
    assert (found.text, found.missing) == ("要3工作日。", ())


def test_what_is_not_published_stays_and_is_told():
    found = fill("要{item:a.promised}，叫{item:a.name}。", {Placeholder("item", "a", "name"): "甲"}.get)
    assert found.text == "要{item:a.promised}，叫甲。"
    assert found.missing == (Placeholder("item", "a", "promised"),)


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again():
    found = fill("{item:a.name}", {Placeholder("item", "a", "name"): "{item:b.name}"}.get)
    assert found.text == "{item:b.name}"


@pytest.mark.parametrize("text", ["{item:a.fees}", "{item:A b.fee}", "{offer:a.fee}", "{item:a.fee", "}"])
def test_wrong_braces_are_told(text):
    assert faults_in(text)


def test_sound_braces_are_not():
    assert faults_in("{item:a.fee}和{offer:b-1.name}") == []
    assert [str(one) for one in placeholders_in("{item:a.fee}{item:a.fee}")] == ["{item:a.fee}"]


@pytest.mark.django_db
def test_the_facts_are_those_of_the_published_version():
    version = ItemVersion.objects.get(item__key=KEY, agency__code="yuecheng-transport")
    guide = version.compiled.guide
    found = fill(TEXT, resolver_for([TEXT], "330602000000"))
    assert found.missing == ()
    assert found.text == f"“{guide.name}”{guide.promised_text}办好，不收费。"
    assert guide.fee.charged is False


@pytest.mark.django_db
def test_of_many_answers_every_fact_is_read_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        resolver_for([TEXT, TEXT.replace("road-freight-permit", "road-freight-annual-review")])


@pytest.mark.django_db
def test_an_item_that_is_not_published_is_missing():
    assert fill("{item:no-such.fee}", resolver_for(["{item:no-such.fee}"])).missing
