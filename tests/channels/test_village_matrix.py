"""The villager's case asked for by everybody it meets and by their neighbours: tests/channels/village_matrix.py."""

import io

import pytest
from openpyxl import load_workbook

from tests import benefits, people, village, village_bundle
from tests.channels.api_matrix import API
from tests.channels.matrix import MATRIX, Row, World
from tests.channels.test_matrix import Asker, made_up, plain
from tests.channels.village_matrix import NEIGHBOURS, VILLAGE_MATRIX
from tests.channels.visitors import content_of, visitor
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.documents.choices import DocumentState
from yueban.documents.models import Document
from yueban.flows import review
from yueban.kernel.errors import NotFound
from yueban.parties.models import Mandate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(rows_of_module) -> World:
    """The villager's case under public notice, a draft for his neighbour, an order, a rating."""
    case = village.handed_in()
    review.accept(people.actor(village.CLERK), case.number)
    for username in ("reviewer-shi", "checker-qi", "reviewer-tao"):
        worker = people.actor(username)
        task = approvals.inbox(worker).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    case.refresh_from_db()
    draft = village.draft(person="shen-gaoling")
    document = Document.objects.get(subject_number=case.number, kind="acceptance")
    signature = Mandate.objects.get(number=case.mandate_number).signature
    assert signature is not None
    document.file, document.state = signature, DocumentState.READY
    document.save(update_fields=["file", "state"])
    others = (benefits.notice_of(case), benefits.order_of(case), benefits.rating_of(case))
    bundle = village_bundle.handed_in()
    drafted = village_bundle.draft()
    return World(case, draft, signature, signature, document, *others, bundle, None, drafted)


@pytest.mark.parametrize("who", NEIGHBOURS)
def test_each_neighbour_gets_what_the_matrix_says(who, world):
    column, asker = NEIGHBOURS.index(who), Asker(who)
    found = {}
    for row in VILLAGE_MATRIX:
        address = row.address(world)
        status, _ = asker.ask(row, address)
        if status != row.statuses[column]:
            found[f"{row.method} {address}"] = f"{status}, not {row.statuses[column]}"
    assert found == {}


OUTSIDERS = ("helper-he", "sun", "zhao", "clerk-zhou", "reviewer-zheng", "reviewer-han")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_is_the_villagers_answers_like_what_does_not_exist(who, world):
    asker, differing = Asker(who), []
    numbers = (world.case.number, world.draft.number, world.file.number, world.document.verify_code)
    for row in VILLAGE_MATRIX:
        guess = made_up(row, world)
        if guess is None:
            continue
        real, invented = asker.ask(row, row.address(world)), asker.ask(row, guess)
        same = real[0] == invented[0] and plain(real[1], *numbers) == plain(invented[1])
        if not same and real[0] != 403:
            differing.append((row.method, row.address(world), real[0], invented[0]))
    assert differing == []


@pytest.mark.parametrize("who", [*OUTSIDERS, None])
def test_the_signature_of_a_mandate_is_no_file_for_others(who, world):
    client = visitor(who)
    assert client.get(f"/files/{world.file.number}").status_code in ((302,) if who is None else (404,))


LISTS = (
    "/my/",
    "/my/messages",
    "/my/mandates",
    "/my/looks",
    "/my/family",
    "/my/facts",
    "/desk/?text={}",
    "/desk/",
    "/desk/done/?text={}",
    "/desk/cases/?text={}",
    "/desk/cases/",
    "/desk/intake/",
    "/desk/villagers/",
    "/desk/shift/",
    "/desk/live/",
    "/desk/payments/",
    "/desk/ratings/",
)
SHEETS = ("/desk/cases/export.xlsx", "/desk/payments/export.xlsx", "/desk/ratings/export.xlsx")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_list_no_search_and_no_sheet_shows_the_villager_to_outsiders(who, world):
    client = visitor(who)
    for address in LISTS:
        for text in (world.case.number, "林示意"):
            body = content_of(client.get(address.format(text))).decode()
            assert f"/{world.case.number}" not in body, address
            assert ">林示意" not in body, address
    for address in SHEETS:
        response = client.get(address)
        if response.status_code == 200:
            assert not {world.case.number, "林示意", world.order.number} & cells(content_of(response)), (
                address
            )


def cells(sheet: bytes) -> set[str]:
    """Every value of a workbook."""
    book = load_workbook(io.BytesIO(sheet), read_only=True)
    return {str(value) for page in book for row in page.iter_rows(values_only=True) for value in row}


def test_the_helpers_own_lists_do_show_him(world):
    client = visitor("helper-xu")
    assert world.case.number in content_of(client.get("/desk/cases/")).decode()
    assert {world.case.number} <= cells(content_of(client.get("/desk/cases/export.xlsx")))


# Addresses of one thing that no neighbour's column covers: there is nothing of the villager's behind them.
WITHOUT_HIM = {
    "portal:materials",
    "portal:upload",
    "portal:promise",
    "portal:object-to-value",
    "portal:object-to-answer",
    "portal:object-to-record",
    "desk:data-objection",
    "portal:use-again",
    "portal:unproved-file",
    "portal:unproved-promise",
    "portal:remove-file",
    "portal:supplement-file",
    "portal:owed-file",
    "portal:file",
    "portal:mandate-sheet",
    "portal:mandate-revoke",
    "portal:notice",
    "portal:rate",
    "portal:verify",
    "portal:redirect",
    "desk:file",
    "desk:draft-file",
    "desk:assist-supplement",
    "desk:shift-undo",
    "desk:rating-step",
    "api-1:verify",
}


def arguments_of(row: Row, world) -> list[str]:
    """What the address names; a thing that only the freight case has (an inspection) has no counterpart here."""
    try:
        return row.arguments(world)
    except NotFound:
        return []


def test_every_address_of_one_thing_is_asked_by_the_neighbours(world):
    numbers = {world.case.number, world.draft.number, world.order.number, world.rating.number}
    of_one_thing = {row.name for row in (*MATRIX, *API) if set(arguments_of(row, world)) & numbers}
    assert of_one_thing - {row.name for row in VILLAGE_MATRIX} <= WITHOUT_HIM
