"""From one form to the applications of the children: which are needed, what each is told, which files serve it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from yueban.accounts import walls
from yueban.cases.choices import ApplicationState
from yueban.cases.errors import ApplicationInvalid
from yueban.cases.intake import (
    AnyApplication,
    MaterialStatus,
    Readiness,
    evidence_of,
    form_values,
    material_statuses,
    readiness,
    situation_facts,
)
from yueban.cases.models import (
    Application,
    ApplicationFile,
    BundleApplication,
    BundleCase,
    BundleChildCase,
    Case,
)
from yueban.cases.numbering import new_application_number
from yueban.catalogue.bundles.compiled import CompiledChild
from yueban.catalogue.bundles.splitting import child_input, needed_children
from yueban.certificates import selectors as certificates
from yueban.certificates.models import Certificate, Exchange
from yueban.certificates.selectors import Evidence
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.parties.models import Party

CODE = "enterprise.uscc"


def needed_keys(application: BundleApplication) -> list[str]:
    """Keys of the children that this person needs, in the order of the bundle."""
    facts = {**situation_facts(application), **form_values(application)}
    return list(needed_children(application.bundle_version.compiled_bundle, facts))


def asked_items(application: AnyApplication) -> list[str]:
    """Keys of the items that are asked for as the form stands: a mandate must cover each of them."""
    if isinstance(application, Application):
        return [application.item_version.item.key]
    needed = set(needed_keys(application))
    compiled = application.bundle_version.compiled_bundle
    return sorted({child.item for child in compiled.children if child.key in needed})


def rows_of(application: BundleApplication, child: CompiledChild) -> int:
    """How many cases the child becomes: one, or one a row of the section that it is repeated for."""
    if child.repeat is None:
        return 1
    # The section may stand under another key in the form that is filled in once.
    key = next((one.merged for one in child.sections if one.key == child.repeat and one.merged), child.repeat)
    return len(form_values(application).get(key, ()))


def child_application(child: BundleChildCase, bundle_case: BundleCase) -> Application:
    """The child's own application, filled from the bundle's form and from what its siblings have brought."""
    application = bundle_case.application
    compiled = application.bundle_version.compiled_bundle
    shape = next(one for one in compiled.children if one.key == child.child_key)
    answers, form = child_input(
        compiled,
        child.child_key,
        application.answers,
        form_values(application),
        row=child.row if shape.repeat is not None else None,
        results=results_for(child, bundle_case),
    )
    now = clock.now()
    # Never a draft: the person may have a draft of his own for the same item.
    made = Application.objects.create(
        number=new_application_number(),
        user_id=application.user_id,
        party=_party_for(child, bundle_case),
        item_version=child.item_version,
        answers=answers,
        form=form,
        state=ApplicationState.SUBMITTED,
        channel=application.channel,
        started_at=application.started_at,
        saved_at=now,
        assisted_by_id=application.assisted_by_id,
        assist_agency=application.assist_agency,
        assist_division=application.assist_division,
        mandate_number=application.mandate_number,
    )
    _share_files(application, made, child.child_key)
    return made


def _party_for(child: BundleChildCase, bundle_case: BundleCase) -> Party:
    """Whose case it is: of the enterprise that an earlier child has registered, where its code flows in here."""
    application = bundle_case.application
    for edge in application.bundle_version.compiled_bundle.edges:
        if edge.kind == "result_input" and edge.target == child.child_key and edge.element == CODE:
            licence = _certificate_of(bundle_case, edge.source)
            if licence is not None:
                return licence.holder
    return application.party


def _share_files(application: BundleApplication, made: Application, child_key: str) -> None:
    """A file collected once serves every child that asks for the material."""
    shared = application.bundle_version.compiled_bundle.child_by_key[child_key].materials
    ApplicationFile.objects.bulk_create(
        [
            ApplicationFile(
                application=made,
                material_key=key,
                file_id=row.file_id,
                added_at=row.added_at,
                reused_from=row.reused_from,
            )
            for row in application.files.filter(removed_at=None).order_by("pk")
            for key, merged in shared.items()
            if merged == row.material_key
        ]
    )


def facts_of_row(made: Application, child: BundleChildCase) -> dict[str, Any]:
    """Of a child that is one case a row, what stands in its row: facts of the whole, as a certificate tells them."""
    compiled = child.bundle_case.bundle_version.compiled_bundle
    rows = form_values(made).get(compiled.child_by_key[child.child_key].repeat or "", ())
    return dict(rows[0]) if len(rows) == 1 else {}


def child_readiness(made: Application, child: BundleChildCase, bundle_case: BundleCase) -> Readiness:
    """What the child's own standard finds, each material met the way in which the bundle meets it.

    What another child issues (the permit that a certificate needs) is met by what that child has brought.
    """
    application = bundle_case.application
    shape = application.bundle_version.compiled_bundle.child_by_key[child.child_key]
    evidence = evidence_of(application, party_id=made.party_id)
    merged = {status.key: status for status in material_statuses(application, evidence)}
    own = readiness(made, _of_child(evidence, shape.materials))
    met = [
        _met(status, merged.get(shape.materials.get(status.key, "")), bundle_case, shape.supplied)
        for status in own.materials
    ]
    return Readiness(tuple(met), own.errors)


def _of_child(evidence: Evidence, materials: Mapping[str, str]) -> Evidence:
    """What was asked and promised once for the merged materials, under the child's own keys."""
    return replace(
        evidence,
        exchanges={
            key: evidence.exchanges[merged]
            for key, merged in materials.items()
            if merged in evidence.exchanges
        },
        promises={
            key: evidence.promises[merged] for key, merged in materials.items() if merged in evidence.promises
        },
    )


