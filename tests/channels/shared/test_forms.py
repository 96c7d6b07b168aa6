"""The shape of a form is told without drawing it, and is the shape of the drawn form."""

from dataclasses import replace

import pytest

from yueban.catalogue import selectors as catalogue
from yueban.channels.shared import forms
from yueban.commands.parity import applicants

pytestmark = pytest.mark.django_db


def drafts():
    """Every published item as three made-up applicants fill it in: whole, to the edges, with gaps and faults."""
    for version in catalogue.versions_in_force():
        compiled = version.compiled
        for position in range(3):
            applicant = applicants.make(compiled, position=position, kinds=("person",), seed="shape")
            facts = dict(catalogue.walk(compiled, applicant.answers).facts)
            yield forms.Drawing(compiled, facts, applicant.form, {}, {})
        yield forms.Drawing(compiled, {}, {}, {}, {}, extra=compiled.form.sections[-1].key)


def test_the_shape_that_is_told_is_that_of_the_drawn_form():
    shapes = [(forms.shape_with(one), forms.shape_of(forms.sections_of(one))) for one in drafts()]
    assert [told for told, _ in shapes] == [drawn for _, drawn in shapes]
    assert len({told for told, _ in shapes}) > 50


def test_what_a_save_has_checked_draws_the_same_form():
    for one in drafts():
        checked = catalogue.validate_form(one.compiled, one.data, one.facts)
        assert replace(one, cleaned=checked.cleaned).all_facts == one.all_facts
