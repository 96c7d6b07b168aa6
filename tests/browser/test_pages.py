"""Every page and every state: WCAG 2.2 AA, no sideways scrolling, targets for fingers, a quiet console."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import expect

from tests import bundles, listing, people, village
from tests.browser.checks import sideways, small_for_elders, small_targets, violations
from tests.browser.city import cases_in_every_state
from tests.browser.kiosk_pages import KIOSK_PAGES, KIOSK_STATES, NO_KIOSK_PAGES
from tests.browser.look import Look
from tests.browser.no_pages import NO_PAGES
from tests.browser.numbers import Numbers
from tests.browser.pages import DESK_STATES, PAGES, PORTAL_STATES
from tests.browser.visits import DESK, KIOSK_SIZES, Visits
from tests.channels.matrix import company_mandate
from tests.flows.photos import photo
from tests.sites import serve_site
from yueban.assistant import shelf
from yueban.documents import selectors as documents
from yueban.documents.services import render_document
from yueban.flows import bundle_window, exchange_items, inspect_place, keep_knowledge
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def numbers(own_database, django_db_blocker, browser, tmp_path_factory, run_jobs) -> Iterator[Numbers]:
    """The cases all looks share; the database is thrown away afterwards."""
    with django_db_blocker.unblock():
        with cases_in_every_state(tmp_path_factory.mktemp("data"), run_jobs) as built:
            keep_knowledge.keep()
            shelf.forget()
            yield built
        shelf.forget()
        own_database.renew()


@pytest.fixture(scope="module")
def city(numbers, browser) -> Iterator[Visits]:
    """People looking at the one site."""
    with serve_site() as site:
        opened = Visits(browser, site.url)
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def data_dir():
    """The files of the module's cases stay where they are."""


def look_at(city: Visits, numbers: Numbers, look: Look, **cookies: str):
    page = city.borrow(look.who, **cookies)
    page.goto(numbers.fill(look.address))
    if look.first:
        look.first(page)
    expect(page.locator("body")).to_contain_text(look.says)
    return page


def names(looks) -> list[str]:
    return [look.name for look in looks]


@pytest.mark.parametrize("look", PAGES, ids=names(PAGES))
def test_a_page_is_for_everybody_at_both_widths(look, city, numbers):
    page = look_at(city, numbers, look)
    found = {"axe 390": violations(page), "sideways 390": sideways(page), "small": small_targets(page)}
    page.set_viewport_size(DESK["viewport"])
    found |= {"axe 1440": violations(page), "sideways 1440": sideways(page), "console": [*city.complaints]}
    assert {name: faults for name, faults in found.items() if faults} == {}


PORTAL_PAGES = tuple(look for look in PAGES if look.name.startswith("portal:"))
ZOOMED_PX = (320, 640)  # 400 % and 200 % of a window of 1280


@pytest.mark.parametrize("look", PORTAL_PAGES, ids=names(PORTAL_PAGES))
def test_a_page_in_the_large_view_is_large_and_fits(look, city, numbers):
    page = look_at(city, numbers, replace(look, says=""), yueban_view="elder")
    expect(page.locator('html[data-mode="elder"]')).to_have_count(1)
    found = {"axe": violations(page), "small": small_for_elders(page), "sideways 390": sideways(page)}
    for width in ZOOMED_PX:
        page.set_viewport_size({"width": width, "height": 700})
        found[f"sideways {width}"] = sideways(page)
    found["console"] = [*city.complaints]
    assert {name: faults for name, faults in found.items() if faults} == {}


# The pages of one whole case in the default run; every page with `./yueban test --all`.
ON_THE_WAY = {
    f"portal:{name}" for name in ("home", "guide", "situation", "form", "preview", "case", "outlets")
}
IN_ENGLISH = [
    pytest.param(look, id=look.name, marks=() if look.name in ON_THE_WAY else pytest.mark.slow)
    for look in PORTAL_PAGES
]


