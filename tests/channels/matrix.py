"""Endpoint × role × object: who gets what at every address of the product. A new address must be entered here.

Each row: name of the address, how it is asked, and the status for each of ROLES in their order. A status of 404
stands for a thing that exists but not for this person: the answer is the same as for a number that was made up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import PublicNotice, Task
from yueban.cases.models import Application, BundleApplication, BundleCase, Case
from yueban.documents.models import Document
from yueban.files.models import StoredFile
from yueban.flows import inspect_place
from yueban.kernel.reference import Reference
from yueban.parties.models import Mandate
from yueban.payments.models import PaymentOrder
from yueban.ratings.models import Rating

# nobody · the legal person whose case it is · another enterprise · window clerk of the hall · reviewer of the
# deciding agency · checker with a task · reviewer of another county · supervisor of the city
ROLES: tuple[str | None, ...] = (
    None,
    people.OWNER,
    people.STRANGER,
    people.CLERK,
    people.REVIEWER,
    people.VEHICLE_CHECKER,
    people.OTHER_COUNTY,
    people.SUPERVISOR,
)


@dataclass(frozen=True)
class World:
    """The owner's things: a case under review, a draft, their files, a document."""

    case: Case
    draft: Application
    file: StoredFile
    draft_file: StoredFile
    document: Document
    notice: PublicNotice
    order: PaymentOrder
    rating: Rating
    bundle: BundleCase | None = None
    bundle_receipt: Document | None = None
    bundle_draft: BundleApplication | None = None


@dataclass(frozen=True)
class Row:
    """One address asked in one way."""

    name: str
    statuses: tuple[int, ...]
    arguments: Callable[[World], list[str]] = lambda _world: []
    method: str = "get"
    data: Mapping[str, str] = field(default_factory=dict)

    def address(self, world: World) -> str:
        """The path, with the world's numbers in it."""
        return reverse(self.name, args=self.arguments(world))


def case_number(world: World) -> list[str]:
    return [world.case.number]


def item_version(world: World) -> list[str]:
    return [str(world.case.item_version_id)]


def item_act(name: str) -> Callable[[World], list[str]]:
    return lambda world: [*item_version(world), name]


def offer_act(name: str) -> Callable[[World], list[str]]:
    return lambda _world: ["999999", name]


def key_act(name: str) -> Callable[[World], list[str]]:
    return lambda _world: ["MY2026112300000000", name]


ITEM_LISTS = (
    *("desk:items", "desk:items-export", "desk:items-directory", "desk:items-new"),
    *("desk:items-same", "desk:items-same-export", "desk:bundles"),
)
ITEM_PAGES = ("desk:item-version", "desk:item-diff", "desk:item-preview", "desk:item-preview-frame")


def order_number(world: World) -> list[str]:
    return [world.order.number]


def order_act(name: str) -> Callable[[World], list[str]]:
    return lambda world: [world.order.number, name]


def draft_number(world: World) -> list[str]:
    return [world.draft.number]


def case_document(world: World) -> list[str]:
    return [world.case.number, world.document.verify_code]


def company_mandate() -> str:
    """The mandate that the owner's company has given to its employee."""
    return Mandate.objects.get(principal__number="shili-transport").number


def inspection_task(world: World) -> list[str]:
    """The task of a look at the place beside the review of the case."""
    found = approvals.tasks_of(Reference("case", world.case.number)).filter(kind=TaskKind.INSPECT).first()
    if found is None:
        review = Task.objects.get(reference_number=world.case.number, key="review")
        found = inspect_place.arrange(people.actor(people.REVIEWER), review.pk)
    return [str(found.pk)]


# What the forms of the desk hold, so that only place, role and state decide.
WORDS = {
    "note": "请尽快办理",
    "reason": "理由充分",
    "method": "窗口领取",
    "proof": "本人签收",
    "what-safety-rules": "缺少盖章",
    "opinion": "见要点",
    "result": "通过",
    "name": "专家评审",
    "basis": "行政许可法第四十五条",
    "days": "5",
    "kind": "annulled",
    "place": "三楼会议室",
    "held_at": "2099-01-01T09:00",
}


def act(name: str) -> Callable[[World], list[str]]:
    return lambda world: [world.case.number, name]


