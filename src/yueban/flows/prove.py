"""免证: what a draft still has to prove is asked of data sources, promised, or shown with an earlier paper.

Sources are asked outside of any transaction: a slow one holds nothing up, and that it was asked stays written down
whatever becomes of the draft.
"""

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ApplicationState
from yueban.cases.errors import CaseInputInvalid
from yueban.cases.models import BundleApplication, Case
from yueban.certificates import services as certificates
from yueban.certificates.errors import PromiseRefused, ReuseRefused
from yueban.certificates.models import Exchange, Promise
from yueban.flows import handing_in
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.parties.choices import Relation


def ask_sources(actor: Actor, number: str) -> list[Exchange]:
    """Ask every source that the draft's materials need and that has not just answered; never raises for a source."""
    application = cases_read.get_any_application(actor, number)
    if application.state != ApplicationState.DRAFT:
        return []
    wanted = cases_read.sources_to_ask(application)
    if not wanted:
        return []
    names = {material.key: material.name for material in cases_read.compiled_of(application).materials}
    return certificates.ask_sources(
        party=application.party,
        matter=_matter(application),
        wanted=[
            certificates.Wanted(material_key=key, source=way.source, subject=way.subject or names[key])
            for key, way in wanted
        ],
        actor=actor,
    )


def _matter(application: cases_read.AnyApplication) -> certificates.Matter:
    """For what is asked: the item, or the bundle that asks once for all of its items."""
    if isinstance(application, BundleApplication):
        bundle = application.bundle_version
        return certificates.Matter(
            reference=_reference(application),
            item_key=bundle.bundle.key,
            item_name=bundle.name,
            division_code=bundle.division_code,
        )
    version = application.item_version
    return certificates.Matter(
        reference=_reference(application),
        item_key=version.item.key,
        item_name=version.name,
        division_code=version.agency.division.code,
    )


@transaction.atomic
def promise(actor: Actor, number: str, material_key: str, signed_name: str) -> Promise:
    """告知承诺: the applicant signs the text with his name; again changes nothing.

    Raises PromiseRefused for who is barred or does not sign for himself, PromiseInvalid for another's name.
    """
    application = cases.lock_any_draft(number=number, actor=actor)
    # In a 一件事 he promises to each of its authorities: whoever signs must stand for him in all of it.
    held = [actor.held(application.party_id, item) for item in sorted(handing_in.items_of(application))]
    if any(one is not None and one.relation == Relation.PRINCIPAL for one in held):
        raise PromiseRefused("承诺要由本人签，代办员不能代签。", hint="请本人登录后签，或者上传这份材料。")
    material = _material(application, material_key)
    certificates.check_may_promise(application.party)
    if not material.promise_text:
        raise PromiseRefused("这份材料不能以承诺代替。", hint="请按页面上的说明提交。")
    is_himself = all(one is not None and one.relation in (Relation.SELF, Relation.PRESENT) for one in held)
    return certificates.sign_promise(
        party=application.party,
        reference=_reference(application),
        material_key=material_key,
        material_name=material.name,
        item_name=_matter(application).item_name,
        text=material.promise_text,
        signed_name=signed_name,
        signer=application.party.name if is_himself else actor.name,
        actor=actor,
    )


@transaction.atomic
def take_promise_back(actor: Actor, number: str, material_key: str) -> None:
    """Before submission a promise may be taken back."""
    application = cases.lock_any_draft(number=number, actor=actor)
    certificates.take_back_promise(reference=_reference(application), material_key=material_key)


@transaction.atomic
def use_again(actor: Actor, number: str, material_key: str) -> cases_read.AnyFile:
    """材料复用: he agrees that a paper he handed in before serves again; again changes nothing."""
    application = cases.lock_any_draft(number=number, actor=actor)
    holding = _material(application, material_key).reusable
    if holding is None:
        raise ReuseRefused(
            "没有可以再用的这份材料，或者交上来已经太久。",
            hint="请上传新的；以前交过的在“我的办件”里还能看到。",
        )
    return cases.add_application_file(
        application=application,
        material_key=material_key,
        file=holding.file,
        reused_from=holding.source_number,
    )


def keep_for_later(case: Case) -> None:
    """What a granted case was handed in with may serve again, as far as the city lets it."""
    files = [
        (str(row.detail.get("canonical", "")), one.file)
        for row in case.materials.filter(way="upload").prefetch_related("files__file")
        for one in row.files.all()
        if one.is_current
    ]
    certificates.keep_holdings(
        party=case.party, source=cases.reference_of(case), source_name=case.item_name, files=files
    )


def _material(application: cases_read.AnyApplication, key: str) -> cases_read.MaterialStatus:
    found = next((one for one in cases_read.material_statuses(application) if one.key == key), None)
    if found is None:
        raise CaseInputInvalid.of_fields({"material": "您的情况不需要这份材料。"})
    return found


def _reference(application: cases_read.AnyApplication) -> Reference:
    return Reference("application", application.number)
