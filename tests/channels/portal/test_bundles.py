"""一件事 on the portal: the guide with its figures, the parent's page, the list of my matters."""

import pytest

from tests import bundles, people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db
GOODS = "/bundles/goods-transport/?division=330602000000"


def test_the_guide_shows_computed_savings_beside_the_parts_and_the_baseline():
    page = visitor(None).get(GOODS).content.decode()
    assert "普通货物运输经营准入" in page
    assert "分开办合计" in page
    assert "绍兴日报" in page
    assert "版本指纹" in page


def test_a_single_item_is_compared_with_nothing_but_what_was_before():
    page = visitor(None).get("/bundles/school-enrolment/?division=330602000000").content.decode()
    assert "要办的事项" in page
    assert "改革前" in page
    for words in ("项一次办", "合起来办", "分开办", "各项共用"):
        assert words not in page


def test_in_the_large_view_the_guide_is_one_thing_a_page():
    plain = visitor(None).get(GOODS).content.decode()
    assert 'href="#materials"' not in plain
    client = visitor(None)
    client.cookies["yueban_view"] = "elder"
    page = client.get(GOODS).content.decode()
    for part in ("children", "materials", "savings", "more"):
        assert f'href="#{part}"' in page
        assert f'id="{part}"' in page


def test_my_matters_show_the_parent_with_its_children_and_no_child_twice():
    made = bundles.goods_submitted()
    page = visitor(people.OWNER).get("/my/").content.decode()
    assert f"/my/bundles/{made.number}/" in page
    assert page.count(f"/my/cases/{bundles.case_of(made, 'permit').number}/") == 1


def test_the_parents_page_says_what_happens_next_and_lists_each_child():
    made = bundles.goods_submitted()
    page = visitor(people.OWNER).get(f"/my/bundles/{made.number}/").content.decode()
    assert "一次收件，您现在不用做什么" in page
    assert page.count("办成后自动开始，不用您再跑、再填。") == 2


def test_the_pages_of_an_item_fill_in_a_bundle():
    draft = bundles.goods_draft()
    client = visitor(people.OWNER)
    for step in ("", "materials", "preview"):
        assert "普通货物运输经营准入" in client.get(f"/apply/{draft.number}/{step}").content.decode()
    sent = client.post(f"/apply/{draft.number}/preview", {"agreed": "1"})
    assert sent["Location"].startswith("/my/bundles/")