EVERYBODY = (200,) * 8
#            nobody owner stranger clerk reviewer checker county supervisor
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)
OWN_DRAFT = (302, 200, 404, 404, 404, 404, 404, 404)
OWN_DRAFT_ACT = (302, 302, 404, 404, 404, 404, 404, 404)
STAFF = (302, 403, 403, 200, 200, 200, 200, 200)
CASE_STAFF = (302, 403, 403, 200, 200, 200, 404, 200)
TAKES_IN = (302, 403, 403, 200, 403, 403, 403, 403)
NOBODYS_DRAFT = (302, 403, 403, 404, 404, 404, 404, 404)
AT_INTAKE = (302, 403, 403, 409, 403, 403, 404, 403)
#: None of the eight edits items.
EDITORS = (302, 403, 403, 403, 403, 403, 403, 403)
#: Who reads policies: editors, reviewers, deciders and supervisors.
POLICY_STAFF = (302, 403, 403, 403, 200, 403, 200, 200)
NO_SUCH_POLICY = (302, 403, 403, 403, 404, 403, 404, 404)
UNFIT = (302, 403, 403, 422, 422, 422, 422, 422)
NOTHING_THERE = (302, 403, 403, 404, 404, 404, 404, 404)
# Who writes an agency's wordings; none of them those of another agency.
WRITES = (302, 403, 403, 403, 200, 403, 200, 200)
WRITES_NOT_THERE = (302, 403, 403, 403, 403, 403, 403, 403)
#: Pages of the three administrators, of whom none is here: tests/channels/administrators_matrix.py asks them.
ADMINISTRATORS = (302, 403, 403, 403, 403, 403, 403, 403)
SUPERVISORS = (302, 403, 403, 403, 403, 403, 403, 200)
#: An act that the case under review no longer allows: those concerned are told so, others find nothing.
TOO_LATE = (302, 403, 403, 409, 409, 409, 404, 409)

