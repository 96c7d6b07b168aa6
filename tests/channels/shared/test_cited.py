"""The cited words marked on the page where they stand: server-side, safely, and honest about what has changed."""

import pytest

from yueban.channels.shared.cited import marked_page

pytestmark = pytest.mark.django_db
PAGE = (
    '<html><nav>不收费</nav><main id="content"><h1>第 3 版</h1><div id="time">5 个<b>工作日</b>办好</div>'
    '<section><h2 id="materials">材料</h2><ul><li>身份证 &amp; 户口簿</li><li>申请表（原件）</li></ul></section>'
    '<details class="fold" id="fee"><summary>收费</summary><p>不收费。</p></details></main></html>'
)


def test_the_words_are_marked_in_their_section_only():
    page = marked_page(PAGE, "不收费", "fee")
    assert page.count("<mark") == 1
    assert '<p><mark class="cited" id="cited">不收费</mark>。</p>' in page
    assert "<nav>不收费</nav>" in page


def test_a_folded_part_is_opened():
    assert '<details class="fold" id="fee" open>' in marked_page(PAGE, "不收费", "fee")


def test_words_across_elements_and_entities_are_marked_piece_by_piece():
    page = marked_page(PAGE, "5个工作日办好。", "time")
    assert 'id="cited">5 个</mark><b><mark class="cited">工作日</mark></b>' in page
    assert "&amp; 户口簿</mark>" in marked_page(PAGE, "身份证&户口簿", "materials")


def test_a_sentence_put_together_marks_what_stands_there():
    page = marked_page(PAGE, "要交申请表和户口簿，身份证", "materials")
    assert page.count("<mark") >= 2
    assert "这一条已经更新" not in page


def test_a_number_that_is_no_longer_there_is_said_to_have_changed():
    page = marked_page(PAGE, "9个工作日办好", "time")
    assert "<mark" not in page
    assert "这一条已经更新" in page


def test_other_words_for_the_section_point_at_it_while_the_version_stands():
    assert '<mark class="cited" id="cited">5 个</mark>' in marked_page(PAGE, "办得很快", "time", "第3版")
    assert "这一条已经更新" in marked_page(PAGE, "办得很快", "time", "第2版")


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;"]
)
def test_what_is_asked_for_never_gets_into_the_page(hostile):
    page = marked_page(PAGE, hostile, hostile)
    assert "alert(1)" not in page
    assert "<b>工作日</b>" in page


def test_the_page_of_an_item_marks_its_fee(client):
    address = "/items/road-freight-permit/?division=330602000000&at=fee&cite=不收费"
    page = client.get(address).content.decode()
    assert '<div class="stat" id="fee">' in page
    assert '<mark class="cited" id="cited">不收费</mark>' in page
    assert "<mark" not in client.get("/items/road-freight-permit/?division=330602000000").content.decode()


def test_the_words_of_a_policy_are_public_and_marked(client):
    from yueban.policies.models import PolicyVersion

    version = PolicyVersion.objects.filter(state="published").exclude(text="").first()
    line = next(one.strip() for one in version.text.splitlines() if len(one.strip()) > 20)
    page = client.get(f"/policies/{version.policy.key}/text", {"cite": line, "at": "clause"}).content.decode()
    assert 'id="cited"' in page
    assert "这一条已经更新" not in page
