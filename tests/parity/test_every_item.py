"""Every published item, led through each channel's own renderer by three made-up applicants."""

from pathlib import Path

import pytest

from yueban.commands.parity.prover import Proof, Prover, keys_in_force

CITY = Path(__file__).resolve().parents[2] / "cities" / "shaoxing"
ITEMS = sorted(path.stem for path in CITY.glob("catalogue/*.yaml"))
PORTALS = {"computer", "phone", "elder"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ITEMS)
def test_every_channel_asks_and_decides_the_same(key):
    """Each applicant goes through one look of the portal, one desk, one kiosk and the API, in turn."""
    proof = Proof()
    Prover(rotates=True).prove_item(key, proof)
    assert proof.differences == []
    assert proof.places >= 1
    assert proof.applicants == 3
    assert len(proof.channels) >= 4


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", ITEMS)
def test_every_applicant_meets_the_same_in_every_channel(key):
    proof = Proof()
    Prover().prove_item(key, proof)
    assert proof.differences == []


@pytest.mark.django_db
def test_no_item_in_force_is_left_out():
    assert keys_in_force() == ITEMS


@pytest.mark.django_db
def test_an_item_that_every_level_offers_is_proved_at_every_level():
    proof = Proof()
    Prover(applicants=1).prove_item("flexible-employment-subsidy", proof)
    assert proof.channels == PORTALS | {"window", "helper", "kiosk", "api"}
    assert proof.levels == {"county", "town", "village"}
    assert proof.places == 6
    assert proof.shared == 5


@pytest.mark.django_db
def test_every_place_is_led_through_where_that_is_asked():
    proof = Proof()
    Prover(applicants=1, every_place=True).prove_item("flexible-employment-subsidy", proof)
    assert (proof.shared, proof.readings, proof.differences) == (0, 6 * 10, [])


@pytest.mark.django_db
def test_the_proof_leaves_nothing_behind():
    from yueban.accounts.models import User
    from yueban.audit.models import Event
    from yueban.cases.models import Application
    from yueban.parties.models import Look, Party

    before = [model.objects.count() for model in (User, Party, Application, Look, Event)]
    proof = Proof()
    Prover().prove_item("road-freight-permit", proof)
    assert (proof.differences, proof.readings) == ([], 18)
    assert [model.objects.count() for model in (User, Party, Application, Look, Event)] == before
