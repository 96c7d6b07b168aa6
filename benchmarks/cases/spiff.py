"""SpiffWorkflow: the same eight steps as a BPMN process, its state saved in PostgreSQL at each step.

As behind a web page, where each step is another request: the saved state is locked and read, the step done, the
state saved. By itself it keeps no events and no clocks; with `rows` what it leaves is what the others leave: the
case, its event and its clocks are written in the same transaction, by the statements of the raw side. It checks
no rights. With `in_memory` the workflow stays in memory between its steps and is only saved.
"""

import json
import threading
from pathlib import Path
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks.cases.fill import MOVES
from benchmarks.cases.raw import Raw

PROCESS = Path(__file__).parent / "process.bpmn"
TABLE = "CREATE TABLE IF NOT EXISTS bench_workflow (number text PRIMARY KEY, state jsonb NOT NULL)"
BEGIN = "INSERT INTO bench_workflow (number, state) VALUES (%s, %s)"
READ = "SELECT state FROM bench_workflow WHERE number = %s FOR UPDATE"
SAVE = "UPDATE bench_workflow SET state = %s WHERE number = %s"


class Spiff:
    """One connection and one serializer a thread; the process is parsed once."""

    def __init__(self, address: str, *, rows: Raw | None = None, in_memory: bool = False) -> None:
        self._address, self._rows, self._in_memory = address, rows, in_memory
        self._kept = threading.local()
        parser = BpmnParser()
        parser.add_bpmn_file(str(PROCESS))
        self._spec = parser.get_spec("case")
        self._subprocesses = parser.get_subprocess_specs("case")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(TABLE)

    def begin(self, numbers: list[str]) -> None:
        """A workflow for each case, saved before anything counts, as ours and raw have theirs."""
        serializer = BpmnWorkflowSerializer()
        workflow = BpmnWorkflow(self._spec, self._subprocesses)
        workflow.do_engine_steps()
        state = self._to_text(serializer, workflow)
        with psycopg.connect(self._address) as connection, connection.cursor() as cursor:
            cursor.executemany(BEGIN, [(number, state) for number in numbers])

    def carry(self, number: str) -> None:
        """Run the eight steps, saving after each."""
        connection, serializer = self._mine()
        workflow = BpmnWorkflow(self._spec, self._subprocesses)
        workflow.do_engine_steps()
        for step, (event, _username) in enumerate(MOVES):
            with connection.transaction():
                if self._rows is not None:
                    self._rows.move(connection, number, step)
                if not self._in_memory:
                    row = connection.execute(READ, (number,)).fetchone()
                    assert row is not None
                    workflow = serializer.from_dict(row[0])
                _step(workflow, str(event))
                connection.execute(SAVE, (self._to_text(serializer, workflow), number))

    def statements(self, number: str) -> int:
        """One a step, two where the state is read, and two more where rows are written."""
        self.carry(number)
        return len(MOVES) * (1 + (not self._in_memory) + 2 * (self._rows is not None))

    def finished(self, numbers: list[str]) -> int:
        """How many of these have done every step, as their saved state says."""
        with psycopg.connect(self._address) as connection:
            row = connection.execute(
                "SELECT count(*) FROM bench_workflow WHERE number = ANY(%s) AND (state->>'completed')::bool",
                [numbers],
            ).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        """Close this thread's connection."""
        self._mine()[0].close()

    def _mine(self) -> tuple[psycopg.Connection[Any], BpmnWorkflowSerializer]:
        if not hasattr(self._kept, "mine"):
            self._kept.mine = psycopg.connect(self._address, autocommit=True), BpmnWorkflowSerializer()
        return self._kept.mine

    @staticmethod
    def _to_text(serializer: BpmnWorkflowSerializer, workflow: BpmnWorkflow) -> str:
        return json.dumps(serializer.to_dict(workflow))


def _step(workflow: BpmnWorkflow, event: str) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    assert task.task_spec.bpmn_id == event
    task.run()
    workflow.do_engine_steps()
