"""A bundle that a village may offer: two items of the county's bureau that are handed in there, for one person."""

import io
from datetime import date
from typing import Any

from tests import people, village
from yueban.cases.models import BundleApplication, BundleCase
from yueban.catalogue.bundles.compile import compile_bundle
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.models import Bundle, BundleVersion
from yueban.catalogue.selectors import get_published
from yueban.elements import selectors as elements
from yueban.flows import assist, bundle
from yueban.kernel import clock
from yueban.parties.choices import MandateWay

ANSWERS = village.OTHER_ANSWERS | village.ANSWERS | {"subsidy-work": "flexible"}
FORM: dict[str, Any] = village.FORM | {
    "person.born_on": "1969-05-12",
    "employment.registered_on": "2026-01-05",
    "contact.phone": "",
}
COUNTY, KEY = "330602000000", "two-for-a-villager"
ITEMS = {"recognition": village.OTHER_ITEM, "subsidy": village.ITEM}


def publish() -> BundleVersion:
    """In force in 越城区; again gives the same."""
    known = BundleVersion.objects.filter(bundle__key=KEY).first()
    if known is not None:
        return known
    standard = BundleStandard.model_validate(
        {
            "key": KEY,
            "name": "就业帮扶合办",
            "name_en": "Help with work",
            "summary": "认定和补贴一次办。",
            "lead_agency_kind": "human-resources",
            "targets": ["1"],
            "promised": {"amount": 20, "unit": "工作日"},
            "children": [
                {"key": key, "item": item, "on_refusal": "only_this"} for key, item in ITEMS.items()
            ],
            "aliases": ["就业两件一起办"],
        }
    )
    versions = {key: get_published(item, COUNTY) for key, item in ITEMS.items()}
    compiled = compile_bundle(
        standard,
        {version.item.key: version.compiled for version in versions.values()},
        elements.dictionary(),
        hashes={version.item.key: version.content_hash for version in versions.values()},
    )
    made, _ = Bundle.objects.get_or_create(key=KEY, defaults={"name": standard.name})
    version = BundleVersion.objects.create(
        bundle=made,
        division_code=COUNTY,
        number=1,
        name=standard.name,
        summary=standard.summary,
        for_person=True,
        for_enterprise=False,
        definition=standard.model_dump(mode="json"),
        compiled_json=compiled.to_json(),
        content_hash=compiled.content_hash,
        effective_on=date(2026, 1, 1),
        published_at=clock.now(),
    )
    for key, item_version in versions.items():
        version.child_versions.create(child_key=key, item_version=item_version)
    return version


def draft(username: str = village.HELPER) -> BundleApplication:
    """The villager's draft with its one form filled and each missing paper attached once."""
    helper = village.actor(username)
    application = assist.begin_bundle(helper, village.VILLAGER, publish().pk, ANSWERS)
    acting = assist.draft_actor(helper, application.number)
    bundle.save_draft(acting, application.number, FORM, None)
    for material in bundle.check(acting, application.number).materials:
        if material.is_missing:
            content = io.BytesIO(people.PDF + material.key.encode())
            bundle.attach_file(acting, application.number, material.key, content, f"{material.key}.pdf")
    return application


def mandate(application: BundleApplication) -> str:
    """The villager signs on paper for all that the bundle asks for."""
    given = assist.give_mandate(
        village.actor(village.HELPER),
        application.number,
        way=MandateWay.PAPER,
        signature=(people.PDF, "委托书.pdf"),
        powers=["submit", "supplement", "collect"],
        ends_on=date(2027, 11, 30),
    )
    return str(given.number)


def handed_in() -> BundleCase:
    """Handed in by the helper on the villager's mandate, and received."""
    application = draft()
    mandate(application)
    return assist.submit_bundle(village.actor(village.HELPER), application.number)
