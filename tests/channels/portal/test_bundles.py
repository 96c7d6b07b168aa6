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