def asked_for(case: Case) -> dict[str, list[Exchange]]:
    """What was asked of data sources for a case, by its materials; of a child the bundle asked once for all."""
    if not case.in_bundle:
        return _by_material(certificates.exchanges_of(Reference("application", case.application.number)))
    with walls.platform():  # the draft of the whole is nobody's but the applicant's
        child = case.bundle_child
        application = child.bundle_case.application
        found = _by_material(certificates.exchanges_of(Reference("application", application.number)))
        shape = application.bundle_version.compiled_bundle.child_by_key[child.child_key]
    return {key: found[merged] for key, merged in shape.materials.items() if merged in found}


def _by_material(rows: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {}
    for row in rows:
        found.setdefault(row.material_key, []).append(row)
    return found


def _met(
    status: MaterialStatus,
    same: MaterialStatus | None,
    bundle_case: BundleCase,
    supplied: Mapping[str, str],
) -> MaterialStatus:
    """A material of a child as the bundle or another child meets it."""
    if not status.is_missing:
        return status
    if status.key in supplied:
        brought = _certificate_of(bundle_case, supplied[status.key])
        return replace(status, way="certificate", certificate=brought) if brought else status
    if same is None or same.is_missing:
        return status
    return replace(
        status,
        way=same.way,
        certificate=same.certificate,
        agency_kind=same.agency_kind,
        climbed=same.climbed,
    )


def check_ready(ready: Readiness, *, name: str) -> None:
    """Raise ApplicationInvalid, in the words of the one item that is not complete."""
    if ready.is_ready:
        return
    missing = [material.name for material in ready.materials if material.is_missing]
    told = "；".join([*ready.errors.values(), *(f"还缺：{one}" for one in missing)])
    raise ApplicationInvalid(
        f"“{name}”还不能提交：{told}",
        hint="已填内容都已保存，请补齐后再提交。",
        data={"fields": dict(ready.errors), "materials": missing},
    )


def _certificate_of(bundle_case: BundleCase, child_key: str) -> Certificate | None:
    for number in _numbers(bundle_case.children.filter(child_key=child_key).order_by("row")):
        if found := certificates.certificates_for(Reference("case", number)).first():
            return found
    return None


def results_for(child: BundleChildCase, bundle_case: BundleCase) -> dict[str, Any]:
    """What earlier children have brought for this one's form: numbers of their certificates, by element."""
    edges = [
        edge
        for edge in bundle_case.application.bundle_version.compiled_bundle.edges
        if edge.kind == "result_input" and edge.target == child.child_key and edge.element
    ]
    found: dict[str, Any] = {}
    for edge in edges:
        for number in _numbers(bundle_case.children.filter(child_key=edge.source).order_by("row")):
            value = _brought(number, edge.result_field or "")
            if value is not None:
                found[str(edge.element)] = value
    return found


def _numbers(rows: Any) -> Sequence[str]:
    return list(rows.exclude(case=None).values_list("case__number", flat=True))


def _brought(number: str, field: str) -> Any:
    """The field of the certificate that this case has brought; its number where the field is the number."""
    certificate = certificates.certificates_for(Reference("case", number)).first()
    if certificate is None:
        return None
    values: Mapping[str, Any] = certificate.data
    return values.get(field) or certificate.number