@pytest.mark.parametrize("look", IN_ENGLISH)
def test_a_page_in_english_and_in_high_contrast_is_for_everybody(look, city, numbers):
    chosen = {
        "django_language": "en",
        "yueban_contrast": "high",
        "yueban_size": "larger",
        "yueban_tools": "open",
    }
    page = look_at(city, numbers, replace(look, says=""), **chosen)
    expect(page.locator('html[lang="en"][data-contrast="high"]')).to_have_count(1)
    found = {"axe": violations(page), "sideways": sideways(page), "small": small_targets(page)}
    page.set_viewport_size({"width": 320, "height": 700})
    found |= {"sideways 320": sideways(page), "console": [*city.complaints]}
    assert {name: faults for name, faults in found.items() if faults} == {}


STATES = {f"portal, {look.name}": look for look in PORTAL_STATES} | {
    f"desk, {look.name}": look for look in DESK_STATES
}


@pytest.mark.parametrize("look", STATES.values(), ids=STATES.keys())
def test_a_state_is_for_everybody_on_a_phone(look, city, numbers):
    page = look_at(city, numbers, look)
    found = {"axe": violations(page), "sideways": sideways(page), "small": small_targets(page)}
    found["console"] = [*city.complaints]
    assert {name: faults for name, faults in found.items() if faults} == {}


KIOSK_LOOKS = {look.name: look for look in KIOSK_PAGES} | {
    f"kiosk, {look.name}": look for look in KIOSK_STATES
}


@pytest.mark.parametrize("look", KIOSK_LOOKS.values(), ids=KIOSK_LOOKS.keys())
def test_a_screen_of_the_kiosk_is_for_everybody_at_both_sizes(look, city, numbers):
    page = city.borrow_kiosk(look.who)
    page.goto(numbers.fill(look.address))
    if look.first:
        look.first(page)
    expect(page.locator("body")).to_contain_text(look.says)
    expect(page.locator("html[data-kiosk]")).to_have_count(1)
    found = {}
    for size in KIOSK_SIZES:
        page.set_viewport_size(size)
        found |= {f"axe {size['width']}": violations(page), f"sideways {size['width']}": sideways(page)}
        found[f"small {size['width']}"] = small_for_elders(page)
    found["console"] = [*city.complaints]
    assert {name: faults for name, faults in found.items() if faults} == {}


def routes() -> dict[str, URLPattern]:
    """Every address of portal, kiosk and desk by its name."""
    resolver = get_resolver()
    return {
        f"{space}:{pattern.name}": pattern
        for space, (_, part) in resolver.namespace_dict.items()
        if space in ("portal", "kiosk", "desk")
        for pattern in part.url_patterns
    }


WITHOUT_PAGE = NO_PAGES | NO_KIOSK_PAGES


def test_every_address_is_looked_at_or_known_to_be_no_page():
    looked_at = [*names(PAGES), *names(KIOSK_PAGES)]
    assert len(set(looked_at)) == len(looked_at)
    assert set(looked_at) | WITHOUT_PAGE.keys() == routes().keys()
    assert set(looked_at).isdisjoint(WITHOUT_PAGE)


MONEY = (
    *(
        "desk:budgets-export",
        "desk:budget-export",
        "desk:batch-make",
        "desk:batch-file",
        "desk:budget-change",
    ),
    *("desk:batches-export", "desk:batch-export", "desk:recoveries-export"),
)


