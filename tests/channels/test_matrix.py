"""Every address of the product, asked by every role about another's things: tests/channels/matrix.py."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests import benefits, bundles, people
from tests.channels.acts_matrix import ACTS
from tests.channels.api_matrix import API, HOUSE
from tests.channels.bundle_matrix import BUNDLES
from tests.channels.claims_matrix import CLAIMS
from tests.channels.consult_matrix import CONSULT
from tests.channels.finance_matrix import FINANCE
from tests.channels.kiosk_matrix import KIOSK
from tests.channels.knowledge_matrix import KNOWLEDGE
from tests.channels.matrix import MATRIX as WITHOUT_KIOSK
from tests.channels.matrix import ROLES, WORDS, Row, World
from tests.channels.push_matrix import PUSH
from tests.channels.tickets_matrix import TICKETS
from tests.channels.visitors import content_of, visitor
from yueban.approvals.models import Task
from yueban.cases.models import MaterialFile
from yueban.documents.choices import DocumentState
from yueban.documents.models import Document

pytestmark = pytest.mark.django_db
MATRIX = (
    *WITHOUT_KIOSK,
    *API,
    *HOUSE,
    *KIOSK,
    *BUNDLES,
    *CLAIMS,
    *FINANCE,
    *PUSH,
    *TICKETS,
    *KNOWLEDGE,
    *CONSULT,
)


@pytest.fixture(scope="module")
def world(rows_of_module) -> World:
    """The owner's case under review, with a document, and a draft of his."""
    case = people.accepted()
    draft = people.draft()
    file = MaterialFile.objects.get(material__case=case, material__key="safety-rules").file
    document = Document.objects.get(subject_number=case.number, kind="acceptance")
    document.file, document.state = file, DocumentState.READY
    document.save(update_fields=["file", "state"])
    draft_file = draft.files.get(material_key="safety-rules").file
    others = (benefits.notice_of(case), benefits.order_of(case), benefits.rating_of(case))
    bundle = bundles.received(bundles.publish_bundle())
    receipt = Document.objects.get(subject_number=bundle.number)
    receipt.file, receipt.state = file, DocumentState.READY
    receipt.save(update_fields=["file", "state"])
    return World(case, draft, file, draft_file, document, *others, bundle, receipt)


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespace."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        else:
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


class Asker:
    """One person at every address; whatever a request changes is undone, his session included."""

    def __init__(self, role: str | None) -> None:
        self.role = role
        self.client = visitor(role)

    def ask(self, row: Row, address: str) -> tuple[int, bytes]:
        """Status and body."""
        with transaction.atomic():
            response = getattr(self.client, row.method)(address, row.data)
            body = content_of(response)
            transaction.set_rollback(True)
        if row.name == "portal:sign-out":
            self.client = visitor(self.role)
        return response.status_code, body


def test_every_address_is_in_the_matrix():
    assert set(addresses(get_resolver())) == {row.name for row in MATRIX}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_each_role_gets_what_the_matrix_says(role, world, settings):
    settings.YUEBAN_DEMO_CLOCK = True
    column, asker = ROLES.index(role), Asker(role)
    found = {}
    for row in MATRIX:
        address = row.address(world)
        status, _ = asker.ask(row, address)
        if status != row.statuses[column]:
            found[f"{row.method} {address}"] = f"{status}, not {row.statuses[column]}"
    assert found == {}


@pytest.mark.parametrize("name", ACTS)
def test_each_act_of_the_desk_needs_its_post(name):
    make, statuses, task_key = ACTS[name]
    case = make()
    task = Task.objects.filter(reference_number=case.number, key=task_key).first()
    points = {f"check-{n}": "conforms" if name != "disapprove" else "deviates" for n in range(9)}
    data = WORDS | points | ({"task": str(task.pk)} if task else {})
    row = Row("desk:act", statuses, method="post", data=data)
    address = reverse("desk:act", args=[case.number, name])
    assert {role: Asker(role).ask(row, address)[0] for role in ROLES} == dict(
        zip(ROLES, statuses, strict=True)
    )


# What a made-up number looks like, in the order of the arguments of an address.
MADE_UP = {
    "case": "33060220261122000099995",
    "draft": "SQ22222222222222",
    "file": "0" * 32,
    "code": "f" * 32,
    "order": "ZF2026112200000000",
    "rating": "PJ2026112200000000",
}


def made_up(row: Row, world: World) -> str | None:
    """The same address with numbers that nobody ever gave out; None when it names nothing of the world."""
    swap = {
        world.case.number: MADE_UP["case"],
        world.draft.number: MADE_UP["draft"],
        world.file.number: MADE_UP["file"],
        world.draft_file.number: MADE_UP["file"],
        world.document.verify_code: MADE_UP["code"],
        world.order.number: MADE_UP["order"],
        world.rating.number: MADE_UP["rating"],
    }
    arguments = row.arguments(world)
    if not set(arguments) & set(swap):
        return None
    try:
        return reverse(row.name, args=[swap.get(argument, argument) for argument in arguments])
    except NoReverseMatch:
        return None


def plain(body: bytes, *numbers: str) -> str:
    """A page without its tokens and without the numbers asked for."""
    text = re.sub(r'(csrfmiddlewaretoken|key)" value="[^"]*"', "", body.decode())
    for number in numbers:
        text = text.replace(number, "")
    return text


@pytest.mark.parametrize("role", [people.STRANGER, people.CITIZEN, people.OTHER_COUNTY, people.EDITOR])
def test_what_is_anothers_answers_like_what_does_not_exist(role, world, settings):
    settings.YUEBAN_DEMO_CLOCK = True
    numbers = (world.case.number, world.draft.number, world.file.number, world.draft_file.number)
    numbers += (world.order.number, world.rating.number)
    differing, asker = [], Asker(role)
    for row in MATRIX:
        guess = made_up(row, world)
        # A verification code is a secret of the paper: whoever holds it may check it.
        if guess is None or row.name in {"portal:verify", "api-1:verify"}:
            continue
        real, invented = asker.ask(row, row.address(world)), asker.ask(row, guess)
        same = real[0] == invented[0] and plain(real[1], *numbers, world.document.verify_code) == plain(
            invented[1], *MADE_UP.values()
        )
        if not same:
            differing.append((row.method, row.address(world), real[0], invented[0]))
    assert differing == []


PRIVATE_LISTS = (
    "/my/",
    "/my/messages",
    "/desk/?text={}",
    "/desk/done/?text={}",
    "/desk/cases/?text={}",
    "/desk/cases/",
)
PUBLIC = (
    "/search?q={}",
    "/search/suggest?q={}",
    "/items/?q={}",
    "/api/v1/items?text={}",
    "/api/v1/verify/{}",
    "/api/v1/cases/{}",
)


@pytest.mark.parametrize("role", [None, people.STRANGER, people.CITIZEN, people.OTHER_COUNTY, people.EDITOR])
def test_no_list_and_no_search_shows_anothers_case(role, world):
    client = visitor(role)
    for address in (*PRIVATE_LISTS, *PUBLIC):
        for text in (world.case.number, "示例运输"):
            body = content_of(client.get(address.format(text))).decode()
            assert "示例运输有限公司" not in body, address
            assert f"/cases/{world.case.number}" not in body, address
