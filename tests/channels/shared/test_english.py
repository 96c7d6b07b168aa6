"""English: every text of the portal has its English, and what stays Chinese is marked as Chinese."""

import re

import pytest
from django.utils import translation

from tests import people
from tests.channels.visitors import visitor
from yueban.channels.shared.passages import mark_chinese
from yueban.channels.shared.sayings import said
from yueban.commands import translations
from yueban.commands.wording import wording

HAN = re.compile(r"[\u3400-\u9fff]")
PAGES = (
    "/",
    "/items/",
    "/items/road-freight-permit/",
    "/items/road-freight-permit/situation",
    "/search?q=freight",
    "/progress",
    "/verify",
    "/sign-in",
    "/view",
    "/about/demo",
    "/about/privacy",
    "/nowhere",
)


def english(who: str | None = None):
    someone = visitor(who)
    someone.cookies["django_language"] = "en"
    return someone


def test_no_text_is_without_its_english():
    known = translations.translations(translations.CATALOGUE)
    assert [text for text in wording() if not all(known.get(text, ("",)))] == []
    assert set(known) == set(wording()), "run yueban translations"


def test_the_names_in_a_text_stay_in_its_english():
    names = re.compile(r"%\((\w+)\)s")
    known = translations.translations(translations.CATALOGUE)
    for text, forms in known.items():
        for form in forms:
            assert set(names.findall(form)) == set(names.findall(text)), text


def test_the_english_of_a_text_is_no_chinese():
    known = translations.translations(translations.CATALOGUE)
    quoted = {text: re.sub(r"“[^”]*”|坡塘|开饭店", "", "".join(forms)) for text, forms in known.items()}
    assert [text for text, form in quoted.items() if HAN.search(form)] == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = translations.CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled_bytes(translations.CATALOGUE), "run yueban translations"


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_chinese_in_an_english_page_is_marked(address):
    answer = english().get(address)
    page = answer.content.decode()
    assert answer["Content-Length"] == str(len(answer.content))
    assert '<html lang="en"' in page
    body = page[page.index("<body") :]
    body = re.sub(r'<(\w+)[^>]*\slang="zh[^"]*"[^>]*>.*?</\1>', "", body, flags=re.DOTALL)
    assert HAN.findall(re.sub(r"<[^>]*>", "", body)) == []


@pytest.mark.django_db
def test_names_and_questions_of_an_item_are_english():
    someone = english()
    assert "Road freight transport business permit" in someone.get("/search?q=货运").content.decode()
    guide = someone.get("/items/road-freight-permit/").content.decode()
    assert "<h1>Road freight transport business permit</h1>" in guide
    assert "The legal text is in Chinese." in guide


@pytest.mark.django_db
def test_labels_of_a_form_and_dates_are_english():
    draft = people.draft()
    page = english(people.OWNER).get(f"/apply/{draft.number}/").content.decode()
    assert "Gross mass" in page
    assert "年" not in re.sub(r'<span lang="zh">.*?</span>', "", page[page.index("<main") :])


def test_passages_are_marked_once_and_tags_stay_whole():
    html = '<p title="中文">In 越城区, <b lang="zh">绍兴</b> and 柯桥区。</p><select><option value="1">一</option></select>'
    assert mark_chinese(html) == (
        '<p title="中文">In <span lang="zh">越城区</span>, <b lang="zh">绍兴</b> and '
        '<span lang="zh">柯桥区。</span></p><select><option value="1" lang="zh">一</option></select>'
    )


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("还有3个工作日（11月25日前）", "3 working days left (by 25/11)"),
        ("5个工作日", "5 working days"),
        ("已受理", "Accepted"),
        ("由部门核对车辆登记，不用您交。", "The department checks 车辆登记; nothing to hand in."),
        ("没有人知道的一句话。", "没有人知道的一句话。"),
    ],
)
def test_sentences_of_services_are_told_in_english_where_they_are_known(chinese, english):
    assert said(chinese) == chinese
    with translation.override("en"):
        assert said(chinese) == english


@pytest.mark.django_db
def test_what_happens_next_in_a_case_is_told_in_english():
    case = people.submitted()
    page = english(people.OWNER).get(f"/my/cases/{case.number}/").content.decode()
    assert "receives it within 1 working day. Nothing for you to do now." in page
