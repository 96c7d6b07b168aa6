"""Many clerks issue at the same moment: no number twice, none left out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.documents.offices import make_agency
from yueban.documents.numbering import take_number

CLERKS, EACH = 6, 5


class ChangedHisMind(Exception):
    """What rolls a clerk's transaction back."""


@pytest.mark.django_db(transaction=True)
def test_numbers_have_neither_gaps_nor_doubles():
    make_agency()
    together = Barrier(CLERKS)

    def take(*, and_roll_back: bool) -> int:
        with transaction.atomic():
            number = take_number(prefix="测试", agency_code="test-transport", kind="acceptance", year=2026)
            if and_roll_back:
                raise ChangedHisMind
        return int(number.removeprefix("测试受字〔2026〕").removesuffix("号"))

    def clerk(_position: int) -> list[int]:
        try:
            together.wait()
            taken = []
            for turn in range(EACH):
                try:
                    taken.append(take(and_roll_back=turn == 2))
                except ChangedHisMind:
                    continue
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        taken = [number for numbers in pool.map(clerk, range(CLERKS)) for number in numbers]
    assert sorted(taken) == list(range(1, CLERKS * (EACH - 1) + 1))
