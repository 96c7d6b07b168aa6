"""Which moves a person may make with a case now: what a page offers him. The move itself checks again."""

from yueban.cases.choices import CaseEvent
from yueban.cases.errors import CaseMoveNotAllowed
from yueban.cases.models import Case
from yueban.cases.transitions import EDGES, By, Edge, check_actor, check_edge
from yueban.kernel.actor import Actor
from yueban.kernel.errors import ServiceError


def moves_open_to(case: Case, actor: Actor) -> frozenset[CaseEvent]:
    """The events this actor may bring about from where the case stands."""
    return frozenset(
        edge.event
        for edge in EDGES
        if case.state in edge.begins and edge.by is not By.SYSTEM and _may(case, edge, actor)
    )


def is_open(case: Case, event: CaseEvent, actor: Actor) -> bool:
    """Whether this very move could be made now, its condition included."""
    try:
        edge = check_edge(case, event)
        check_actor(case, edge, actor)
        if edge.guard is not None:
            edge.guard(case)
    except ServiceError:
        return False
    return True


def _may(case: Case, edge: Edge, actor: Actor) -> bool:
    try:
        check_actor(case, edge, actor)
    except CaseMoveNotAllowed:
        return False
    return True
