"""A bundle of three small items of one bureau: B needs A's number, all three ask for the same card."""

import copy
import io
import json
from datetime import date
from typing import Any

from tests import people
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.cases.models import BundleApplication, BundleCase, BundleChildCase, Case
from yueban.catalogue import services as catalogue
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.catalogue.bundles.compile import compile_bundle
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.models import Bundle, BundleVersion
from yueban.catalogue.selectors import get_published
from yueban.catalogue.standard import ItemStandard
from yueban.elements import selectors as elements
from yueban.flows import bundle, bundle_window, review
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

COUNTY, AGENCY = "330602000000", "yuecheng-transport"
FORM: dict[str, Any] = {
    key: value
    for key, value in people.FORM.items()
    if key.startswith("enterprise.") or key in ("freight.scope", "contact.name", "contact.phone")
}
CARD = {
    "key": "card",
    "canonical": "resident-id-card",
    "name": "居民身份证",
    "satisfy": [{"way": "upload"}],
    "when": None,
}
PAPER = {
    "key": "rules",
    "canonical": "transport-safety-rules",
    "name": "安全生产管理制度",
    "satisfy": [{"way": "upload"}],
    "when": None,
}
COMPANY = ["enterprise.name", "enterprise.uscc", "enterprise.legal_person_name", "enterprise.address"]
CONTACT = ["contact.name", "contact.phone"]
WANTED: dict[str, tuple[list[str], list[dict[str, Any]], str | None]] = {
    "a": ([*COMPANY, "freight.scope", *CONTACT], [CARD, PAPER], "road-transport-business-permit"),
    "b": (["enterprise.name", "freight.permit_number", *CONTACT], [CARD], None),
    "c": (["enterprise.name", *CONTACT], [CARD], None),
}


def publish_item(key: str) -> None:
    """One small item at the transport bureau, without questions and checks, reviewed and decided there."""
    definition = copy.deepcopy(people.freight().definition)
    fields, materials, certificate = WANTED[key]
    like = definition["materials"][1]
    definition |= {
        "key": f"item-{key}",
        "name": f"事项{key.upper()}",
        "name_en": f"Item {key.upper()}",
        "situation": None,
        "aliases": [f"小事项{key}"],
        "unverified": [],
        "offerings": [],
        "payment": None,
        "condition_rule": None,
        "special_procedures": [],
        "form": {
            "sections": [
                {
                    "key": "all",
                    "title": "申请人",
                    "fields": [{"element": element, "required": True} for element in fields],
                }
            ]
        },
        "materials": [{**like, **material} for material in materials],
        "route": [step for step in definition["route"] if step["kind"] in ("review", "decide")],
        "result": {**definition["result"], "certificate_type": certificate},
    }
    prepared = catalogue.prepare(
        ItemStandard.model_validate_json(json.dumps(definition)),
        catalogue.agency_facts(agencies.get_agency(AGENCY)),
        elements.dictionary(),
    )
    catalogue.publish_prepared(prepared=[prepared], effective_on=date(2026, 1, 1), actor=SYSTEM)


EDGES = [
    {
        "kind": "result_input",
        "source": "a",
        "target": "b",
        "element": "freight.permit_number",
        "result_field": "number",
    }
]


def publish_bundle(
    *,
    edges: list[dict[str, Any]] | None = None,
    on_refusal: dict[str, str] | None = None,
    joint: list[str] | None = None,
) -> BundleVersion:
    """The bundle of A, B and C in force in 越城区."""
    for key in WANTED:
        publish_item(key)
    standard = BundleStandard.model_validate(
        {
            "key": "three-things",
            "name": "三项合办",
            "name_en": "Three in one",
            "summary": "三项一次办。",
            "lead_agency_kind": "transport",
            "targets": ["2"],
            "promised": {"amount": 10, "unit": "工作日"},
            "children": [
                {"key": key, "item": f"item-{key}", "on_refusal": (on_refusal or {}).get(key, "only_this")}
                for key in WANTED
            ],
            "edges": EDGES if edges is None else edges,
            "joint_issue": {"children": joint, "hold": {"amount": 1, "unit": "工作日"}} if joint else None,
        }
    )
    versions = {key: get_published(f"item-{key}", COUNTY) for key in WANTED}
    compiled = compile_bundle(
        standard,
        {version.item.key: version.compiled for version in versions.values()},
        elements.dictionary(),
        hashes={version.item.key: version.content_hash for version in versions.values()},
    )
    made, _ = Bundle.objects.get_or_create(key=standard.key, defaults={"name": standard.name})
    version = BundleVersion.objects.create(
        bundle=made,
        division_code=COUNTY,
        number=1,
        name=standard.name,
        summary=standard.summary,
        for_person=False,
        for_enterprise=True,
        definition=standard.model_dump(mode="json"),
        compiled_json=compiled.to_json(),
        content_hash=compiled.content_hash,
        effective_on=date(2026, 1, 1),
        published_at=clock.now(),
    )
    for key, item_version in versions.items():
        version.child_versions.create(child_key=key, item_version=item_version)
    return version


