"""Editing items at the desk: without scripts, section by section, checked by a second person."""

import re
from html.parser import HTMLParser

import pytest
from django.http import QueryDict

from tests import people
from tests.channels.visitors import content_of, visitor
from tests.editors import AGENCY, COUNTY, KEY
from yueban.catalogue import editing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.channels.desk import items_form, items_rules
from yueban.channels.desk.items_sections import SECTIONS
from yueban.elements import selectors as elements

pytestmark = pytest.mark.django_db
AUTHOR, SECOND, ELSEWHERE, CITY = "editor-lou", "editor-gu", "editor-niu", "editor-wu"
ITEMS = "/desk/items/"


def in_force() -> ItemVersion:
    return catalogue.get_published(KEY, COUNTY)


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def begin(who: str = AUTHOR) -> ItemVersion:
    answer = visitor(who).post(f"{ITEMS}begin", {"item": KEY, "agency": AGENCY})
    assert answer.status_code == 302
    draft = editing.find_draft(KEY, AGENCY)
    assert draft is not None
    return draft


class FormReader(HTMLParser):
    """What a browser would post of the section's form as it stands, buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found = QueryDict(mutable=True)
        self.inside, self.select, self.chosen, self.area, self.text = False, "", "", "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = given.get("id") == "item-form"
        if not self.inside or name == "csrfmiddlewaretoken":
            return
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.found.appendlist(name, given.get("value") or "")
        elif tag == "select":
            self.select, self.chosen = name, ""
        elif tag == "option" and "selected" in given:
            self.chosen = given.get("value") or ""
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            self.found.appendlist(self.select, self.chosen)
            self.select = ""
        elif tag == "textarea" and self.area:
            self.found.appendlist(self.area, self.text)
            self.area = ""


def fields_of(html: str) -> dict[str, list[str] | str]:
    reader = FormReader()
    reader.feed(html)
    return dict(reader.found.lists())


def section(draft: ItemVersion, key: str) -> str:
    return f"{ITEMS}{draft.pk}/edit/{key}/"


def test_a_section_that_is_saved_untouched_changes_nothing():
    client, draft = visitor(AUTHOR), begin()
    before = catalogue.standard_of(draft)
    for part in SECTIONS:
        draft.refresh_from_db()
        typed = fields_of(text_of(client.get(section(draft, part.key))))
        assert client.post(section(draft, part.key), typed).status_code == 302
        draft.refresh_from_db()
        assert catalogue.standard_of(draft) == before, part.key
    assert draft.revision == len(SECTIONS)


def test_a_field_is_saved_and_shown_as_a_difference():
    client, draft = visitor(AUTHOR), begin()
    typed = fields_of(text_of(client.get(section(draft, "limits"))))
    typed["promised-amount"] = "3"
    typed["go"] = "done"
    assert client.post(section(draft, "limits"), typed)["Location"] == f"{ITEMS}{draft.pk}/"
    page = text_of(client.get(f"{ITEMS}{draft.pk}/"))
    assert "承诺办结时限" in page
    assert "<del>5个工作日" in page
    assert "<ins>3个工作日" in page


def test_what_is_wrong_stands_beside_its_field_while_one_types():
    client, draft = visitor(AUTHOR), begin()
    typed = fields_of(text_of(client.get(section(draft, "limits"))))
    typed["promised-amount"] = "30"
    answer = client.post(f"{section(draft, 'limits')}live", typed, HTTP_HX_REQUEST="true").content.decode()
    box = answer[answer.index('id="r-promised"') :]
    assert "Q13" in box[: box.index("</div>")]
    assert f'value="{draft.revision + 1}"' in answer
    typed["revision"], typed["promised-amount"] = str(draft.revision + 1), "五天"
    answer = client.post(f"{section(draft, 'limits')}live", typed, HTTP_HX_REQUEST="true").content.decode()
    box = answer[answer.index('id="r-promised-amount"') :]
    assert "应是整数" in box[: box.index("</div>")]


def test_a_stale_page_keeps_what_was_typed_and_says_so():
    client, draft = visitor(AUTHOR), begin()
    typed = fields_of(text_of(client.get(section(draft, "basics"))))
    visitor(SECOND).post(section(draft, "basics"), typed)
    typed["summary"] = "我写的一句话。"
    answer = client.post(section(draft, "basics"), typed)
    assert answer.status_code == 409
    assert "我写的一句话。" in answer.content.decode()
    assert client.post(f"{section(draft, 'basics')}live", typed).status_code == 409


@pytest.mark.parametrize(
    ("act", "names"),
    [
        ("up:faq-1", [1, 0, 2, 3, 4]),
        ("down:faq-0", [1, 0, 2, 3, 4]),
        ("remove:faq-0", [1, 2, 3, 4]),
        ("up:faq-0", [0, 1, 2, 3, 4]),
        ("remove:faq-99", [0, 1, 2, 3, 4]),
        ("remove:faq-x", [0, 1, 2, 3, 4]),
        ("nonsense:faq-0", [0, 1, 2, 3, 4]),
        ("remove:materials-0", [0, 1, 2, 3, 4]),
    ],
)
def test_rows_are_moved_and_removed_by_plain_buttons(act, names):
    client, draft = visitor(AUTHOR), begin()
    before = [row["q"] for row in draft.definition["faq"]]
    typed = fields_of(text_of(client.get(section(draft, "faq"))))
    typed["do"] = act
    assert client.post(section(draft, "faq"), typed).status_code == 302
    draft.refresh_from_db()
    assert [row["q"] for row in draft.definition["faq"]] == [before[place] for place in names]


def test_a_new_row_gets_a_key_of_its_own_and_is_asked_for_what_it_lacks():
    client, draft = visitor(AUTHOR), begin()
    typed = fields_of(text_of(client.get(section(draft, "materials"))))
    typed["do"] = "add:materials"
    goes_to = client.post(section(draft, "materials"), typed)["Location"]
    place = len(draft.definition["materials"])
    assert goes_to.endswith(f"#materials-{place}")
    page = text_of(client.get(section(draft, "materials")))
    box = page[page.index(f'id="r-materials-{place}-name"') :]
    assert "缺少这一要素" in box[: box.index("</div>")]
    client.post(section(draft, "materials"), fields_of(page))
    draft.refresh_from_db()
    assert draft.definition["materials"][place]["key"] == "material-1"


def test_a_condition_is_built_of_rows_with_its_sentence_beside():
    client, draft = visitor(AUTHOR), begin()
    place = next(i for i, row in enumerate(draft.definition["materials"]) if row["key"] == "safety-rules")
    name = f"materials-{place}-when"

    def press(act: str, **changes: str) -> str:
        typed = fields_of(text_of(client.get(section(draft, "materials"))))
        typed.update({key.replace("__", "-"): value for key, value in changes.items()})
        typed["do"] = act
        assert client.post(section(draft, "materials"), typed).status_code == 302
        return text_of(client.get(section(draft, "materials")))

    assert "还有条件没有选数据元" in press(f"state:{name}")
    press("", **{f"{name}-0-fact": "vehicle.readiness"})
    page = press("", **{f"{name}-0-op": "eq", f"{name}-0-value": "owned"})
    box = page[page.index(f'id="say-{name}"') :]
    assert "车辆" in box[: box.index("</div>")]
    press(f"state:{name}")
    page = press(
        "", **{f"{name}-1-fact": "applicant.kind", f"{name}-1-value": "enterprise", f"{name}-group": "any"}
    )
    box = page[page.index(f'id="say-{name}"') :]
    assert "，或者" in box[: box.index("</div>")]
    draft.refresh_from_db()
    rule = draft.definition["materials"][place]["when"]
    assert [child["fact"] for child in rule["any"]] == ["vehicle.readiness", "applicant.kind"]
    press(f"nest:{name}")
    press(f"drop:{name}-2")
    press(f"drop:{name}-1")
    press(f"drop:{name}-0")
    draft.refresh_from_db()
    assert draft.definition["materials"][place]["when"] is None


def test_the_second_editor_checks_and_signs_and_the_first_cannot():
    draft = begin()
    author, second = visitor(AUTHOR), visitor(SECOND)
    typed = fields_of(text_of(author.get(section(draft, "basics"))))
    typed["summary"] = "新的一句话。"
    author.post(section(draft, "basics"), typed)
    assert author.post(f"{ITEMS}{draft.pk}/submit", {}).status_code == 302
    assert "请由本部门另一位事项编辑复核" in text_of(author.get(f"{ITEMS}{draft.pk}/"))
    assert author.post(f"{ITEMS}{draft.pk}/publish", {}).status_code == 403
    assert "等您复核" in text_of(second.get(ITEMS))
    page = text_of(second.get(f"{ITEMS}{draft.pk}/"))
    assert "新的一句话。" in page
    assert second.post(f"{ITEMS}{draft.pk}/return", {"words": ""}).status_code == 422
    assert second.post(f"{ITEMS}{draft.pk}/publish", {}).status_code == 302
    assert in_force().pk == draft.pk
    assert "新的一句话。" in visitor(None).get(f"/items/{KEY}/?division=330602000000").content.decode()


def test_a_draft_that_is_unsound_says_every_problem_instead_of_being_submitted():
    client, draft = visitor(AUTHOR), begin()
    typed = fields_of(text_of(client.get(section(draft, "power"))))
    del typed["levels"]
    client.post(section(draft, "power"), typed)
    answer = client.post(f"{ITEMS}{draft.pk}/submit", {})
    assert answer.status_code == 422
    assert "行使层级" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize("channel", ["phone", "computer", "kiosk", "window", "nonsense"])
@pytest.mark.parametrize(
    ("part", "says"), [("guide", "谁可以办"), ("questions", "您准备用来拉货的货车"), ("form", "本页各部分")]
)
def test_guide_questions_and_form_are_previewed_in_every_channel(channel, part, says):
    client, draft = visitor(AUTHOR), begin()
    assert f"channel={'computer' if channel == 'nonsense' else channel}" in text_of(
        client.get(f"{ITEMS}{draft.pk}/preview/?channel={channel}&part={part}")
    )
    frame = text_of(client.get(f"{ITEMS}{draft.pk}/preview/frame?channel={channel}&part={part}"))
    # The kiosk shows a form screen by screen; the other channels list its parts beside it.
    assert ("第 1 屏" if (channel, part) == ("kiosk", "form") else says) in frame
    assert ("data-kiosk" in frame) == (channel == "kiosk")
    assert ('data-mode="elder"' in frame) == (channel == "kiosk")


def test_the_preview_of_a_version_is_the_portals_own_guide():
    version = ItemVersion.objects.get(item__key=KEY, agency__code=AGENCY, state="published")
    frame = text_of(visitor(AUTHOR).get(f"{ITEMS}{version.pk}/preview/frame"))
    page = text_of(visitor(None).get(f"/items/{KEY}/?division={version.agency.division.code}"))
    mine, theirs = sections_in(frame), sections_in(page)
    assert mine == theirs
    assert len(mine) >= 4


def sections_in(page):
    """The parts of the guide, without the address at which its questions begin."""
    found = re.compile(
        r'<section class="(?:section )?leaf" aria-labelledby="(\w+)">(.*?)</section>', re.DOTALL
    )
    parts = found.findall(page)
    return {name: re.sub(r'href="[^"]*"', "", body) for name, body in parts}


def test_the_questions_are_answered_in_the_preview_until_the_form():
    author, draft = visitor(AUTHOR), begin()
    frame = f"{ITEMS}{draft.pk}/preview/frame?channel=phone&part=questions"
    page = text_of(author.get(frame))
    for _turn in range(9):
        choice = re.search(r'type="radio"[^>]*name="([\w-]+)"[^>]*value="([\w-]+)"', page)
        if choice is None:
            break
        frame += f"&{choice[1]}={choice[2]}"
        page = text_of(author.get(frame))
    assert "按这些回答" in page


def test_an_unreadable_draft_is_previewed_as_what_has_to_be_mended():
    client, draft = visitor(AUTHOR), begin()
    ItemVersion.objects.filter(pk=draft.pk).update(definition={"name": "半成品"})
    assert "改好下面各处才能预览" in text_of(client.get(f"{ITEMS}{draft.pk}/preview/frame"))
    for part in SECTIONS:
        assert "半成品" in text_of(client.get(section(draft, part.key))) or part.key != "basics"


def test_counties_are_compared_field_by_field_and_in_the_report():
    draft = begin()
    author, second = visitor(AUTHOR), visitor(SECOND)
    typed = fields_of(text_of(author.get(section(draft, "limits"))))
    typed["promised-amount"] = "2"
    author.post(section(draft, "limits"), typed)
    author.post(f"{ITEMS}{draft.pk}/submit", {})
    second.post(f"{ITEMS}{draft.pk}/publish", {})
    other = ItemVersion.objects.get(item__key=KEY, agency__code="keqiao-transport")
    page = text_of(author.get(f"{ITEMS}{draft.pk}/diff?with={other.pk}"))
    assert "柯桥区交通运输局" in page
    assert "<del>5个工作日" in page
    report = text_of(visitor(ELSEWHERE).get(f"{ITEMS}same-standard/"))
    assert "不一致" in report
    assert content_of(visitor(ELSEWHERE).get(f"{ITEMS}same-standard/export.xlsx"))[:2] == b"PK"


def test_another_agencys_draft_is_not_found():
    draft = begin()
    client = visitor(ELSEWHERE)
    for address in ("", "edit/basics/", "preview/", "preview/frame", "diff"):
        assert client.get(f"{ITEMS}{draft.pk}/{address}").status_code == 404
    assert client.post(f"{ITEMS}{draft.pk}/submit", {}).status_code == 404
    assert client.post(f"{section(draft, 'basics')}live", {}).status_code == 404
    assert client.post(f"{ITEMS}begin", {"item": KEY, "agency": AGENCY}).status_code == 403


def test_the_lists_ask_the_database_as_much_for_many_items_as_for_few(django_assert_max_num_queries):
    client = visitor(AUTHOR)
    begin()
    for address in (
        ITEMS,
        f"{ITEMS}?text=运输&state=published",
        f"{ITEMS}directory/",
        f"{ITEMS}same-standard/?all=1",
    ):
        with django_assert_max_num_queries(16):
            text_of(client.get(address))
    assert content_of(client.get(f"{ITEMS}export.xlsx"))[:2] == b"PK"


def test_somebody_without_the_post_is_sent_away():
    for address in (
        ITEMS,
        f"{ITEMS}directory/",
        f"{ITEMS}new",
        f"{ITEMS}same-standard/",
        f"{ITEMS}export.xlsx",
    ):
        assert visitor(people.REVIEWER).get(address).status_code == 403


def test_a_new_item_is_begun_with_name_code_and_key():
    client = visitor(CITY)
    wrong = client.post(
        f"{ITEMS}new", {"name": "", "catalog_code": "1", "key": "A b", "agency": "shaoxing-transport"}
    )
    assert wrong.status_code == 422
    good = {
        "name": "夜间货运备案",
        "catalog_code": "000118009000",
        "key": "night-freight",
        "agency": "shaoxing-transport",
    }
    goes_to = client.post(f"{ITEMS}new", good)["Location"]
    assert goes_to.endswith("/edit/basics/")
    page = text_of(client.get(goes_to))
    assert "缺少这一要素" in page
    draft = editing.find_draft("night-freight", "shaoxing-transport")
    assert client.post(f"{ITEMS}{draft.pk}/discard", {}).status_code == 302
    assert client.get(f"{ITEMS}{draft.pk}/").status_code == 404


def test_values_of_a_condition_are_read_by_the_type_of_their_fact():
    dictionary = elements.dictionary()
    posted = QueryDict(mutable=True)
    posted.update({"c-group": "all", "c-n": "2", "c-0-fact": "freight.cargo_kind", "c-0-op": "in"})
    posted.setlist("c-0-value", ["general", "dangerous"])
    posted.update({"c-1-fact": "subsidy.months", "c-1-op": "ge", "c-1-value": "3"})
    assert items_rules.read(posted, "c", dictionary) == {
        "all": [
            {"fact": "freight.cargo_kind", "op": "in", "value": ["general", "dangerous"]},
            {"fact": "subsidy.months", "op": "ge", "value": 3},
        ]
    }
    posted["c-n"] = "99999999"
    assert items_rules.read(posted, "c", dictionary) == {"all": []}
    assert items_form.path_from("materials-0-name") == ("materials", 0, "name")
