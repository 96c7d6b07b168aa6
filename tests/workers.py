"""Running the queued jobs of a test to the end, beside whatever event loop the test's own thread may keep."""

from concurrent.futures import ThreadPoolExecutor


def run_jobs(*, stall_seconds: int = 30) -> None:
    """Run jobs until none is left, in a thread of their own: Playwright keeps a loop in the first one."""
    from django.db import connections

    from yueban.jobs.worker import run_worker

    def work() -> None:
        try:
            run_worker(concurrency=1, stall_seconds=stall_seconds, until_empty=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work).result()
