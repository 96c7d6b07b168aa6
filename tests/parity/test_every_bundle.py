"""Every published bundle, led through each channel that serves bundles by three made-up applicants."""

from pathlib import Path

import pytest

from yueban.commands.parity.prover import Proof, Prover, bundles_in_force

CITY = Path(__file__).resolve().parents[2] / "cities" / "shaoxing"
BUNDLES = sorted(path.stem for path in CITY.glob("bundles/*.yaml") if path.stem != "national")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", BUNDLES)
def test_every_channel_asks_and_decides_the_same(key):
    """Each applicant goes through one look of the portal, one desk and one kiosk, in turn."""
    proof = Proof()
    Prover(rotates=True).prove_bundle(key, proof)
    assert proof.differences == []
    assert proof.bundles == {key}
    assert proof.applicants == 3
    assert "kiosk" in proof.channels


@pytest.mark.slow
@pytest.mark.parametrize("key", BUNDLES)
def test_every_applicant_meets_the_same_in_every_channel(key):
    proof = Proof()
    Prover().prove_bundle(key, proof)
    assert proof.differences == []


def test_no_bundle_in_force_is_left_out():
    assert bundles_in_force() == BUNDLES
