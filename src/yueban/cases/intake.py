"""From a draft to a case: what is still missing, how each material is met, and the case that comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yueban.agencies.models import Agency
from yueban.cases.choices import MaterialState
from yueban.cases.errors import CaseInputInvalid, NotProceeding
from yueban.cases.models import (
    Application,
    ApplicationFile,
    BundleApplication,
    BundleFile,
    Case,
    CaseMaterial,
)
from yueban.cases.transitions import reference_of
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.choices import Audience
from yueban.catalogue.materials import PlannedMaterial
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.selectors import ByCancellation, ByPromise, ByShare, ByUpload, Validation
from yueban.certificates import selectors as certificates_read
from yueban.certificates import services as certificates
from yueban.certificates.models import Certificate, Holding
from yueban.certificates.selectors import Climbed, Evidence
from yueban.kernel.actor import Actor, PartyHeld
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties.choices import PartyKind, Relation

PHONE_ELEMENT = "contact.phone"
FILES_PER_MATERIAL = 20
BYTES_PER_APPLICATION = 200 * 2**20
OPTIONAL = "2"  # 材料必要性： 非必要
REUSED = "用您以前交过的这一份，不用再交。"
HANDED_IN = ByUpload(way="upload")
# One item's form or a bundle's: both are filled in, checked and shown alike.
AnyApplication = Application | BundleApplication
AnyFile = ApplicationFile | BundleFile


@dataclass(frozen=True)
class MaterialStatus:
    """One material of a draft: by which way it will be met, and what that way has so far."""

    key: str
    name: str
    way: str
    is_required: bool
    sentence: str
    notes: str = ""
    acceptance: tuple[str, ...] = ()
    files: tuple[AnyFile, ...] = ()
    certificate: Certificate | None = None
    agency_kind: str = ""
    deferral_days: int | None = None
    canonical: str = ""
    climbed: Climbed | None = None
    """The rung with its evidence, and what was tried above it."""

    @property
    def is_missing(self) -> bool:
        """Whether the applicant has to hand it in before he submits; what may come later holds nothing up."""
        is_open = (self.way == "upload" and not self.files) or self.is_to_sign
        return is_open and self.is_required and self.deferral_days is None

    @property
    def is_spared(self) -> bool:
        """为您免交: the applicant hands in nothing."""
        return self.way in ("certificate", "check", "share", "reuse", "cancelled")

    @property
    def is_to_sign(self) -> bool:
        """Whether a promise could stand for it and is not signed yet."""
        return self.way == "promise" and (self.climbed is None or self.climbed.promise is None)

    @property
    def promise_text(self) -> str:
        """What would be promised; empty where a promise does not stand for it."""
        rung = self.climbed.planned.rung if self.climbed else None
        return rung.text if isinstance(rung, ByPromise) else ""

    @property
    def reusable(self) -> Holding | None:
        """A file of his own that could serve again, if he agrees."""
        return self.climbed.holding if self.climbed and not self.files else None


@dataclass(frozen=True)
class Readiness:
    """Whether a draft may be submitted; `errors` by field path of the form."""

    materials: tuple[MaterialStatus, ...]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing_count(self) -> int:
        """How many things are still to be done."""
        return len(self.errors) + sum(material.is_missing for material in self.materials)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return self.missing_count == 0


def check_target(offered: ItemVersion | CompiledBundle, party_kind: str) -> None:
    """Refuse a person where only enterprises may apply, and the reverse (服务对象)."""
    is_person = party_kind == PartyKind.PERSON
    if isinstance(offered, ItemVersion):
        allowed = offered.for_person if is_person else offered.for_enterprise
    else:
        allowed = (Audience.PERSON if is_person else Audience.ENTERPRISE) in offered.audiences
    if not allowed:
        raise NotProceeding(
            f"“{offered.name}”不受理{'个人' if is_person else '企业'}的申请。",
            hint="请换用对应的身份登录，或查看办事指南的“谁可以办”。",
        )


def validated(application: AnyApplication) -> Validation:
    """What of the form as it stands may be stored, and what is wrong in it."""
    return catalogue.validate_form(compiled_of(application), application.form, _facts(application))


def readiness(application: AnyApplication, evidence: Evidence | None = None) -> Readiness:
    """What is missing before submission, and how each material of this situation is met."""
    return Readiness(tuple(material_statuses(application, evidence)), validated(application).errors)


def material_statuses(application: AnyApplication, evidence: Evidence | None = None) -> list[MaterialStatus]:
    """The materials of the chosen situation, each on the first rung of its ladder that holds now.

    The evidence is the application's own where none is given.
    """
    files: dict[str, list[AnyFile]] = {}
    for row in application.files.filter(removed_at=None).select_related("file__precheck").order_by("pk"):
        files.setdefault(row.material_key, []).append(row)
    evidence = evidence or evidence_of(application)
    climbed = certificates_read.climb(_planned(application, evidence), evidence)
    return [_status(one, files.get(one.key, [])) for one in climbed]


def evidence_of(application: AnyApplication, *, party_id: int | None = None) -> Evidence:
    """What is known for a draft: certificates, answers of sources, promises, files that could serve again.

    Of the applicant, or of the enterprise that came of it and is the applicant of what follows.
    """
    asks = application.party_id if party_id is None else party_id
    # Who is assisted shows his own card; the helper's is no part of the matter.
    represented = () if application.assisted_by_id else parties.parties_of_user(application.user_id)
    return certificates_read.evidence_for(
        party_id=asks,
        person_id=_person_of(represented, application.party_id),
        reference=Reference("application", application.number),
    )


def sources_to_ask(application: AnyApplication) -> list[tuple[str, ByShare]]:
    """The materials of a draft whose data source is to be asked now."""
    evidence = evidence_of(application)
    return certificates_read.sources_to_ask(_planned(application, evidence), evidence)


def _planned(application: AnyApplication, evidence: Evidence) -> list[PlannedMaterial]:
    return _plan(compiled_of(application), _facts_of_materials(application), evidence)


def holdings_of(represented: Iterable[PartyHeld], party_id: int) -> Evidence:
    """What is known of the applicant and of the person who applies for it before anything is begun."""
    return certificates_read.evidence_for(
        party_id=party_id, person_id=_person_of(represented, party_id), reference=None
    )


def _person_of(represented: Iterable[PartyHeld], party_id: int) -> int:
    return next((party.id for party in represented if party.relation == Relation.SELF), party_id)


def expected_materials(
    compiled: Applicable, facts: Mapping[str, Any], held: Evidence | None = None
) -> list[PlannedMaterial]:
    """The plan on the rungs that can be climbed here; not known who applies, the best is assumed."""
    return [one.planned for one in certificates_read.climb(_plan(compiled, facts, held), held)]


def _plan(compiled: Applicable, facts: Mapping[str, Any], held: Evidence | None) -> list[PlannedMaterial]:
    return catalogue.plan_materials(
        compiled,
        facts,
        held=None if held is None else held.applicant.keys(),
        held_by_handler=() if held is None else held.handler.keys(),
    )


def _status(climbed: Climbed, files: list[AnyFile]) -> MaterialStatus:
    material, rung = climbed.planned.material, climbed.planned.rung
    way: str = rung.way
    sentence = climbed.sentence
    if files and way in ("promise", "upload") and climbed.promise is None:
        # He would rather hand it in; a file of his own that serves again is not handed in anew.
        reused = all(row.reused_from for row in files)
        way, sentence = ("reuse", REUSED) if reused else ("upload", catalogue.how(HANDED_IN))
    return MaterialStatus(
        key=material.key,
        name=material.name,
        way=way,
        is_required=material.necessity.code != OPTIONAL,
        sentence=sentence,
        notes=material.notes or "",
        acceptance=material.acceptance,
        files=tuple(files),
        certificate=climbed.certificate,
        agency_kind=rung.agency_kind if rung.way == "check" else "",
        deferral_days=material.deferral_days,
        canonical=material.canonical,
        climbed=climbed,
    )


def check_uploadable(application: AnyApplication, material_key: str) -> None:
    """Refuse a file for a material that this application does not ask for."""
    if material_key not in {material.key for material in material_statuses(application)}:
        raise CaseInputInvalid.of_fields({"material": "您的情况不需要这份材料。"})
    sizes = list(application.files.filter(removed_at=None).values_list("material_key", "file__size"))
    if sum(key == material_key for key, _ in sizes) >= FILES_PER_MATERIAL:
        message = f"一份材料最多上传{FILES_PER_MATERIAL}个文件，请删去多余的，或合并成一个文件。"
        raise CaseInputInvalid.of_fields({"material": message})
    if sum(size for _, size in sizes) >= BYTES_PER_APPLICATION:
        raise CaseInputInvalid.of_fields({"material": "这份申请的文件总共已超过200 MB，请压缩后再上传。"})


def new_case(application: Application, *, intake_agency: Agency) -> Case:
    """An unsaved case with all that the draft says, pinned to the draft's item version.

    A draft that was filled in for somebody is handed in where that was done; the matter arises where the
    applicant lives or sits, as far as that is known.
    """
    version = application.item_version
    intake_agency = application.assist_agency or intake_agency
    cleaned = validated(application).cleaned
    facts = {**_facts(application), **_facts_of_form(cleaned)}
    return Case(
        item_version=version,
        agency=version.agency,
        intake_agency=intake_agency,
        party=application.party,
        item_name=version.name,
        applicant_name=application.party.name,
        phone_tail=str(facts.get(PHONE_ELEMENT, ""))[-4:],
        division_code=version.agency.division.code,
        intake_division=application.assist_division or intake_agency.division.code,
        place_division=application.party.division_code or version.agency.division.code,
        assisted_by_id=application.assisted_by_id,
        mandate_number=application.mandate_number,
        answers=application.answers,
        form=cleaned,
        facts=facts,
    )


def case_materials(ready: Readiness) -> Iterable[CaseMaterial]:
    """Unsaved rows of the case's materials."""
    for position, material in enumerate(ready.materials):
        yield CaseMaterial(
            key=material.key,
            name=material.name,
            way=material.way,
            is_required=material.is_required,
            position=position,
            state=_STATES.get(material.way, MaterialState.PROVIDED),
            detail={
                "agency_kind": material.agency_kind,
                "acceptance": list(material.acceptance),
                "tried": _tried(material),
                "canonical": material.canonical,
                **_kind(material),
            },
        )


