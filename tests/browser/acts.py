"""What people do on pages, told once: filling in by name, handing in files, answering points."""

import re

from playwright.sync_api import FilePayload, Locator, Page

from tests import people

CASE_NUMBER = re.compile(r"/my/cases/(\d{23})/")
# What chen still has to fill in: the rest is known and put there for him.
FORM: dict[str, str] = {
    "freight.scope": "general",
    "contact.id_type": "resident_id",
    "contact.id_number": "99999919850316001X",
    "vehicles-0-vehicle.plate": "浙D00001",
    "vehicles-0-vehicle.type": "heavy_truck",
    "vehicles-0-vehicle.gross_mass": "18",
    "vehicles-0-vehicle.inspection_valid_until": "2027-06-30",
    "drivers-0-driver.name": "孙驾驶",
    "drivers-0-driver.id_number": "999999198806120058",
    "drivers-0-driver.qualification_number": "999999198806120058",
    "delivery.method": "window",
}
SITUATION = "/items/road-freight-permit/situation?division=330602000000"
ANSWERED = SITUATION + "".join(f"&{name}={value}" for name, value in people.ANSWERS.items())


def paper(name: str) -> FilePayload:
    """A small PDF of this name."""
    return {"name": name, "mimeType": "application/pdf", "buffer": people.PDF + name.encode()}


def named(page: Page, name: str) -> Locator:
    """The controls of this name."""
    return page.locator(f'[name="{name}"]')


def fill(page: Page, values: dict[str, str]) -> None:
    """Fill in each control in its own way."""
    for name, value in values.items():
        control = named(page, name)
        kind = control.first.evaluate("e => e.type")
        if kind in ("radio", "checkbox"):
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)


def answer_points(page: Page, answer: str = "符合") -> None:
    """Answer every point of the checklist alike."""
    for point in page.locator("fieldset.point").all():
        point.get_by_label(answer, exact=True).check()


def press(page: Page, name: str, *, exact: bool = False) -> None:
    """Press the button or button-like link of this name and wait for the page it leads to."""
    found = page.get_by_role("button", name=name, exact=exact).or_(
        page.get_by_role("link", name=name, exact=exact)
    )
    with page.expect_navigation():
        found.first.click()
