"""What is published is what is answered: versions, withdrawals, ends, and Q&A that rest on what has changed."""

import pytest

from tests import library
from yueban.assistant.models import IndexBuild, QuestionAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def kept(rows_of_module):
    with library.by_words():
        yield


def test_the_first_time_every_answer_of_the_city_is_in_use_and_one_edition_made():
    assert list(QuestionAnswer.objects.exclude(state="approved")) == []
    assert QuestionAnswer.objects.filter(source_digests={}).count() == 0
    assert [build.number for build in IndexBuild.objects.all()] == [1]