_STATES = {
    "certificate": MaterialState.SATISFIED,
    "share": MaterialState.SATISFIED,
    "cancelled": MaterialState.SATISFIED,
    "check": MaterialState.PENDING,
}


def _kind(material: MaterialStatus) -> dict[str, str]:
    """What sort of material it is and where it comes from: figures count by it."""
    stated = material.climbed.planned.material if material.climbed else None
    return {"class": stated.material_class, "source": stated.source.code} if stated else {}


def _tried(material: MaterialStatus) -> list[dict[str, str]]:
    """What was asked in vain, as the case keeps it for whoever reviews."""
    tried = material.climbed.tried if material.climbed else ()
    return [{"way": one.way, "text": one.text, "at": one.at.isoformat() if one.at else ""} for one in tried]


def record_satisfied(case: Case, ready: Readiness, actor: Actor) -> None:
    """Record what is met at submission, each material with the evidence of its way."""
    for material in ready.materials:
        evidence = _evidence(case, material)
        if evidence is not None:
            certificates.record_satisfaction(
                reference=reference_of(case),
                material_key=material.key,
                way=material.way,
                actor=actor,
                **evidence,
            )
        promise = material.climbed.promise if material.climbed else None
        if promise is not None and case.in_bundle:
            certificates.promise_to_child(
                promise, to=reference_of(case), material_key=material.key, item_name=case.item_name
            )
        elif promise is not None:
            certificates.hand_over_promise(promise, to=reference_of(case))


