"""The loop of `yueban worker`: runs jobs, gives signs of life, sweeps what killed workers left."""

import asyncio
import logging
from contextlib import suppress

from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector

from yueban.jobs.registry import register_handlers
from yueban.jobs.services import sweep_stalled_jobs

logger = logging.getLogger(__name__)


def make_worker_app() -> App:
    """An app of the worker's own, with its pool of connections.

    Django's app keeps its connector, so that a job which enqueues another does it in its own transaction.
    """
    connector = django_app.connector
    assert isinstance(connector, DjangoConnector)
    worker_app = DjangoApp(connector=connector.get_worker_connector())
    register_handlers(worker_app)
    return worker_app


def run_worker(*, concurrency: int, stall_seconds: int, until_empty: bool = False) -> None:
    """Run jobs until SIGTERM or SIGINT, or with `until_empty` until none is left."""
    asyncio.run(_run(make_worker_app(), concurrency, stall_seconds, until_empty))


async def _run(worker_app: App, concurrency: int, stall_seconds: int, until_empty: bool) -> None:  # noqa: FBT001
    async with worker_app.open_async():
        await _sweep(worker_app, stall_seconds)
        sweeping = asyncio.create_task(_keep_sweeping(worker_app, stall_seconds))
        try:
            await worker_app.run_worker_async(
                name="yueban",
                concurrency=concurrency,
                wait=not until_empty,
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=stall_seconds / 3,
                stalled_worker_timeout=stall_seconds,
                delete_jobs="successful",
            )
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping


async def _keep_sweeping(worker_app: App, stall_seconds: int) -> None:
    while True:
        await asyncio.sleep(stall_seconds / 2)
        await _sweep(worker_app, stall_seconds)


async def _sweep(worker_app: App, stall_seconds: int) -> None:
    count = await sweep_stalled_jobs(worker_app, seconds=stall_seconds)
    if count:
        logger.warning("stalled jobs put back in the queue", extra={"count": count})
