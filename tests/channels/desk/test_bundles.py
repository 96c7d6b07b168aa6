"""一件事设计: the compiled bundle with figures, graph and lineage, and what it would be if joined otherwise."""

import pytest

from tests.channels.visitors import content_of, visitor
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import BundleVersion
from yueban.channels.desk.bundle_graph import draw

pytestmark = pytest.mark.django_db
EDITOR = "editor-lou"
LIST, ADDRESS = "/desk/bundles/", "/desk/bundles/goods-transport/"


def page(**asked):
    answer = visitor(EDITOR).get(ADDRESS, asked)
    assert answer.status_code == 200
    return content_of(answer).decode()


def test_the_list_names_every_bundle_and_leaves_names_not_confirmed_out():
    answer = content_of(visitor(EDITOR).get(LIST)).decode()
    assert all(version.name in answer for version in catalogue.bundles_in_force())
    assert "国家清单 55 项" in answer
    assert "33 项落地 28 项" in answer


def test_savings_stand_beside_the_parts_and_the_published_figures():
    answer = page()
    one = catalogue.get_bundle("goods-transport").compiled_bundle
    for figure in (one.predicted.fields, one.parts.fields, one.predicted.materials, one.parts.materials):
        assert f">{figure}</td>" in answer
    assert ">30分钟</td>" in answer
    assert "未公布" in answer


def test_fields_and_materials_say_who_asks_for_them():
    answer = page()
    assert "道路普通货物运输经营许可、道路运输证配发" in answer
    assert "只填一次" in answer
    assert "只收一次" in answer


def test_the_graph_draws_each_item_once_and_what_waits_to_the_right():
    graph = draw(catalogue.get_bundle("goods-transport").compiled_bundle)
    assert [box.x for box in graph.boxes] == sorted({box.x for box in graph.boxes})
    assert [(line.word, line.is_waiting) for line in graph.lines] == [("结果带入", True)]


def test_an_item_left_out_is_tried_and_nothing_is_kept():
    before = BundleVersion.objects.count()
    answer = page(without="certificate")
    assert "下面是试算的结果，没有保存" in answer
    assert "道路普通货物运输经营许可、道路运输证配发" not in answer
    assert BundleVersion.objects.count() == before


def test_a_loop_is_reported_by_name():
    answer = page(kind="approve_start", source="certificate", target="permit")
    assert "合不到一起" in answer
    assert "“道路普通货物运输经营许可”等“道路运输证配发”" in answer


def test_leaving_out_everything_is_reported():
    assert "一个事项也没有" in page(without=["permit", "certificate"])


def test_what_was_mistyped_is_left_aside():
    assert "压减" in page(drop="x", kind="result_input", source="permit", target="permit", place="nowhere")
