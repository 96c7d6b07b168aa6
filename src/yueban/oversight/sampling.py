"""抽查: drawing closed cases by lot, and writing down what their checking found."""

import hashlib
import random
import secrets
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from yueban.accounts.models import User
from yueban.agencies.models import Agency
from yueban.cases.models import Case
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.oversight.choices import Finding, Point
from yueban.oversight.errors import SampleChecked, SampleInvalid, SampleNotFound
from yueban.oversight.figures import Span
from yueban.oversight.models import Sample, SampledCase

MOST = 200


def drawn(numbers: Sequence[str], size: int, seed: str) -> list[str]:
    """The numbers that this seed draws; whoever has the sorted numbers and the seed draws the same."""
    return random.Random(seed).sample(sorted(numbers), size)  # noqa: S311 - a lot to be repeated, no secret


def digest_of(numbers: Sequence[str]) -> str:
    """What tells whether two draw from the same numbers."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def draw(
    *, cases: QuerySet[Case], span: Span, item_name: str, size: int, agency: Agency, made_by: User
) -> Sample:
    """Draw so many of these cases that were closed in the span; raises SampleInvalid."""
    found = cases.filter(span.within("ended_at"))
    found = found.filter(item_name=item_name) if item_name else found
    numbers = list(found.values_list("number", flat=True))
    if not 1 <= size <= MOST:
        raise SampleInvalid.of_fields({"size": f"一次抽1到{MOST}件。"})
    if not numbers:
        raise SampleInvalid.of_fields({"first": "这段时间没有办结的办件。"})
    seed = secrets.token_hex(16)
    sample = Sample.objects.create(
        number=f"CC{clock.today():%Y%m%d}{secrets.token_hex(4).upper()}",
        agency=agency,
        made_by=made_by,
        made_at=clock.now(),
        first=span.first,
        last=span.last,
        item_name=item_name,
        population=len(numbers),
        population_digest=digest_of(numbers),
        seed=seed,
    )
    chosen = drawn(numbers, min(size, len(numbers)), seed)
    rows = {
        row.number: row for row in found.filter(number__in=chosen).only("number", "item_name", "agency_id")
    }
    SampledCase.objects.bulk_create(
        SampledCase(
            sample=sample,
            position=position,
            case_number=number,
            item_name=rows[number].item_name,
            agency_id=rows[number].agency_id,
        )
        for position, number in enumerate(chosen, 1)
    )
    return sample


def write_down(*, row: SampledCase, answers: Mapping[str, str], note: str, checked_by: User) -> SampledCase:
    """Keep what the checking found, once: every point answered, a no with words."""
    row = SampledCase.objects.select_for_update().get(pk=row.pk)
    if row.result:
        raise SampleChecked("这一件已经有人查过了。", hint="请刷新页面看结论；结论不能改写。")
    kept = {str(point): answers.get(point, "") for point in Point}
    problems = {key: "请选“是”或“否”。" for key, answer in kept.items() if answer not in ("yes", "no")}
    try:
        words = clean_line(note, 1000)
    except TextInvalid as error:
        words, problems["note"] = "", f"{error.message}{error.hint}"
    is_sound = "no" not in kept.values()
    if not is_sound and not words:
        problems.setdefault("note", "有“否”的，请写明发现了什么。")
    if problems:
        raise SampleInvalid.of_fields(problems)
    row.answers, row.note, row.checked_by, row.checked_at = kept, words, checked_by, clock.now()
    row.result = Finding.SOUND if is_sound else Finding.FAULTY
    row.save(update_fields=["answers", "note", "checked_by", "checked_at", "result"])
    return row


def samples_visible_to(actor: Actor) -> QuerySet[Sample]:
    """The samples of the agencies at which this person supervises, the newest first, each with how far it is."""
    codes = [post.agency for post in actor.posts if post.role == roles.SUPERVISOR]
    rows = Sample.objects.filter(agency__code__in=codes).select_related("agency", "made_by")
    checked = Count("cases", filter=~Q(cases__result=""))
    faulty = Count("cases", filter=Q(cases__result=Finding.FAULTY))
    return rows.annotate(size=Count("cases"), checked=checked, faulty=faulty).order_by("-made_at", "-pk")


def get_sample(actor: Actor, number: str) -> Sample:
    """One of them; SampleNotFound for another agency's and for a made-up number alike."""
    found = samples_visible_to(actor).filter(number=number).first()
    if found is None:
        raise SampleNotFound("没有找到这次抽查。", hint="请从抽查列表进入。")
    return found


def sampled_cases(sample: Sample) -> QuerySet[SampledCase]:
    """Its cases in the order they were drawn."""
    return sample.cases.select_related("agency", "checked_by").order_by("position")


def get_sampled(sample: Sample, case_number: str) -> SampledCase:
    """One of its cases."""
    found = sampled_cases(sample).filter(case_number=case_number).first()
    if found is None:
        raise SampleNotFound("这次抽查没有这件办件。", hint="请从抽查页面进入。")
    return found
