"""The table of moves is whole: every state can be left or is an end, and no move has two meanings."""

import pytest

from yueban.cases.choices import ENDED, STATE_CODES, CaseEvent, CaseState
from yueban.cases.transitions import EDGES, By, find_edge
from yueban.clocks.choices import ClockKind


def reachable(start: CaseState) -> set[CaseState]:
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += [edge.to for edge in EDGES if state in edge.begins and isinstance(edge.to, CaseState)]
    return seen


# What runs in another system has moves of its own (docs/flows/levels-and-systems.md).
ELSEWHERE = {CaseState.RELAYED, CaseState.CLOSED_ELSEWHERE}


def test_every_state_is_reached_from_an_application():
    assert reachable(CaseState.APPLIED) | ELSEWHERE == set(CaseState)


def test_an_ended_case_moves_again_only_when_what_was_granted_is_revoked():
    assert {edge.event for edge in EDGES if edge.begins & ENDED} == {CaseEvent.REVOKE}
    revoke = find_edge(CaseState.DELIVERED, CaseEvent.REVOKE)
    assert (revoke.by, revoke.to) == (By.DECIDER, CaseState.REVOKED)


@pytest.mark.parametrize("state", [state for state in CaseState if state not in ENDED | ELSEWHERE])
def test_every_other_state_leads_to_an_end(state):
    assert reachable(state) & ENDED


def test_no_state_has_two_edges_for_one_event():
    pairs = [(state, edge.event) for edge in EDGES for state in edge.begins]
    assert len(pairs) == len(set(pairs))


def test_every_state_has_its_two_digit_code():
    assert set(STATE_CODES) == set(CaseState)


def test_the_promise_starts_at_acceptance_and_not_at_application():
    starters = {edge.event for edge in EDGES if ClockKind.PROMISE in edge.starts}
    assert starters == {
        CaseEvent.ACCEPT,
        CaseEvent.ACCEPT_TOLERANT,
        CaseEvent.DEEM_ACCEPTED,
        CaseEvent.ACCEPT_IN_BUNDLE,
    }


def test_nobody_withdraws_after_the_decision_began():
    assert find_edge(CaseState.DECIDING, CaseEvent.WITHDRAW) is None
    assert find_edge(CaseState.REVIEWING, CaseEvent.WITHDRAW).by == By.APPLICANT


def test_only_the_decider_grants_and_refuses():
    assert {edge.by for edge in EDGES if edge.event in (CaseEvent.GRANT, CaseEvent.REFUSE)} == {By.DECIDER}


def test_every_edge_states_its_reason():
    assert all(len(edge.reason) >= 4 for edge in EDGES)