def draft(version: BundleVersion, username: str = people.OWNER) -> BundleApplication:
    """A begun application with the one form filled and each material attached once."""
    person = people.actor(username)
    application = bundle.start(person, version.pk, {}, people.company_of(person))
    asked = {field.element for section in version.compiled_bundle.form.sections for field in section.fields}
    given = {"freight.permit_number": "浙交运管许可绍字330602000001号"}
    form = FORM | {key: value for key, value in given.items() if key in asked}
    bundle.save_draft(person, application.number, form, None)
    for material in bundle.check(person, application.number).materials:
        if material.is_missing:
            content = io.BytesIO(people.PDF + material.key.encode())
            bundle.attach_file(person, application.number, material.key, content, f"{material.key}.pdf")
    return application


GOODS = {
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "applicant_kind": "enterprise",
    "vehicle_readiness": "owned",
    "acquisition": "new",
    "positioning": "yes",
}


def truck(number: int) -> dict[str, str]:
    """One of the company's trucks."""
    return {
        "vehicle.plate": f"浙D0000{number}",
        "vehicle.type": "heavy_truck",
        "vehicle.gross_mass": "18",
        "vehicle.inspection_valid_until": "2027-06-30",
        "vehicle.identification_number": f"LFV2A21K0E300000{number}",
    }


def goods_draft() -> BundleApplication:
    """普通货物运输经营准入 with two trucks, as the city's pack has it."""
    person = people.actor(people.OWNER)
    version = bundles_read.get_bundle("goods-transport", COUNTY)
    application = bundle.start(person, version.pk, GOODS, people.company_of(person))
    bundle.save_draft(person, application.number, people.FORM | {"vehicles": [truck(1), truck(2)]}, None)
    for material in bundle.check(person, application.number).materials:
        if material.is_missing:
            content = io.BytesIO(people.PDF + material.key.encode())
            bundle.attach_file(person, application.number, material.key, content, f"{material.key}.pdf")
    return application


def goods_submitted() -> BundleCase:
    """Handed in."""
    return bundle.submit(people.actor(people.OWNER), goods_draft().number)


def submitted(version: BundleVersion) -> BundleCase:
    """Handed in once."""
    return bundle.submit(people.actor(people.OWNER), draft(version).number)


def received(version: BundleVersion) -> BundleCase:
    """Taken in and accepted by one click of the window."""
    made = submitted(version)
    return bundle_window.receive_all(people.actor(people.CLERK), made.number).bundle_case


def child(made: BundleCase, key: str) -> BundleChildCase:
    """One child as it stands."""
    return made.children.select_related("case").get(child_key=key)


def case_of(made: BundleCase, key: str) -> Case:
    """Its case."""
    found = child(made, key).case
    assert found is not None, f"{key} has not begun"
    return found


def decided(made: BundleCase, key: str, *, is_granted: bool) -> Case:
    """Reviewed and decided."""
    case, reviewer = case_of(made, key), people.actor(people.REVIEWER)
    task = approvals.inbox(reviewer).get(reference_number=case.number)
    outcome = TaskOutcome.CONFORMS if is_granted else TaskOutcome.DEVIATES
    review.finish_task(reviewer, task.pk, outcome=outcome, opinion="已经核对")
    return review.decide(
        people.actor(people.DECIDER),
        case.number,
        is_granted=is_granted,
        reason="" if is_granted else "材料与事实不符。",
    )
