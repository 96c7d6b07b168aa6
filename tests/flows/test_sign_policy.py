"""An offer from one click on a clause to its signature: gates by other departments, the signer no drafter."""

from datetime import date

import pytest

from tests import people
from tests.policies.pack import TEXT
from tests.signing import (
    ANSWERS,
    DRAFTER,
    FAIR,
    LEGAL,
    SIGNER,
    drafted,
    imported,
    pass_gates,
    submitted,
    written,
)
from yueban.approvals.models import Task
from yueban.flows import sign_policy, try_offer
from yueban.kernel import clock
from yueban.kernel.errors import NotAllowed
from yueban.policies import selectors
from yueban.policies.choices import GateOutcome, OfferState
from yueban.policies.errors import (
    GateOpen,
    OfferNotDraft,
    OfferStale,
    OfferUnsound,
    OtherPersonNeeded,
)
from yueban.policies.services import answer_gate as answer_directly
from yueban.policies.services import sign_offer as sign_directly

pytestmark = pytest.mark.django_db


def test_one_click_on_a_clause_drafts_an_offer_whose_fields_know_their_words():
    draft = drafted()
    said = {one["for"]: TEXT[one["start"] : one["end"]] for one in draft.spans}
    assert draft.state == OfferState.DRAFT
    assert draft.department_kind == "economy-it"
    assert draft.definition["conditions"] == {
        "all": [{"fact": "enterprise.digital_investment", "op": "ge", "value": "100000"}]
    }
    assert (said["conditions"], said["department_kind"]) == ("10万元", "市经信局")
    assert draft.reading["reader"] == "rules"


def test_the_whole_way_to_a_signature():
    version = submitted()
    tasks = Task.objects.filter(reference_kind="offer-version", reference_number=str(version.pk))
    assert sorted(tasks.values_list("name", "agency__code")) == [
        ("公平竞争审查", "shaoxing-market-regulation"),
        ("合法性审核", "shaoxing-justice"),
    ]
    with pytest.raises(GateOpen):
        sign_policy.sign_offer(people.actor(SIGNER), version.pk, version.revision, {})
    pass_gates(version)
    tried = try_offer.try_out(selectors.offer_version(version.pk), clock.today())
    signed = sign_policy.sign_offer(people.actor(SIGNER), version.pk, version.revision, tried)
    assert (signed.signed_name, signed.in_force_from) == (people.actor(SIGNER).name, date(2026, 1, 1))
    assert selectors.offer_version(signed.pk).backtest["enterprises"] == tried["enterprises"]
    assert signed.pk in {one.pk for one in selectors.offers_in_force(clock.today())}
    assert not tasks.filter(state="open").exists()
    again = sign_policy.sign_offer(people.actor(SIGNER), version.pk, version.revision, {})
    assert again.signed_at == signed.signed_at


def test_a_refused_gate_sends_the_draft_back_and_ends_the_other_one():
    version = submitted()
    sign_policy.answer_gate(
        people.actor(FAIR), version.pk, "fair", outcome=GateOutcome.REFUSED, answers=[], opinion="限定注册地"
    )
    back = selectors.offer_version(version.pk)
    assert back.state == OfferState.DRAFT
    assert "限定注册地" in back.words
    assert not Task.objects.filter(reference_kind="offer-version", state="open").exists()
    resubmitted = sign_policy.submit_offer(people.actor(DRAFTER), back.pk, back.revision)
    assert {gate.outcome for gate in selectors.gates_of(resubmitted)} == {""}


