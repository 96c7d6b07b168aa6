"""Writes of background work: hand a job over, and bring back what a killed worker left behind."""

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from yueban.jobs import errors, registry

LATER = -10


def enqueue(name: str, /, **kwargs: JSONValue) -> int:
    """Defer a job inside the running transaction and return its id: a rolled-back transaction leaves no job."""
    _check_known(name)
    return int(app.configure_task(name).defer(**kwargs))


def enqueue_apart(name: str, queue: str, /, **kwargs: JSONValue) -> int:
    """The same for work that may wait: after everything else, and one job of this name of a queue at a time."""
    _check_known(name)
    return int(app.configure_task(name, lock=queue, priority=LATER).defer(**kwargs))


def _check_known(name: str) -> None:
    if not registry.is_registered(name):
        raise errors.UnknownJob(
            f"没有名为“{name}”的后台任务。", hint="请检查任务名称，或在应用的 tasks.py 中登记。"
        )


async def sweep_stalled_jobs(worker_app: App, *, seconds: float) -> int:
    """Put jobs back in the queue whose worker has given no sign of life for `seconds`; returns how many.

    Called by every worker, at its start and again and again: when one is killed, another must notice.
    """
    stalled = list(await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        await worker_app.job_manager.retry_job(job)
    return len(stalled)
