"""Every form of the city can be filled in, every application handed in, and every step then finds its agency."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests import people
from tests.law.test_examples import BOOKS
from yueban.agencies.models import Agency
from yueban.cases import selectors as cases_read
from yueban.cases.routes import task_plans
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled, CompiledField
from yueban.catalogue.models import ItemVersion
from yueban.flows import apply
from yueban.kernel import clock

pytestmark = pytest.mark.django_db
COUNTY = "330602000000"
WORDS = {
    "": "示例文字",
    "paragraphs": "示例文字",
    "person_name": "陈示例",
    "resident_id": "999999196905120118",
    "uscc": "91999999MA990001XD",
    "mobile": "13800000001",
    "phone": "0575-88001101",
    "plate": "浙D00001",
    "email": "someone@example.com",
    "postcode": "312000",
}


def value_of(field: CompiledField) -> Any:
    """Something that fits the field."""
    match field.type:
        case "text":
            return WORDS[field.format]
        case "code":
            return field.choices[0].value
        case "codes":
            return [field.choices[0].value]
        case "date":
            return clock.today().isoformat()
        case "boolean":
            return True
        case "division":
            return COUNTY
        case "industry":
            return "G5430"
        case _:
            return number_of(field)


def number_of(field: CompiledField) -> str:
    """The least number that the field takes, and one more where the limit itself is not taken."""
    bounds = field.bounds
    if bounds is None:
        return "1"
    least = bounds.minimum if bounds.minimum is not None else (bounds.above or Decimal(0)) + 1
    return str(least)


def filled(compiled: Compiled, facts: dict[str, Any]) -> dict[str, Any]:
    """The whole form with everything that may be asked on this path."""
    data: dict[str, Any] = {}
    for _ in range(3):  # what is filled in may open further sections and fields
        known = {**facts, **data}
        for section in catalogue.applicable_sections(compiled, known):
            fields = catalogue.applicable_fields(compiled, section, known)
            row = {field.element: value_of(field) for field in fields}
            data |= {section.key: [row]} if section.repeat else row
    return data


def proceeding() -> Iterator[tuple[str, str]]:
    """Every example of the law that may go on."""
    for stem, book in BOOKS.items():
        for example in book["examples"]:
            if example["outcome"] == "proceed":
                yield stem, example["name"]


def answers_of(stem: str, name: str) -> dict[str, Any]:
    return next(dict(one["answers"]) for one in BOOKS[stem]["examples"] if one["name"] == name)


def version_of(stem: str) -> ItemVersion:
    return catalogue.get_published(stem, BOOKS[stem].get("division"))


@pytest.mark.parametrize(("stem", "name"), list(proceeding()))
def test_the_form_of_every_example_can_be_filled_in(stem, name):
    compiled = version_of(stem).compiled
    facts = dict(catalogue.walk(compiled, answers_of(stem, name)).facts)
    assert catalogue.validate_form(compiled, filled(compiled, facts), facts).errors == {}


@pytest.mark.parametrize("stem", BOOKS)
def test_an_application_can_be_handed_in_and_every_step_finds_its_agency(stem):
    version = version_of(stem)
    name = next(name for key, name in proceeding() if key == stem)
    answers = answers_of(stem, name)
    person = people.actor("chen")
    party = (
        person.parties[0].id if "person" in version.compiled.guide.audiences else people.company_of(person)
    )
    application = apply.start(person, version.pk, answers, party)
    facts = dict(catalogue.walk(version.compiled, answers).facts)
    apply.save_draft(person, application.number, filled(version.compiled, facts), application.revision)
    for material in apply.check(person, application.number).materials:
        if material.is_missing:
            people.attach(person, application.number, material.key)
    ready = apply.check(person, application.number)
    assert ready.errors == {}
    assert [material.key for material in ready.materials if material.is_missing] == []
    if version.compiled.intake_periods:
        return  # handed in within its periods only, see tests/flows
    case = apply.submit(person, application.number)
    plans = task_plans(cases_read.get_case(person, case.number))
    assert plans
    # A source that is asked and gives no answer adds its department's people to the route.
    plans = [plan for plan in plans if plan.key in {step.key for step in version.compiled.route.steps}]
    kinds = dict(Agency.objects.values_list("pk", "kind"))
    wanted = {step.key: step.agency_kind or version.agency.kind for step in version.compiled.route.steps}
    own_town_unknown = {version.agency.kind} if "town-government" in wanted.values() else set()
    assert all(kinds[plan.agency_id] in {wanted[plan.key]} | own_town_unknown for plan in plans)
