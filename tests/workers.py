"""Running the queued jobs of a test to the end, beside whatever event loop the test's own thread may keep."""

from concurrent.futures import ThreadPoolExecutor

WITHOUT_KNOWLEDGE = (
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'flows.keep_knowledge'"
)


def run_jobs(*, stall_seconds: int = 30, knowledge: bool = False) -> None:
    """Run jobs until none is left, in a thread of their own: Playwright keeps a loop in the first one.

    The index of consultation is made only for those who ask for it, as it is one of the whole city.
    """
    from django.db import connection, connections

    from yueban.jobs.worker import run_worker

    def work() -> None:
        try:
            if not knowledge:
                connection.cursor().execute(WITHOUT_KNOWLEDGE)
            run_worker(concurrency=1, stall_seconds=stall_seconds, until_empty=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work).result()
