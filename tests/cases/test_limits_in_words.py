"""A notice of acceptance calls only that limit legal which a law sets."""

import pytest

from tests import people, village
from yueban.cases.document_texts import acceptance_content
from yueban.kernel import clock

pytestmark = pytest.mark.django_db


def test_the_limit_of_a_permit_is_called_legal():
    assert "法定期限20个工作日" in "".join(acceptance_content(people.accepted())["paragraphs"])


def test_a_limit_that_no_law_sets_is_not():
    village.settle()
    case = village.handed_in()
    case.accepted_at, case.promised_on = clock.now(), clock.today()
    words = "".join(acceptance_content(case)["paragraphs"])
    assert "前办结" in words
    assert "法定期限" not in words
