"""What holds of every application, for one item or for a bundle: who may begin it, what is known, what is missing."""

from collections.abc import Mapping

from yueban.agencies import selectors as agencies
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import ApplicationInvalid, NotProceeding
from yueban.cases.models import Application, BundleApplication
from yueban.catalogue import selectors as catalogue
from yueban.flows import family_facts, object_to_data
from yueban.kernel import roles
from yueban.kernel.actor import Actor, PartyHeld
from yueban.kernel.errors import NotAllowed
from yueban.parties import selectors as parties

ASSISTED = frozenset({"principal", "present"})  # on a mandate, or with the person standing by


def applicant(actor: Actor, party_id: int) -> PartyHeld:
    """As what the actor stands for this party; raises NotAllowed for one that is not his."""
    held = actor.held(party_id)
    if held is None:
        raise NotAllowed("您不能以这个主体的名义申请。", hint="请用本人账号，或由法定代表人登录后办理。")
    return held


def check_version(*, is_in_force: bool) -> None:
    """Refuse to begin on a guide that has been replaced."""
    if not is_in_force:
        raise NotProceeding("这个版本的办事指南已经更新。", hint="请重新打开办事指南，按现行版本办理。")


def proceeding(compiled: catalogue.Applicable, answers: Mapping[str, str]) -> catalogue.Path:
    """The way of these answers; raises NotProceeding unless it ends in an application."""
    path = catalogue.walk(compiled, answers)
    if path.outcome is None:
        raise NotProceeding("还有问题没有回答。", hint="请先答完情形问题，再开始填写。")
    if path.outcome.kind != "proceed":
        raise NotProceeding(
            path.outcome.message or "按您的情况，不用在这里申请。", data={"outcome": path.outcome.kind}
        )
    return path


def assistance(actor: Actor, relation: str) -> cases.Assistance | None:
    """Where a helper or a clerk fills in for somebody; None for who acts in his own or his company's matters."""
    if relation not in ASSISTED:
        return None
    post = next((post for post in actor.posts if post.role in (roles.HELPER, roles.CLERK)), None)
    if post is None:
        raise NotAllowed("只有窗口人员和代办员能替人填写申请。", hint="请用带岗位的工作账号登录。")
    return cases.Assistance(
        agency_id=agencies.get_agency(post.agency).pk, division=post.division, mandate=actor.mandate or ""
    )


def known_of(actor: Actor, application: Application | BundleApplication) -> dict[str, parties.KnownFact]:
    """What is known of the applicant, and of the person who fills in for him, each with source and date."""
    applicant_id = application.party_id
    own = [party.id for party in actor.parties if party.relation == "self" and party.id != applicant_id]
    known = parties.known_facts_of([*own, applicant_id])
    family = family_facts.known_of_family(applicant_id, items_of(application))
    return object_to_data.marked({**known, applicant_id: {**family, **known[applicant_id]}})


def items_of(application: Application | BundleApplication) -> set[str]:
    """The items that are applied for: one, or those that a bundle joins."""
    if isinstance(application, BundleApplication):
        return {child.item for child in application.bundle_version.compiled_bundle.children}
    return {application.item_version.item.key}


def ready(application: Application | BundleApplication) -> cases_read.Readiness:
    """How a complete draft stands; raises ApplicationInvalid with all that is missing."""
    found = cases_read.readiness(application)
    if not found.is_ready:
        raise ApplicationInvalid(
            f"还有{found.missing_count}处没有填好，暂时不能提交。",
            hint="请按提示逐项补齐，已填内容都已保存。",
            data={"fields": found.errors, "materials": [m.key for m in found.materials if m.is_missing]},
        )
    return found
