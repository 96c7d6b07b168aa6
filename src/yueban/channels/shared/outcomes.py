"""What the questions of an item or a 一件事 come to, for whoever is here: may he go on, in whose name, from when."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.models import BundleVersion, ItemVersion
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import material_lines
from yueban.channels.shared.links import Link
from yueban.channels.shared.proofs import planned_counts
from yueban.channels.shared.templatetags import chinese_dates
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld
from yueban.parties.choices import Relation

AnyVersion = ItemVersion | BundleVersion
WORDS = {
    Relation.SELF: gettext_noop("您本人"),
    Relation.LEGAL_PERSON: gettext_noop("您是法定代表人"),
    Relation.GUARDIAN: gettext_noop("您是监护人"),
    Relation.MANDATARY: gettext_noop("您是被授权人"),
}


def standing_word(party: PartyHeld) -> str:
    """What the person is to a party, as he reads it."""
    return _(WORDS.get(Relation(party.relation), ""))


def party_choices(may_apply: list[PartyHeld], chosen: PartyHeld | None) -> list[dict[str, Any]]:
    """For whom one can apply, each with what one is to him; first picked is the one chosen for this visit."""
    picked = chosen if chosen in may_apply else next(iter(may_apply), None)
    return [
        {"id": one.id, "name": one.name, "word": standing_word(one), "is_picked": one == picked}
        for one in may_apply
    ]


OUTCOME_WORDS = {
    "proceed": gettext_noop("可以办"),
    "not_needed": gettext_noop("不用办"),
    "not_eligible": gettext_noop("现在还不能办"),
    "elsewhere": gettext_noop("要到别处办"),
}


def outcome_context(
    actor: Actor, compiled: Applicable, path: Any, version: AnyVersion, *, guide: str
) -> dict[str, Any]:
    """What the last page of the questions says; ``guide`` is the name of the channel's page of an item."""
    outcome = path.outcome
    elsewhere = None
    if outcome.item:
        other = catalogue.find_published(outcome.item)
        if other is not None:
            elsewhere = Link(named(other.name, other.name_en), reverse(guide, args=[outcome.item]))
    headings: Mapping[str, str] = {
        "proceed": _("您可以在网上办理“%(name)s”"),
        "not_needed": _("按您的情况，不用办“%(name)s”"),
        "not_eligible": _("按您的情况，现在还不能办“%(name)s”"),
        "elsewhere": _("按您的情况，不在这里办"),
    }
    heading = headings[outcome.kind]
    name = named(version.name, version.name_en)
    parties = [party for party in actor.parties if _may_apply(version, party)]
    held = cases.holdings_of(actor.parties, parties[0].id) if len(parties) == 1 else None
    hint = _("您的回答都还在，换了账号登录后接着办。")
    if outcome.kind == "proceed" and actor.is_signed_in and not parties:
        heading = _wrong_account(version)
        if any(_is_meant(version, party) for party in actor.parties):
            heading = _("可以办，但给您的授权里没有这个事项")
            hint = _("请委托人在“授权”里再授权您办这个事项，您的回答到时重新选一遍即可。")
    planned = cases.expected_materials(compiled, path.facts, held)
    return {
        "outcome": outcome,
        "counts": planned_counts(planned),
        "outcome_word": _(OUTCOME_WORDS[outcome.kind]),
        "outcome_heading": heading % {"name": name} if "%" in heading else heading,
        "elsewhere": elsewhere,
        "materials": material_lines(planned),
        "parties": parties,
        "closed": _closed(compiled) if outcome.kind == "proceed" else "",
        "wrong_party": hint,
    }


def _closed(compiled: Applicable) -> str:
    """What to say outside the periods in which applications are taken; empty when they are taken."""
    today = clock.today()
    if catalogue.is_intake_open(compiled, today):
        return ""
    coming = catalogue.find_next_period(compiled, today)
    if coming is None:
        return _("现在不在受理时段内。可以先填好存着，时段公布后再提交。")
    return _("现在不在受理时段内。可以先填好存着，%(opens)s至%(closes)s之间提交，先后都一样。") % {
        "opens": chinese_dates.han_date(coming.opens_on),
        "closes": chinese_dates.han_date(coming.closes_on),
    }


def _wrong_account(version: AnyVersion) -> str:
    if version.for_enterprise and version.for_person:
        return _("可以办，但要用个人或企业账号登录")
    return _("可以办，但要用企业账号登录") if version.for_enterprise else _("可以办，但要用个人账号登录")


def _may_apply(version: AnyVersion, party: PartyHeld) -> bool:
    return all(party.may(key) for key in _items(version)) and _is_meant(version, party)


def _items(version: AnyVersion) -> set[str]:
    """Keys of the items that are applied for: a mandate must cover each of them."""
    if isinstance(version, BundleVersion):
        return {child.item for child in version.compiled_bundle.children}
    return {version.item.key}


def _is_meant(version: AnyVersion, party: PartyHeld) -> bool:
    return version.for_person if party.kind == "person" else version.for_enterprise
