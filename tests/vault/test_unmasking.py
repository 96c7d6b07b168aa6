"""Seeing a field whole needs a purpose and leaves a line that nobody can take back."""

import pytest
from django.db import IntegrityError, transaction

from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.vault import services
from yueban.vault.errors import PurposeMissing, Undecipherable
from yueban.vault.models import Unmasking
from yueban.vault.selectors import unmaskings_of

pytestmark = pytest.mark.django_db
PARTY = Reference("party", "P0000001")
CLERK = Actor(user_id=7, name="窗口甲", channel="desk")


def unmask(purpose="核对申请人身份", cipher=None):
    return services.unmask(
        cipher or services.encrypt("11010519491231002X"),
        reference=PARTY,
        field="id_number",
        purpose=purpose,
        actor=CLERK,
    )


def test_the_text_is_shown_and_the_act_is_logged():
    assert unmask() == "11010519491231002X"
    line = unmaskings_of(PARTY).get()
    assert (line.field, line.purpose, line.actor["user_id"]) == ("id_number", "核对申请人身份", 7)
    assert "1101" not in str(line.actor)


def test_without_a_purpose_nothing_is_shown():
    with pytest.raises(PurposeMissing):
        unmask(purpose="  ")
    assert not Unmasking.objects.exists()


def test_what_cannot_be_read_is_not_logged_as_seen():
    with pytest.raises(Undecipherable):
        unmask(cipher=b"broken")
    assert not Unmasking.objects.exists()


def test_a_line_cannot_be_changed_or_deleted():
    unmask()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Unmasking.objects.update(purpose="别的用途")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        unmaskings_of(PARTY).get().delete()
