"""The second wall by itself: statements without any `…_visible_to`, as the application's own role."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests import benefits, bundles, people
from tests.channels.matrix import ROLES
from tests.channels.visitors import visitor
from tests.matching.world import DIGITAL, offers
from yueban.accounts import walls
from yueban.accounts.walls import Wall
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.approvals.selectors import tasks_visible_to
from yueban.cases.choices import CaseState
from yueban.cases.models import (
    Application,
    BundleApplication,
    BundleCase,
    BundleChildCase,
    Case,
    CaseMaterial,
)
from yueban.cases.selectors import (
    applications_visible_to,
    bundle_applications_visible_to,
    bundle_cases_visible_to,
    cases_visible_to,
)
from yueban.certificates.models import Certificate
from yueban.documents.models import Document
from yueban.flows import levels, review
from yueban.flows.wall_of import wall_of
from yueban.kernel import clock
from yueban.kernel.actor import ANONYMOUS, Actor
from yueban.matching import services as matching
from yueban.matching.models import Push, PushSetting, ReplacedFacts
from yueban.parties.models import EnterpriseFacts, Party, Profile
from yueban.payments.models import PaymentOrder
from yueban.payments.selectors import orders_visible_to

pytestmark = pytest.mark.django_db

WALLED = {
    "approvals_task": Task,
    "cases_application": Application,
    "cases_bundleapplication": BundleApplication,
    "cases_bundlecase": BundleCase,
    "cases_bundlechildcase": BundleChildCase,
    "cases_case": Case,
    "cases_caseexport": None,
    "cases_casematerial": CaseMaterial,
    "certificates_certificate": Certificate,
    "certificates_certificateuse": None,
    "certificates_dataobjection": None,
    "certificates_exchange": None,
    "certificates_holding": None,
    "certificates_promise": None,
    "certificates_promisebar": None,
    "certificates_satisfaction": None,
    "claims_autoentry": None,
    "claims_claim": None,
    "claims_claimfile": None,
    "documents_document": Document,
    "matching_push": None,
    "matching_pushsetting": None,
    "matching_replacedfacts": None,
    "parties_enterprisefacts": EnterpriseFacts,
    "parties_look": None,
    "parties_party": Party,
    "parties_profile": Profile,
    "payments_paymentorder": PaymentOrder,
    "payments_recovery": None,
}
NOT_FILLED = {
    *("claims_autoentry", "claims_claim", "claims_claimfile"),  # tests/claims fills them
    # filled where pushes are asked
    *("matching_push", "matching_pushsetting", "matching_replacedfacts"),
    "payments_recovery",
    "parties_look",
    "certificates_certificateuse",
    "cases_caseexport",
    "certificates_dataobjection",
    "certificates_exchange",
    "certificates_holding",
    "certificates_promise",
    # filled where bundles are asked
    *("cases_bundleapplication", "cases_bundlecase", "cases_bundlechildcase"),
}
ADMINISTRATORS = ("admin-su", "admin-an", "auditor-shen")


@contextmanager
def as_seen_by(actor: Actor) -> Iterator[None]:
    """A request of this actor, as far as the database is told."""
    walls.begin_request()
    try:
        if actor.is_signed_in:
            walls.enter(wall_of(actor))
        yield
    finally:
        walls.end_request()


def rows_of(table: str, column: str = "id") -> set[object]:
    """Every value that the database shows, with nothing narrowing the question."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return {value for (value,) in cursor.fetchall()}


@pytest.fixture(scope="module")
def made_cases(rows_of_module) -> list[Case]:
    """Cases of two enterprises, one under review and one just handed in, with all that hangs on them."""
    made = [people.accepted(), people.submitted(people.STRANGER)]
    people.draft()
    benefits.order_of(made[0])
    return made


@pytest.fixture
def cases(made_cases) -> list[Case]:
    """The same, as no test before has changed them."""
    return [Case.objects.get(pk=case.pk) for case in made_cases]


def actor_of(role: str | None) -> Actor:
    return people.actor(role) if role else ANONYMOUS


