"""Our side: every move through the services that the desk's and the portal's flows use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from benchmarks.cases.fill import MOVES, Template
from yueban.cases import services as cases


class Ours:
    """The platform's own services, each move in a transaction of its own."""

    def __init__(self, template: Template) -> None:
        self._actors = template.actors

    def carry(self, number: str) -> None:
        """Lock the case as somebody who may see it and move it, eight times."""
        for event, username in MOVES:
            actor = self._actors[username]
            with transaction.atomic():
                case = cases.lock_case(number=number, actor=actor)
                cases.move(case=case, event=event, actor=actor)

    def statements(self, number: str) -> int:
        """How many statements carrying a case takes, BEGIN and COMMIT left out."""
        with counted() as count:
            self.carry(number)
        return count[0]

    def close(self) -> None:
        """Give this thread's connection back."""
        connection.close()


@contextmanager
def counted() -> Iterator[list[int]]:
    """The number of statements that Django sends meanwhile."""
    count = [0]

    def count_one(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        count[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count_one):
        yield count
