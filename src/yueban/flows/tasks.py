"""Work that comes round by itself: what falls due by time, and the daily anchor of the audit."""

from datetime import timedelta

from yueban.audit import services as audit
from yueban.flows import (
    api_keys,
    bundle_steps,
    keep_knowledge,
    long_exports,
    papers,
    pay,
    pay_batches,
    precheck,
    push_desk,
    push_events,
    push_offers,
    remind,
)
from yueban.flows.supervise import run_rules
from yueban.flows.sweep import sweep
from yueban.jobs.registry import handler
from yueban.kernel import clock

# Every hour, though once a day would do: a machine that slept at midnight makes up for it.
HOURLY = "7 * * * *"
AFTER_THE_SWEEP = "17 * * * *"
AFTER_MIDNIGHT = "10 * * * *"  # at 00:10 in Beijing, and each hour again where that was missed


@handler("flows.sweep", cron=HOURLY)
def sweep_due() -> None:
    """Deemed acceptance, supplements not answered in time, notices that are over; running again changes nothing."""
    sweep()


@handler("flows.remind", cron=HOURLY)
def remind_of_limits() -> None:
    """Limits that end soon, told to who must act; each once."""
    remind.remind()


@handler(papers.JOB)
def make_papers(event: str, numbers: list[str]) -> None:
    """The documents of what the sweep has done, and the word to the applicants; running again changes nothing."""
    papers.make(event, numbers)


@handler("flows.oversight", cron=AFTER_THE_SWEEP)
def look_through() -> None:
    """The rules of electronic supervision; an occurrence is raised once however often they look."""
    run_rules()


@handler(bundle_steps.STOP_JOB)
def stop_blocked_bundle(bundle_case_id: int) -> None:
    """阻断全部: one child was refused, the undecided others end; running again changes nothing."""
    bundle_steps.stop_blocked(bundle_case_id)


@handler("flows.push_offers", cron="*/10 * * * *")
def tell_offers() -> None:
    """Offers told to the enterprises that meet them; not at night, and not too many in a week."""
    push_offers.send_due()


@handler(push_desk.SEND_JOB)
def tell_chosen(number: str) -> None:
    """List whom a member of the staff has chosen, and tell whose turn it is; running again tells nobody twice."""
    push_desk.carry_out(number)


@handler(pay.SEND_JOB)
def send_payment(attempt_number: str) -> None:
    """Send one payment to the bank, or ask what came of it; running again changes nothing."""
    pay.send(attempt_number)


@handler("flows.payments", cron="* * * * *")
def ask_after_payments() -> None:
    """Ask the bank again about payments that have waited for its answer."""
    pay.ask_after_unsettled()
    pay_batches.ask_after_unanswered()


@handler(pay_batches.SEND_JOB)
def send_batch(batch_number: str) -> None:
    """Hand one batch to the bank, or ask what came of it; running again changes nothing."""
    pay_batches.send(batch_number)


@handler("flows.anchor", cron=AFTER_MIDNIGHT)
def anchor_yesterday() -> None:
    """Anchor the audit of the day that is over; a day that is anchored stays as it is."""
    audit.anchor_day(clock.today() - timedelta(days=1))


@handler("flows.push", cron="* * * * *")
def push_events_due() -> None:
    """Tell other systems what happened to their cases; running again sends nothing twice that has arrived."""
    push_events.push_due()


@handler(push_events.SEND_JOB)
def push_events_to(number: str) -> None:
    """Send what waits for one address."""
    push_events.push_to(number)


@handler("flows.api_uses", cron=HOURLY)
def audit_uses_of_keys() -> None:
    """Write down what each key of the API did on days that are over, and forget events of ninety days ago."""
    api_keys.audit_uses()
    push_events.forget_old()


@handler(precheck.JOB)
def look_at_upload(file_number: str) -> None:
    """A machine looks at an upload and advises; running again changes nothing."""
    precheck.answer(file_number)


@handler(long_exports.JOB)
def write_export(number: str) -> None:
    """Write a long list into a file; killed, it begins anew, and nobody is offered half of one."""
    long_exports.make(number)


@handler("flows.old_exports", cron=HOURLY)
def forget_old_exports() -> None:
    """Remove exported files whose days are over."""
    long_exports.forget_old()


@handler(keep_knowledge.JOB, cron="27 * * * *")
def keep_units_and_index() -> None:
    """Units, Q&A and the index of the consultation follow what is published; running again changes nothing."""
    keep_knowledge.keep()