@pytest.mark.parametrize("role", [*ROLES, people.DECIDER, people.CITIZEN, *ADMINISTRATORS], ids=str)
def test_without_the_first_wall_each_role_sees_what_it_may_and_no_more(role, cases):
    actor = actor_of(role)
    seen = {
        "cases_case": set(cases_visible_to(actor).values_list("number", flat=True)),
        "cases_application": set(applications_visible_to(actor).values_list("number", flat=True)),
        "payments_paymentorder": set(orders_visible_to(actor).values_list("number", flat=True)),
    }
    tasks = set(tasks_visible_to(actor).values_list("pk", flat=True))
    of_cases = set(Case.objects.filter(number__in=seen["cases_case"]).values_list("pk", flat=True))
    # With a case one sees its application, its tasks, its materials, its papers and what is paid on it.
    seen["cases_application"] |= set(
        Application.objects.filter(cases__in=of_cases).values_list("number", flat=True)
    )
    tasks |= set(Task.objects.filter(reference_number__in=seen["cases_case"]).values_list("pk", flat=True))
    seen["payments_paymentorder"] |= set(
        PaymentOrder.objects.filter(reference_number__in=seen["cases_case"]).values_list("number", flat=True)
    )
    materials = set(CaseMaterial.objects.filter(case__in=of_cases).values_list("pk", flat=True))
    with as_seen_by(actor):
        for table, numbers in seen.items():
            assert rows_of(table, "number") == numbers, table
        assert rows_of("approvals_task") == tasks
        assert rows_of("cases_casematerial") == materials
        papers = Document.objects.filter(subject_kind="case").values_list("subject_number", flat=True)
        assert set(papers) <= seen["cases_case"]


@pytest.mark.parametrize("role", [None, *ADMINISTRATORS, people.EDITOR], ids=str)
def test_who_works_on_no_matter_sees_no_row_of_any(role, cases):
    with as_seen_by(actor_of(role)):
        assert {table: rows_of(table) for table in WALLED} == {table: set() for table in WALLED}


def test_a_person_sees_himself_and_his_enterprise_and_no_other_party(cases):
    owner = people.actor(people.OWNER)
    with as_seen_by(owner):
        assert rows_of("parties_party") == {party.id for party in owner.parties}
        assert rows_of("parties_profile", "party_id") <= {party.id for party in owner.parties}
        assert rows_of("certificates_certificate", "holder_id") <= {party.id for party in owner.parties}


def test_every_table_with_a_policy_is_named_here():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        assert {name for (name,) in cursor.fetchall()} == set(WALLED)


def test_a_forgotten_setting_yields_nothing(cases, own_database):
    for table in WALLED:
        assert rows_of(table) or table in NOT_FILLED, table
    with as_seen_by(ANONYMOUS):
        for name in (
            "scope",
            "who",
            "parties",
            "agencies",
            "intakes",
            "divisions",
            "tasks",
            "roles",
            "codes",
        ):
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting(%s, true)", [f"yueban.{name}"])
                assert cursor.fetchone()[0] in (None, ""), name
        assert all(not rows_of(table) for table in WALLED)
    with psycopg.connect(own_database.url("app")) as fresh:
        for table in WALLED:
            assert fresh.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_nothing_can_be_written_beyond_the_wall(cases):
    theirs = cases[1]
    with as_seen_by(people.actor(people.OWNER)):
        assert Case.objects.filter(pk=theirs.pk).update(item_name="改名") == 0
    theirs.refresh_from_db()
    assert theirs.item_name != "改名"


def test_a_pooled_connection_never_keeps_an_actor(cases):
    client = visitor(people.OWNER)
    assert cases[0].number in client.get("/my/").content.decode()
    assert scope() == walls.SYSTEM  # outside requests this process is the platform
    walls.begin_request()
    try:
        assert rows_of("cases_case") == set()
        assert scope() in (None, "")
    finally:
        walls.end_request()
    assert cases[0].number not in Client().get("/my/", follow=True).content.decode()


def test_one_request_after_another_on_one_connection_sees_only_its_own(cases):
    for role, mine, other in ((people.OWNER, 0, 1), (people.STRANGER, 1, 0), (people.OWNER, 0, 1)):
        with as_seen_by(people.actor(role)):
            assert rows_of("cases_case", "number") == {cases[mine].number}, role
            assert cases[other].number not in rows_of("cases_case", "number")


def test_the_platforms_own_look_ends_where_it_ends(cases):
    with as_seen_by(people.actor(people.OWNER)):
        with walls.platform():
            assert len(rows_of("cases_case")) == 2
            with walls.platform():
                assert len(rows_of("cases_case")) == 2
            assert len(rows_of("cases_case")) == 2
        assert len(rows_of("cases_case")) == 1