PORTAL = (
    Row("portal:home", EVERYBODY),
    Row("portal:search", EVERYBODY),
    Row("portal:suggest", EVERYBODY),
    Row("portal:items", EVERYBODY),
    Row("portal:guide", EVERYBODY, lambda _: ["road-freight-permit"]),
    Row("portal:situation", EVERYBODY, lambda _: ["road-freight-permit"]),
    Row("portal:start", (302, 405, 405, 405, 405, 405, 405, 405), lambda _: ["road-freight-permit"]),
    Row("portal:form", OWN_DRAFT, draft_number),
    Row("portal:autosave", OWN_DRAFT, draft_number, "post"),
    Row("portal:materials", OWN_DRAFT, draft_number),
    Row(
        "portal:upload",
        (302, 422, 404, 404, 404, 404, 404, 404),
        lambda w: [w.draft.number, "safety-rules"],
        "post",
    ),
    Row(
        "portal:promise",
        (302, 422, 404, 404, 404, 404, 404, 404),
        lambda w: [w.draft.number, "safety-rules"],
        "post",
    ),
    Row(
        "portal:use-again",
        (302, 403, 404, 404, 404, 404, 404, 404),
        lambda w: [w.draft.number, "safety-rules"],
        "post",
    ),
    Row("portal:remove-file", OWN_DRAFT_ACT, lambda w: [w.draft.number, w.draft_file.number], "post"),
    Row("portal:preview", OWN_DRAFT, draft_number),
    Row("portal:discard", OWN_DRAFT_ACT, draft_number, "post"),
    Row("portal:levels", EVERYBODY),
    Row("portal:my", SIGNED_IN),
    Row("portal:messages", SIGNED_IN),
    Row("portal:standing", SIGNED_IN),
    Row("portal:family", SIGNED_IN),
    Row("portal:facts", SIGNED_IN),
    Row("portal:enterprise-facts", SIGNED_IN),
    Row("portal:object-to-value", (302, 200, 200, 404, 404, 404, 404, 404), lambda _: ["contact.name"]),
    Row("portal:object-to-answer", (302, *(404,) * 7), lambda _: ["EX0"]),
    Row("portal:object-to-record", (302, *(404,) * 7), lambda w: [w.case.number, "taxation"]),
    Row("portal:looks", SIGNED_IN),
    Row("portal:mandates", SIGNED_IN),
    Row("portal:mandate-new", (302, 200, 200, 302, 302, 302, 302, 302)),
    Row("portal:mandate-sheet", OWN_DRAFT, lambda _: [company_mandate()]),
    Row("portal:mandate-revoke", OWN_DRAFT_ACT, lambda _: [company_mandate()], "post"),
    Row("portal:case", OWN_DRAFT, case_number),
    Row("portal:supplement", OWN_DRAFT_ACT, case_number),
    Row(
        "portal:supplement-file",
        OWN_DRAFT_ACT,
        lambda w: [w.case.number, "safety-rules"],
        "post",
    ),
    Row("portal:owed", OWN_DRAFT_ACT, case_number),
    Row(
        "portal:owed-file",
        OWN_DRAFT_ACT,
        lambda w: [w.case.number, "safety-rules"],
        "post",
    ),
    Row("portal:unproved", OWN_DRAFT_ACT, case_number),
    Row("portal:unproved-file", OWN_DRAFT_ACT, lambda w: [w.case.number, "safety-rules"], "post"),
    Row("portal:unproved-promise", OWN_DRAFT_ACT, lambda w: [w.case.number, "safety-rules"], "post"),
    Row("portal:ask-hearing", (302, 409, 404, 409, 409, 409, 404, 409), case_number, "post"),
    Row("portal:withdraw", (302, 302, 404, 403, 403, 403, 404, 403), case_number, "post"),
    Row("portal:rate-case", (302, 422, 404, 404, 404, 404, 404, 404), case_number, "post"),
    Row("portal:rate", EVERYBODY, lambda w: [w.rating.service.code]),
    Row("portal:policies", EVERYBODY),
    Row("portal:offer", (404,) * 8, lambda _: ["no-such-offer"]),
    Row("portal:calculator", (404,) * 8, lambda _: ["no-such-offer"]),
    Row("portal:matches", SIGNED_IN),
    Row("portal:notices", EVERYBODY),
    Row("portal:notice", EVERYBODY, lambda w: [w.notice.number]),
    Row("portal:document", OWN_DRAFT, case_document),
    Row("portal:file", OWN_DRAFT, lambda w: [w.file.number]),
    Row("portal:progress", EVERYBODY),
    Row("portal:sign-in", EVERYBODY),
    Row("portal:sign-out", (302,) * 8, method="post"),
    Row("portal:verify-form", EVERYBODY),
    Row("portal:outlets", EVERYBODY),
    Row("portal:outlet", EVERYBODY, lambda _world: ["point-330602011220"]),
    Row("portal:place", EVERYBODY),
    Row("portal:place", (302,) * len(ROLES), method="post", data={"division": "330602011220"}),
    Row("portal:verify", EVERYBODY, lambda w: [w.document.verify_code]),
    Row("portal:redirect", (302,) * 8, lambda w: ["case", w.case.number]),
    Row("portal:about-demo", EVERYBODY),
    Row("portal:privacy", EVERYBODY),
    Row("portal:sitemap", EVERYBODY),
    Row("portal:report-error", EVERYBODY),
)
DESK = (
    Row("desk:sign-in", EVERYBODY),
    Row("desk:sign-in-code", (302,) * 8),
    Row("desk:inbox", STAFF),
    Row("desk:done", STAFF),
    Row("desk:reminders-read", (302, 403, 403, 302, 302, 302, 302, 302), method="post"),
    Row("desk:cases", STAFF),
    Row("desk:case", CASE_STAFF, case_number),
    Row("desk:verify-case", SUPERVISORS, case_number),
    Row("desk:preview", (302, 403, 403, 403, 403, 403, 404, 403), case_number),
    # Whole numbers are for those who have the case on their desk now.
    Row(
        "desk:unmask",
        (302, 403, 403, 403, 200, 200, 404, 403),
        case_number,
        "post",
        {"paper": "form", "purpose": "核对本件材料"},
    ),
    Row("desk:document", CASE_STAFF, case_document),
    *(
        Row("desk:act", TOO_LATE, act(name), "post", WORDS)
        for name in (
            "receive",
            "accept",
            "supplement",
            "refuse-acceptance",
            "return",
            "grant",
            "refuse",
            "deliver",
        )
    ),
    # Turns that a case under review does not take from where it stands.
    *(
        Row("desk:act", TOO_LATE, act(name), "post", WORDS)
        for name in ("allow-supplement", "resume", "appoint-hearing", "ask-hearing", "revoke")
    ),
    *(
        Row("desk:act", TOO_LATE, act(name), "post")
        for name in (
            *("take", "check", "approve", "disapprove", "oversee-answer"),
            *("hand-on", "take-back", "countersign", "drop-signature", "arrange-inspection"),
        )
    ),
    Row("desk:act", (302, 403, 403, 422, 422, 422, 404, 422), act("send-back"), "post", WORDS),
    Row("desk:act", (302, 403, 403, 403, 403, 403, 404, 409), act("oversee-close"), "post"),
    *(Row("desk:act", TOO_LATE, act(name), "post") for name in ("relay", "relay-status")),
    *(Row("desk:act", TOO_LATE, act(name), "post") for name in ("dismiss-objection", "uphold-objection")),
    Row("desk:file", CASE_STAFF, lambda w: [w.case.number, w.file.number]),
    # Only windows and helpers take applications in; a draft is its clerk's alone.
    Row("desk:intake", TAKES_IN),
    Row("desk:intake", (302, 403, 403, 404, 403, 403, 403, 403), method="post", data={"who": "查无此人"}),
    Row("desk:intake-register", (302, 403, 403, 422, 403, 403, 403, 403), method="post"),
    Row("desk:intake-person", TAKES_IN, lambda w: [w.case.party.number]),
    Row("desk:intake-item", TAKES_IN, lambda w: [w.case.party.number, "road-freight-permit"]),
    Row("desk:draft", NOBODYS_DRAFT, draft_number),
    Row("desk:draft-autosave", NOBODYS_DRAFT, draft_number, "post"),
    Row("desk:draft-mandate", NOBODYS_DRAFT, draft_number),
    Row("desk:draft-file", NOBODYS_DRAFT, lambda w: [w.draft.number, w.draft_file.number]),
    Row("desk:handed-in", CASE_STAFF, case_number),
    Row("desk:slip", CASE_STAFF, lambda w: [w.case.number, "slip"]),
    Row("desk:assist-supplement", AT_INTAKE, case_number, "post", {"send": "1"}),
    Row("desk:assist-collect", AT_INTAKE, case_number, "post", WORDS),
    Row("desk:villagers", TAKES_IN),
    Row("desk:shift", STAFF),
    Row("desk:shift", (302, 403, 403, 422, 422, 422, 422, 422), method="post"),
    Row("desk:shift-undo", (302, 403, 403, 404, 404, 404, 404, 404), lambda _: ["JB000000000000"], "post"),
    # Work of an office: everybody his own queue and phrases, the head the workload.
    Row("desk:bulk", STAFF),
    Row("desk:bulk", UNFIT, method="post", data={"go": "take"}),
    Row("desk:prints", STAFF),
    Row("desk:prints", UNFIT, method="post"),
    Row("desk:put-aside", (302, 403, 403, 302, 302, 302, 404, 302), case_document, "post"),
    Row("desk:workload", SUPERVISORS),
    Row("desk:workload", (302, 403, 403, 403, 403, 403, 403, 422), method="post"),
    Row("desk:export-workload", SUPERVISORS),
    Row("desk:phrases", STAFF),
    Row("desk:phrases", UNFIT, method="post"),
    Row("desk:phrase-step", NOTHING_THERE, lambda _: ["0", "remove"], "post"),
    Row("desk:substitutes", STAFF),
    Row("desk:substitutes", UNFIT, method="post"),
    Row("desk:substitute-end", NOTHING_THERE, lambda _: ["0"], "post"),
    Row("desk:wordings", WRITES),
    Row(
        "desk:wordings", WRITES_NOT_THERE, method="post", data={"agency": "yuecheng-hall", "kind": "receipt"}
    ),
    Row("desk:wording-step", WRITES_NOT_THERE, lambda _: ["receipt", "publish"], "post"),
    Row("desk:preview-wording", WRITES_NOT_THERE, method="post", data={"kind": "receipt"}),
    Row("desk:inspection", CASE_STAFF, inspection_task),
    Row("desk:inspection", (302, 403, 403, 403, 302, 403, 404, 403), inspection_task, "post"),
    Row("desk:inspection-photo", NOTHING_THERE, lambda w: [*inspection_task(w), "0" * 32]),
    Row("desk:inspection-step", NOTHING_THERE, lambda w: [*inspection_task(w), "confirm"], "post"),
    Row("desk:live", SUPERVISORS),
    Row("desk:export-cases", STAFF),
    Row("desk:stream-cases", STAFF),
    Row("desk:exports", STAFF),
    Row("desk:exports", (302, 403, 403, 302, 302, 302, 409, 302), method="post"),
    # Files are their askers' alone: tests/channels/desk/test_long_exports.py.
    *(Row(name, NOTHING_THERE, lambda _: ["DC0"]) for name in ("desk:export", "desk:export-file")),
    Row("desk:export-delete", NOTHING_THERE, lambda _: ["DC0"], "post"),
    Row("desk:payments", SUPERVISORS),
    Row("desk:payments-export", SUPERVISORS),
    Row("desk:payment", (302, 403, 403, 404, 404, 404, 404, 200), order_number),
    *(
        Row("desk:payment-step", (302, 403, 403, 404, 404, 404, 404, 403), order_act(name), "post")
        for name in ("approve", "release", "correct")
    ),
    Row("desk:ratings", STAFF),
    Row("desk:ratings-export", STAFF),
    Row("desk:data-objection", (302, 403, 403, 404, 404, 404, 404, 404), lambda _: ["YY0"]),
    Row("desk:rating", (302, 403, 403, 404, 200, 404, 404, 200), lambda w: [w.rating.number]),
    Row(
        "desk:rating-step",
        (302, 403, 403, 404, 422, 404, 404, 403),
        lambda w: [w.rating.number, "contact"],
        "post",
    ),
    Row("desk:audit", SUPERVISORS),
    Row("desk:audit", SUPERVISORS, method="post"),
    Row("desk:relays", STAFF),
    Row("desk:relays", (302, 403, 403, 422, 422, 422, 422, 422), method="post"),
    Row("desk:relays-export", STAFF),
    Row("desk:tags", STAFF),
    Row("desk:tags-export", STAFF),
    Row("desk:levels", STAFF),
    Row("desk:levels-export", STAFF),
    *(Row(name, POLICY_STAFF) for name in ("desk:policies", "desk:policies-export")),
    Row("desk:policy-new", EDITORS),
    Row("desk:policy-new", EDITORS, method="post", data=WORDS),
    Row("desk:policy", NO_SUCH_POLICY, lambda _world: ["no-such-policy"]),
    Row("desk:policy-draft", NO_SUCH_POLICY, lambda _world: ["no-such-policy"], "post", {"place": "1"}),
    Row("desk:policy-word", NO_SUCH_POLICY, lambda _world: ["no-such-policy", "notice"]),
    Row("desk:offer", NOTHING_THERE, lambda _world: ["999999"]),
    Row("desk:offer", NOTHING_THERE, lambda _world: ["999999"], "post", WORDS),
    Row("desk:offer-sign", NOTHING_THERE, lambda _world: ["999999"]),
    *(
        Row("desk:offer-act", NOTHING_THERE, offer_act(name), "post", WORDS)
        for name in ("gate", "return", "sign", "withdraw", "next")
    ),
    *(Row(name, EDITORS) for name in ITEM_LISTS),
    Row("desk:bundle", EDITORS, lambda _world: ["goods-transport"]),
    Row("desk:items-new", EDITORS, method="post", data=WORDS),
    Row(
        "desk:items-begin",
        EDITORS,
        method="post",
        data={"item": "road-freight-permit", "agency": "yuecheng-transport"},
    ),
    *(Row(name, EDITORS, item_version) for name in ITEM_PAGES),
    Row("desk:item-edit", EDITORS, lambda w: [str(w.case.item_version_id), "basics"]),
    Row("desk:item-edit", EDITORS, lambda w: [str(w.case.item_version_id), "basics"], "post", WORDS),
    Row("desk:item-live", EDITORS, lambda w: [str(w.case.item_version_id), "basics"], "post", WORDS),
    *(
        Row("desk:item-act", EDITORS, item_act(name), "post", WORDS)
        for name in (
            *("submit", "withdraw", "return", "publish", "rebase", "discard"),
            *("suspend", "resume", "cancel", "list"),
        )
    ),
    Row("desk:item-exchange", EDITORS),
    Row("desk:item-exchange", EDITORS, method="post"),
    Row("desk:item-template", EDITORS),
    Row("desk:item-export", EDITORS),
    Row("desk:item-export-json", EDITORS),
    Row("desk:item-returned", (302, 403, 403, 404, 404, 404, 404, 404), lambda w: [w.file.number]),
    # None of the eight decides; the decider's own are in tests/channels/desk/test_figures.py.
    Row("desk:figures", SUPERVISORS),
    Row("desk:figure-cases", SUPERVISORS, data={"figure": "late"}),
    Row("desk:figures-export", SUPERVISORS, lambda _: ["xlsx"]),
    Row("desk:figures-export", SUPERVISORS, lambda _: ["csv"]),
    Row("desk:samples", SUPERVISORS),
    Row("desk:samples", (302, 403, 403, 403, 403, 403, 403, 422), method="post"),
    Row("desk:sample", (302, 403, 403, 403, 403, 403, 403, 404), lambda _: ["CC2026112300000000"]),
    Row("desk:sample-check", (302, 403, 403, 403, 403, 403, 403, 404), lambda w: ["CC0", w.case.number]),
    # Keys of systems are two administrators': tests/channels/desk/test_api_keys.py, test_key_requests.py.
    Row("desk:api-keys", ADMINISTRATORS),
    Row("desk:key-requests", ADMINISTRATORS),
    Row("desk:key-request-new", ADMINISTRATORS),
    Row("desk:key-request-new", ADMINISTRATORS, method="post"),
    Row("desk:key-request", ADMINISTRATORS, lambda _: ["MY2026112300000000"]),
    *(
        Row("desk:key-request-step", ADMINISTRATORS, key_act(name), "post", WORDS)
        for name in ("approve", "refuse", "withdraw", "take")
    ),
    Row("desk:api-key", ADMINISTRATORS, lambda _: ["0000000000"]),
    Row("desk:api-key-revoke", ADMINISTRATORS, lambda _: ["0000000000"], "post"),
    Row("desk:webhook", ADMINISTRATORS, lambda _: ["WH000000000000"]),
    Row("desk:webhook-step", ADMINISTRATORS, lambda _: ["WH000000000000", "again"], "post"),
    Row("desk:entries", SUPERVISORS),
    Row("desk:entries-export", SUPERVISORS),
    # The rules have raised nothing over this case: whoever may not see an entry finds none.
    Row("desk:entry", (302, 403, 403, 404, 404, 404, 404, 404), lambda _: ["JC20261122ffffffffff"]),
    Row(
        "desk:entry-step",
        (302, 403, 403, 404, 404, 404, 404, 404),
        lambda _: ["JC20261122ffffffffff", "ask"],
        "post",
        {"question": "请说明。"},
    ),
    *(
        Row(name, ADMINISTRATORS)
        for name in ("desk:people", "desk:post-requests", "desk:security", "desk:audit-search")
    ),
    Row("desk:people", ADMINISTRATORS, method="post"),
    Row("desk:agencies", ADMINISTRATORS),
    Row("desk:agency", ADMINISTRATORS, lambda _: ["yuecheng-transport"]),
    Row("desk:agency", ADMINISTRATORS, lambda _: ["yuecheng-transport"], "post"),
    Row("desk:person", ADMINISTRATORS, lambda _: [people.CLERK]),
    Row("desk:person-step", ADMINISTRATORS, lambda _: [people.CLERK, "reset"], "post"),
    Row("desk:review-post", ADMINISTRATORS, lambda _: ["SG20261122ffffffff"], "post"),
    Row("desk:audit-export", ADMINISTRATORS, method="post"),
    Row("desk:advance-clock", (302, 403, 403, 302, 302, 302, 302, 302), method="post"),
)
MATRIX = (*PORTAL, *DESK)