@pytest.mark.parametrize("name", sorted(WITHOUT_PAGE))
def test_an_address_without_a_page_answers_with_none(name, numbers):
    parts = {
        "key": "road-freight-permit",
        "kind": "slip" if name == "desk:slip" else "case",
        "act": "receive",
        "file_number": numbers.file,
    }
    parts |= {"code": numbers.codes["certificate"], "number": numbers.cases["ready"]}
    parts |= {"version": numbers.codes["item_draft"], "section": "basics"}
    parts["case_number"] = numbers.cases["ready"]
    own = {
        "desk:preview": numbers.cases["deciding"],
        "desk:file": numbers.cases["applied"],
        "desk:export-file": numbers.codes["export"],
        "portal:file": numbers.file,
        "portal:mandate-sheet": company_mandate(),
        "desk:draft-mandate": numbers.cases["assisted_draft"],
        "desk:draft-file": numbers.cases["assisted_draft"],
    }
    parts |= {"form": "xlsx", "prefix": numbers.codes["key"], "username": people.CLERK}
    parts["task"] = numbers.codes["inspection"]
    parts["number"] = own.get(name, parts["number"])
    if name == "desk:draft-file":
        parts["file_number"] = numbers.codes["assisted_file"]
    if name == "desk:claim-file":
        parts |= {"number": numbers.codes["claim"], "file_number": numbers.codes["claim_file"]}
    if name == "desk:item-returned":
        parts["number"] = a_returned_workbook()
    if name == "desk:inspection-photo":
        parts["number"] = a_photo(int(parts["task"]))
    if name in MONEY:
        parts |= {"key": "digital-economy", "year": 2026, "number": numbers.codes["batch"]}
    if name.endswith(":recovery-paper"):
        parts["number"] = numbers.codes["recovery"]
        (paper,) = documents.documents_of(Reference("recovery", parts["number"]))
        render_document(paper.pk)
    if name == "desk:policy-word":
        parts |= {"key": "test-manufacturing", "paper": "notice"}
    if name.endswith((":bundle-document", ":bundle-slip")):
        parts |= a_receipt_of_all() | {"kind": "slip"}
    if name == "portal:object-to-record":
        parts |= {"number": listing.with_record().number, "key": "ecology"}
    watched = ("desk:payments-export", "desk:entries-export", "desk:export-file")
    signs_in = dict.fromkeys(watched, people.SUPERVISOR)
    signs_in |= {name: people.EDITOR for name in NO_PAGES if name.startswith("desk:item")}
    signs_in |= dict.fromkeys(("desk:inspection-photo", "desk:claim-file"), people.REVIEWER)
    signs_in |= dict.fromkeys(("desk:answers-export", "desk:consultations-export"), people.EDITOR)
    signs_in |= dict.fromkeys(("desk:bundle-document", "desk:bundle-slip"), people.CLERK)
    signs_in |= dict.fromkeys(("desk:draft-file", "desk:draft-mandate"), village.HELPER)
    signs_in |= dict.fromkeys((*MONEY, "desk:recovery-paper"), "payer-tong") | {
        "desk:policy-word": "policy-ding"
    }
    visitor = Client()
    who = people.DECIDER if name.startswith("desk") else people.OWNER
    visitor.post("/sign-in", {"username": signs_in.get(name, who)})
    address = reverse(name, kwargs={key: parts[key] for key in routes()[name].pattern.converters})
    answer = visitor.get(address, {"q": "货运"})
    assert kind_of(answer) == WITHOUT_PAGE[name]


def a_returned_workbook() -> str:
    """The marked copy of an editor's workbook."""
    content = exchange_items.export_excel([])
    return exchange_items.keep_returned(people.actor(people.EDITOR), content, "items.xlsx").number


def a_receipt_of_all() -> dict[str, str]:
    """The one receipt of a bundle that the window has taken in, made."""
    number = bundles.goods_submitted().number
    bundle_window.receive_all(people.actor(people.CLERK), number)
    paper = documents.documents_of(Reference("bundle", number))[0]
    render_document(paper.pk)
    return {"number": number, "code": paper.verify_code}


def a_photo(task_id: int) -> str:
    """A picture of the place that is inspected."""
    picture = io.BytesIO(photo())
    return inspect_place.add_photo(
        people.actor(people.REVIEWER), task_id, picture, name="现场.jpg"
    ).file.number


def kind_of(answer) -> str:
    """What came back: a file, a part of a page, a way on, a refusal of anything but POST."""
    if answer.status_code in (302, 405):
        return {302: "redirect", 405: "only POST"}[answer.status_code]
    assert answer.status_code == 200
    content = answer.getvalue()
    answer.close()
    if not answer["Content-Type"].startswith("text/html"):
        return "file"
    return "page" if b"<html" in content else "part"


def test_the_checks_find_what_they_look_for(city):
    city.close()
    page = city.open("/about/demo")
    page.evaluate("""() => {
      document.body.innerHTML = '<main><img src="/static/shared/mark.svg"><button>x</button><p>y</p></main>';
      document.querySelector('p').style.width = '900px';  // set by a script, which the CSP allows
    }""")
    assert [fault.split(":")[0] for fault in violations(page)] == ["image-alt"]
    assert len(small_targets(page)) == 1
    assert sideways(page)
    assert city.complaints == []
    page.evaluate("() => { document.body.innerHTML = '<p style=\\'color:red\\'>z</p>' }")
    page.wait_for_timeout(50)
    assert any("CSP" in said for said in city.complaints)
    city.close()