def _evidence(case: Case, material: MaterialStatus) -> dict[str, Any] | None:
    climbed, purpose = material.climbed, f"办理{case.item_name}"
    if material.certificate is not None:
        return {"basis": "申请人同意调用", "purpose": purpose, "certificate": material.certificate}
    if material.files and material.way in ("upload", "reuse"):
        basis = f"本人同意复用{material.files[-1].reused_from}的材料" if material.way == "reuse" else ""
        return {"file": material.files[-1].file, "basis": basis}
    if climbed is None:
        return None
    if climbed.exchange is not None:
        asked = climbed.exchange
        return {
            "basis": f"{asked.source}查询：{asked.get_result_display()}",
            "purpose": asked.purpose,
            "request": asked.number,
            "answer_digest": asked.answer_digest,
        }
    if climbed.promise is not None:
        return {"basis": "告知承诺", "purpose": purpose, "request": climbed.promise.number}
    if isinstance(climbed.planned.rung, ByCancellation):
        return {"basis": climbed.planned.rung.basis}
    return None


def _facts(application: AnyApplication) -> dict[str, Any]:
    return dict(catalogue.walk(compiled_of(application), application.answers).facts)


def _facts_of_materials(application: AnyApplication) -> dict[str, Any]:
    """What decides on materials: the situation; of a bundle also the form, which decides on its items."""
    facts = _facts(application)
    if isinstance(application, BundleApplication):
        facts |= _facts_of_form(validated(application).cleaned)
    return facts


def situation_facts(application: AnyApplication) -> dict[str, Any]:
    """What the answers to the situation questions say."""
    return _facts(application)


def form_values(application: AnyApplication) -> dict[str, Any]:
    """What is filled in, cleaned; repeated sections stand under their key."""
    return validated(application).cleaned


def compiled_of(application: AnyApplication) -> Applicable:
    """What is asked: the standard of the item, or of the bundle, which is read the same way."""
    if isinstance(application, BundleApplication):
        return application.bundle_version.compiled_bundle
    return application.item_version.compiled


def _facts_of_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Values filled once, by element; the rows of repeated sections are no facts of the whole."""
    return {element: value for element, value in data.items() if "." in element}
