"""What comes round by itself is registered with the worker and does what its name says."""

from datetime import timedelta

import pytest

from tests import people
from yueban.audit.models import Anchor
from yueban.flows import tasks
from yueban.jobs import registry
from yueban.kernel import clock


def test_the_worker_knows_the_sweep_and_the_anchor():
    assert registry.is_registered("flows.sweep")
    assert registry.is_registered("flows.anchor")


@pytest.mark.django_db
def test_yesterday_is_anchored_once_with_every_chain_of_that_day():
    people.submitted()
    tomorrow = clock.now() + timedelta(days=1)
    clock.set_source(lambda: tomorrow)
    try:
        tasks.anchor_yesterday()
        tasks.anchor_yesterday()
    finally:
        clock.set_source(None)
    (anchor,) = Anchor.objects.all()
    assert anchor.heads.filter(reference_kind="case").count() == 1
