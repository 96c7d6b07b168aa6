"""What is published becomes what may be said: units cut anew, the index made anew, Q&A that rest on changes silenced.

Asked for inside the transaction that publishes and done after it commits; running again changes nothing.
"""

from yueban.assistant import services as assistant
from yueban.jobs import services as jobs
from yueban.kernel import clock

JOB = "flows.keep_knowledge"
QUEUE = "knowledge"


def ask_to_keep() -> None:
    """Have the worker look, once the running transaction is through."""
    jobs.enqueue_apart(JOB, QUEUE)


def mend() -> None:
    """Have the worker make an index anew that was found damaged; the service goes on by words meanwhile."""
    if assistant.take_damage():
        ask_to_keep()


def keep() -> bool:
    """Bring units, Q&A and index to what is published today; whether anything was new."""
    synced = assistant.sync(on=clock.today())
    assistant.renew_index()
    return bool(synced.made or synced.gone)
