"""抽查: a supervisor draws closed cases by lot and writes down what he finds; the lot can be drawn again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction

from yueban.accounts import selectors as accounts
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.oversight import selectors as oversight
from yueban.oversight import services as oversight_write
from yueban.oversight.models import Sample, SampledCase


def post_of(actor: Actor) -> PostHeld:
    """The post at which he supervises; raises NotAllowed without one."""
    post = next((post for post in actor.posts if post.role == roles.SUPERVISOR), None)
    if post is None:
        raise NotAllowed("抽查由监督人员进行。", hint="请用监督岗位的账号登录。")
    return post


def _user(actor: Actor) -> User:
    user = accounts.find_user(actor.user_id or 0)
    assert user is not None  # whoever holds a post is somebody
    return user


@transaction.atomic
def draw(actor: Actor, *, first: date, last: date, item_name: str, size: int) -> Sample:
    """Draw closed cases of the agencies he watches over; seed and population are kept in the audit."""
    post = post_of(actor)
    sample = oversight_write.draw(
        cases=cases_read.cases_visible_to(replace(actor, posts=(post,))),
        span=oversight.Span(first, last),
        item_name=item_name,
        size=size,
        agency=agencies.get_agency(post.agency),
        made_by=_user(actor),
    )
    data = {"seed": sample.seed, "population": sample.population, "digest": sample.population_digest}
    audit.record(Reference("sample", sample.number), "sample_drawn", actor=actor, data=data)
    return sample


@transaction.atomic
def check(
    actor: Actor, number: str, case_number: str, *, answers: Mapping[str, str], note: str
) -> SampledCase:
    """Write down what the checking of one case found."""
    post_of(actor)
    row = oversight.get_sampled(oversight.get_sample(actor, number), case_number)
    done = oversight_write.write_down(row=row, answers=answers, note=note, checked_by=_user(actor))
    data = {"case": case_number, "result": done.result}
    audit.record(Reference("sample", number), "sample_checked", actor=actor, data=data)
    return done
