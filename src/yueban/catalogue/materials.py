"""The material plan: which materials an item needs in a situation, and how each will be satisfied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from yueban.catalogue import rules
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.compiled import CompiledMaterial
from yueban.catalogue.standard.materials import (
    ByCancellation,
    ByCertificate,
    ByCheck,
    ByForm,
    ByPromise,
    ByShare,
    ByUpload,
    Rung,
    Way,
)
from yueban.expressions import Truth

SUBMIT = "需您提交"
EXEMPT = "为您免交"
PROMISE = "可承诺代替"
FILLED = "在线填写生成"
NECESSARY = "1"


@dataclass(frozen=True, slots=True)
class PlannedMaterial:
    """A material with the way it is expected to be satisfied.

    ``need`` UNKNOWN = cannot be told yet, ``missing`` names the facts that decide. ``rung`` is the way
    now taken, ``fallbacks`` those below it on the ladder, in order.
    """

    material: CompiledMaterial
    need: Truth
    missing: tuple[str, ...]
    rung: Rung
    fallbacks: tuple[Rung, ...]

    @property
    def is_necessary(self) -> bool:
        """Whether the application cannot be accepted without it (必要; not 非必要, not 容缺后补)."""
        return self.need is Truth.TRUE and self.material.necessity.code == NECESSARY

    @property
    def is_deferrable(self) -> bool:
        """Whether it may be handed in after acceptance (容缺后补)."""
        return self.material.necessity.code == "3"

    @property
    def is_submitted(self) -> bool:
        """Whether the applicant himself must hand something in."""
        return self.label == SUBMIT

    @property
    def label(self) -> str:
        """The tag people see: 需您提交, 为您免交, 可承诺代替, 在线填写生成."""
        match self.rung:
            case ByUpload():
                return SUBMIT
            case ByPromise():
                return PROMISE
            case ByForm():
                return FILLED
            case _:
                return EXEMPT

    @property
    def how(self) -> str:
        """How it is satisfied, in one sentence."""
        return how(self.rung)


def how(way: Rung) -> str:
    """A way of satisfying a material in one sentence."""
    match way:
        case ByCancellation():
            return f"按规定不再要这份材料（{way.basis}）。"
        case ByCertificate():
            return "由系统调取电子证照，不用您交。"
        case ByShare():
            return f"由系统向{way.source}查询，不用您交。"
        case ByCheck():
            return f"由部门核对{way.subject}，不用您交。"
        case ByPromise():
            return "您可以书面承诺代替，部门事后核查。"
        case ByForm():
            return "您在网上填写后自动生成，不用另交。"
        case ByUpload():
            return "请您上传，或到窗口提交。"


def plan(
    compiled: Applicable,
    facts: Mapping[str, object],
    *,
    held: Collection[str] | None = None,
    held_by_handler: Collection[str] = (),
    failed: Mapping[str, Collection[str]] | None = None,
    on: date | None = None,
) -> list[PlannedMaterial]:
    """The materials needed with these facts, in the item's order; those surely not needed are left out.

    ``held`` are the certificate types the applicant is known to hold (None = not known, so the best is
    assumed and said), ``held_by_handler`` those of the person who applies for it. ``failed`` names per
    material key the ways already tried in vain.
    """
    planned = []
    for material in compiled.materials:
        need, missing = _need(compiled, material, facts, on)
        if need is Truth.FALSE:
            continue
        tried = (failed or {}).get(material.key, ())
        ladder = [
            way for way in material.satisfy if way.way not in tried and _is_open(way, held, held_by_handler)
        ]
        # Whatever fails, the person is never blocked: the last rung is always to hand it in.
        ladder = ladder or [ByUpload(way="upload")]
        planned.append(PlannedMaterial(material, need, missing, ladder[0], tuple(ladder[1:])))
    return planned


def _need(
    compiled: Applicable, material: CompiledMaterial, facts: Mapping[str, object], on: date | None
) -> tuple[Truth, tuple[str, ...]]:
    if material.when is None:
        return Truth.TRUE, ()
    found = rules.holds(material.when, facts, compiled.vocabulary, on)
    if found is not Truth.UNKNOWN:
        return found, ()
    return found, tuple(rules.judge(material.when, facts, compiled.vocabulary, on).missing)


def _is_open(way: Way, held: Collection[str] | None, held_by_handler: Collection[str]) -> bool:
    if not isinstance(way, ByCertificate) or held is None:
        return True
    return way.certificate_type in (held_by_handler if way.holder == "handler" else held)