def test_nobody_examines_or_signs_what_he_wrote_and_only_the_right_office_may():
    version = submitted()
    with pytest.raises(OtherPersonNeeded):
        answer_directly(
            version_id=version.pk,
            kind="fair",
            outcome="passed",
            answers=ANSWERS,
            opinion="",
            actor=people.actor(DRAFTER),
        )
    with pytest.raises(NotAllowed):
        sign_policy.answer_gate(
            people.actor(LEGAL), version.pk, "fair", outcome="passed", answers=ANSWERS, opinion=""
        )
    pass_gates(version)
    with pytest.raises(OtherPersonNeeded):
        sign_directly(
            version_id=version.pk, revision=version.revision, backtest={}, actor=people.actor(DRAFTER)
        )
    with pytest.raises(NotAllowed):
        sign_policy.sign_offer(people.actor(FAIR), version.pk, version.revision, {})


def test_what_was_submitted_stands_still_and_stale_words_are_refused():
    draft = drafted()
    written(draft)
    with pytest.raises(OfferStale):
        written(draft, summary="晚了一步")
    fresh = selectors.offer_version(draft.pk)
    version = sign_policy.submit_offer(people.actor(DRAFTER), draft.pk, fresh.revision)
    with pytest.raises(OfferNotDraft):
        sign_policy.write_offer(people.actor(DRAFTER), draft.pk, {"name": "别的"}, version.revision)


def test_an_offer_with_open_words_is_not_submitted_and_says_which():
    draft = drafted()
    held = written(draft, unresolved=["云服务"])
    with pytest.raises(OfferUnsound) as refused:
        sign_policy.submit_offer(people.actor(DRAFTER), held.pk, held.revision)
    assert "云服务" in refused.value.data["problems"][0]["message"]


def test_a_second_version_is_compared_with_the_one_in_force_and_takes_its_place():
    version = submitted()
    pass_gates(version)
    sign_policy.sign_offer(people.actor(SIGNER), version.pk, version.revision, {})
    draft = sign_policy.begin_version(people.actor(DRAFTER), version.offer.key)
    higher = {"all": [{"fact": "enterprise.digital_investment", "op": "ge", "value": "200000"}]}
    second = written(draft, conditions=higher)
    second = sign_policy.submit_offer(people.actor(DRAFTER), second.pk, second.revision)
    pass_gates(second)
    tried = try_offer.try_out(selectors.offer_version(second.pk), clock.today())
    assert tried["change"]["gains"] == 0
    signed = sign_policy.sign_offer(people.actor(SIGNER), second.pk, second.revision, tried)
    assert selectors.offer_by_key(version.offer.key, clock.today()).pk == signed.pk


def test_thresholds_that_exclude_each_other_are_a_conflict():
    draft = drafted()
    both = {
        "all": [
            {"fact": "enterprise.digital_investment", "op": "ge", "value": "500000"},
            {"fact": "enterprise.digital_investment", "op": "le", "value": "300000"},
        ]
    }
    version = written(draft, conditions=both)
    found = sign_policy.conflicts_of(version, selectors.standard_of(version), clock.today())
    assert any("门槛互相矛盾" in one for one in found)


@pytest.mark.parametrize("place", ["conditions", "step"])
def test_thresholds_that_nobody_can_meet_block_the_way_to_a_signature(place):
    draft = drafted()
    low = {"fact": "enterprise.revenue", "op": "le", "value": "3000000"}
    high = {"fact": "enterprise.revenue", "op": "ge", "value": "5000000"}
    if place == "conditions":
        held = written(draft, conditions={"all": [low, high]})
    else:
        step = {"key": "a", "label": "一档", "gives": {"kind": "fixed", "amount": "10000"}, "when": high}
        held = written(draft, conditions={"all": [low]}, benefits=[step])
    with pytest.raises(OfferUnsound) as refused:
        sign_policy.submit_offer(people.actor(DRAFTER), held.pk, held.revision)
    assert any("互相矛盾" in one["message"] for one in refused.value.data["problems"])


def test_the_same_text_again_is_the_same_version_and_another_agency_may_not_write():
    first = imported()
    assert imported().pk == first.pk
    with pytest.raises(NotAllowed):
        sign_policy.draft_clause(people.actor("editor-lou"), first, 0)
