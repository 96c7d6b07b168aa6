"""A case is found by the beginning of its number, by its item, and by any part of the applicant's name."""

import pytest

from tests import people
from yueban.cases import finding
from yueban.cases.models import Case

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return set(finding.matching(Case.objects.all(), text).values_list("number", flat=True))


@pytest.mark.parametrize("text", ["绍兴示例运输有限公司", "示例运输", "例", "有限公司"])
def test_any_part_of_the_applicants_name_finds_the_case(text):
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(applicant_name="绍兴示例运输有限公司")
    other = people.submitted(people.STRANGER)
    Case.objects.filter(pk=other.pk).update(applicant_name="𠮷野·买买提")
    assert found(text) == {case.number}


@pytest.mark.parametrize("text", ["𠮷野", "𠮷", "·买", "AbC公", "abc公"])
def test_rare_characters_and_letters_of_either_case_are_found(text):
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(applicant_name="𠮷野·买买提 ABC公司")
    assert found(text) == {case.number}


def test_pairs_that_stand_apart_are_no_match():
    case = people.submitted()
    Case.objects.filter(pk=case.pk).update(applicant_name="明安明宁")
    assert found("安明宁") == {case.number}
    assert found("明宁明安") == set()


def test_the_beginning_of_a_number_finds_it_and_a_part_of_an_items_name_finds_its_cases():
    case = people.submitted()
    assert found(case.number) == found(case.number[:12]) == {case.number}
    assert found(case.number[:-1] + str((int(case.number[-1]) + 1) % 10)) == set()
    assert found(case.item_name[2:6]) == {case.number}


@pytest.mark.parametrize("text", ["%", "_", "'", "{}", "查无此人"])
def test_what_no_name_holds_finds_nothing(text):
    people.submitted()
    assert found(text) == set()