@pytest.mark.parametrize("first", [None, people.OWNER, people.OTHER_COUNTY])
def test_what_is_kept_for_everybody_does_not_depend_on_who_came_first(first):
    people.accepted()
    cache.clear()
    whole = levels.level_rows()
    cache.clear()
    with as_seen_by(actor_of(first)):
        assert levels.level_rows() == whole
    assert sum(cell.counts.received for row in whole for cell in row.cells) > 0
    cache.clear()


def test_an_error_within_the_platforms_look_ends_it_too(cases):
    from django.db import DatabaseError, transaction

    with as_seen_by(people.actor(people.OWNER)):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            walls.platform(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert len(rows_of("cases_case")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON cases_case",
        "CREATE OR REPLACE FUNCTION wall_scope() RETURNS text LANGUAGE sql AS $$ SELECT 'system' $$",
        "ALTER ROLE yueban_app BYPASSRLS",
        "SET ROLE yueban_owner",
    ],
)
def test_the_application_cannot_take_the_wall_down(own_database, statement):
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(own_database.url("app")) as connection, denied:
        connection.execute(statement)


def test_no_policy_is_taken_for_rarer_than_it_is():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, qual FROM pg_policies WHERE policyname = 'wall'")
        said = dict(cursor.fetchall())
    assert set(said) == set(WALLED)
    assert [table for table, condition in said.items() if not condition.startswith("COALESCE(")] == []


def test_switching_row_security_off_gives_an_error_and_no_rows(own_database):
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(own_database.url("app")) as connection, denied:
        connection.execute("SET row_security = off")
        connection.execute("SELECT count(*) FROM cases_case")


def test_the_wall_of_nobody_is_empty():
    assert wall_of(ANONYMOUS) == Wall()


def scope() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('yueban.scope', true)")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("role", [*ROLES, people.DECIDER, people.CITIZEN, *ADMINISTRATORS], ids=str)
def test_of_a_bundle_each_role_sees_the_parent_it_may_and_no_other(role):
    made = bundles.received(bundles.publish_bundle())
    bundles.draft(made.bundle_version)
    actor = actor_of(role)
    parents = set(bundle_cases_visible_to(actor).values_list("pk", flat=True))
    drafts = set(bundle_applications_visible_to(actor).values_list("pk", flat=True))
    drafts |= set(BundleApplication.objects.filter(case__in=parents).values_list("pk", flat=True))
    children = set(BundleChildCase.objects.filter(bundle_case__in=parents).values_list("pk", flat=True))
    with as_seen_by(actor):
        assert rows_of("cases_bundlecase") == parents
        assert rows_of("cases_bundlechildcase") == children
        assert rows_of("cases_bundleapplication") == drafts
        receipts = Document.objects.filter(subject_kind="bundle").count()
    assert receipts == len(parents)


@pytest.mark.parametrize("role", [*ROLES, people.DECIDER, people.CITIZEN, *ADMINISTRATORS], ids=str)
def test_of_pushes_each_sees_those_of_his_own_enterprises(role, tmp_path):
    told, other = (Party.objects.get(number=number) for number in ("shili-transport", "yanshi-logistics"))
    version = offers(tmp_path, digital=DIGITAL)["digital"]
    for party in (told, other):
        common = {"party": party, "offer_version": version, "offer_key": "try-digital", "year": 2026}
        Push.objects.create(listed_at=clock.now(), **common)
        matching.set_wishes(party.pk, matching.Wishes(refuses=True), user_id=None, known_topics=())
        ReplacedFacts.objects.create(party=party, edition=1, facts={}, sources={})
    actor = actor_of(role)
    own = {told.pk, other.pk} & set(actor.party_ids)
    is_staff = wall_of(actor).scope == walls.STAFF
    with as_seen_by(actor):
        assert rows_of("matching_push", "party_id") == own
        assert rows_of("matching_pushsetting", "party_id") == own
        assert rows_of("matching_replacedfacts", "party_id") == ({told.pk, other.pk} if is_staff else own)
        assert not is_staff or own or PushSetting.objects.update(reason="改写") == 0


def test_a_decision_behind_the_wall_begins_what_waits_for_it():
    made = bundles.received(bundles.publish_bundle())
    case, reviewer, decider = (
        bundles.case_of(made, "a"),
        people.actor(people.REVIEWER),
        people.actor(people.DECIDER),
    )
    task = Task.objects.get(reference_number=case.number, key="review")
    with as_seen_by(reviewer):
        review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS)
    with as_seen_by(decider):
        review.decide(decider, case.number, is_granted=True)
    assert bundles.case_of(made, "b").state == CaseState.ACCEPTED
