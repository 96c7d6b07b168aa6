"""The page about the turns of a case says what the program does."""

from yueban.cases.turns import EDGES
from yueban.commands.turns import TARGET, table


def test_the_page_is_printed_from_the_table_as_it_is_now():
    assert TARGET.read_text(encoding="utf-8") == table(), "run `yueban turns`"


def test_every_turn_has_its_row():
    rows = [line for line in table().splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == len(EDGES)
