"""受理: find the person, see what he has, pick the item, answer what decides; all by keyboard."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import BundleVersion, ItemVersion
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.outcomes import OUTCOME_WORDS
from yueban.channels.shared.proofs import planned_counts
from yueban.flows import assist, find_person
from yueban.kernel.errors import Invalid
from yueban.parties.models import Party
from yueban.parties.selectors import known_facts

LONGEST_QUERY = 40


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: DeskRequest) -> HttpResponse:
    """One field, ready for a card reader that types; below it what this person has begun."""
    assist.post_of(request.actor)
    if request.method != "POST":
        return _intake_page(request, {})
    try:
        found = find_person.find(request.actor, request.POST.get("who", ""))
    except Invalid as error:
        return _intake_page(request, {"errors": _told(error)}, status=error.status)
    if len(found.people) == 1:
        return HttpResponseRedirect(reverse("desk:intake-person", args=[found.people[0].number]))
    status = 403 if found.elsewhere else 200 if found.people else 404
    may_register = not found.elsewhere and not assist.is_helper(request.actor)
    who = request.POST.get("who", "").strip()
    context = {"found": found, "may_register": may_register, "typed": who, "is_company": found.was_code}
    by_number = found.was_id or found.was_code
    context["registering"] = {"id_number" if by_number else "name": who} if may_register else {}
    return _intake_page(request, context, status=status)


def _intake_page(request: DeskRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    drafts = cases.drafts_of(request.actor)[:10]
    mine = cases.cases_visible_to(request.actor).filter(assisted_by_id=request.actor.user_id, in_bundle=False)
    bundles = cases.bundle_cases_visible_to(request.actor).filter(assisted_by_id=request.actor.user_id)
    together = list(bundles.order_by("-submitted_at")[:5])
    views = cases.child_views(together)
    recent = list(mine.select_related("agency", "item_version").order_by("-applied_at")[:10])
    steps = cases.next_steps(recent)
    is_helper, post = assist.is_helper(request.actor), assist.post_of(request.actor)
    shown = {
        "is_helper": is_helper,
        "place": find_person.place_named(post.division) if is_helper else post.agency_name,
        "drafts": drafts,
        "recent": [(case, steps[case.number]) for case in recent],
        "together": [(one, cases.bundle_sentence(one, views[one.pk])) for one in together],
    }
    return desk_page(request, "desk/intake.html", shown | context, status=status)


def _told(error: Invalid, prefix: str = "") -> list[tuple[str, str]]:
    return [(f"{prefix}{name}", message) for name, message in error.fields.items()] or [("", error.message)]


@staff_only
@require_POST
def register(request: DeskRequest) -> HttpResponse:
    """Somebody nobody knows yet, at a window: minimal, from his identity card."""
    typed = {name: request.POST.get(name, "") for name in ("name", "id_number", "phone")}
    try:
        if not request.POST.get("checked"):
            raise Invalid.of_fields({"checked": _("请先核对身份证原件，再勾选。")})
        party = find_person.register(request.actor, **typed)
    except Invalid as error:
        context = {
            "errors": _told(error),
            "registering": typed,
            "problems": error.fields,
            "may_register": True,
        }
        return _intake_page(request, context, status=error.status)
    return HttpResponseRedirect(reverse("desk:intake-person", args=[party.number]))


@staff_only
@require_POST
def register_company(request: DeskRequest) -> HttpResponse:
    """A company nobody knows yet, at a window: minimal, from its licence."""
    typed = {name: request.POST.get(name, "") for name in ("name", "id_number")}
    try:
        if not request.POST.get("checked"):
            raise Invalid.of_fields({"checked": _("请先核对营业执照，再勾选。")})
        party = find_person.register_enterprise(request.actor, name=typed["name"], code=typed["id_number"])
    except Invalid as error:
        context = {
            "errors": _told(error),
            "registering": typed,
            "problems": error.fields,
            "may_register": True,
            "is_company": True,
        }
        return _intake_page(request, context, status=error.status)
    return HttpResponseRedirect(reverse("desk:intake-person", args=[party.number]))


@staff_only
@require_GET
def person(request: DeskRequest, number: str) -> HttpResponse:
    """The person: what he has, what is due, what runs; and the field to pick the item by two letters."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if request.headers.get("HX-Request"):
        party = find_person.open_person(request.actor, number)
        return render(request, "desk/_intake_items.html", _offered(request, party, text) | {"party": party})
    card = find_person.card(request.actor, number)
    offered = _offered(request, card.party, text)
    items, bundles = offered["items"], offered["bundles"]
    if len(items) == 1 and not bundles:
        return HttpResponseRedirect(reverse("desk:intake-item", args=[number, items[0].key]))
    if len(bundles) == 1 and not items:
        return HttpResponseRedirect(reverse("desk:intake-bundle", args=[number, bundles[0].bundle.key]))
    context = offered | {"card": card, "party": card.party}
    return desk_page(
        request, "desk/intake_person.html", context | {"trail": [(_("受理"), reverse("desk:intake"))]}
    )


def _offered(request: DeskRequest, party: Party, text: str) -> dict[str, Any]:
    """What can be taken in here for these words: 一件事 first, then single items."""
    items = find_person.items_for(request.actor, party, text) if text else []
    bundles = find_person.bundles_for(request.actor, party, text) if text else []
    return {"items": items, "bundles": bundles, "q": text}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """The situation questions on one screen, known answers given; POST begins the draft."""
    party = find_person.open_person(request.actor, number)
    version = catalogue.get_published(key, find_person.place_for(request.actor, party))
    source = request.POST if request.method == "POST" else request.GET
    questions = version.compiled.situations.questions
    given = {name: source[name] for name in questions if source.get(name)}
    if request.method == "POST":
        application = assist.begin(request.actor, number, version.pk, given)
        return HttpResponseRedirect(reverse("desk:draft", args=[application.number]))
    here = reverse("desk:intake-item", args=[party.number, key])
    context = _questions(party, version, version.compiled, given, here)
    return desk_page(request, "desk/intake_item.html", context | {"decided_by": version.agency.name})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """The same for a 一件事: the questions of all its items, each asked once."""
    party = find_person.open_person(request.actor, number)
    version = catalogue.get_bundle(key, find_person.place_for(request.actor, party))
    compiled = version.compiled_bundle
    source = request.POST if request.method == "POST" else request.GET
    given = {name: source[name] for name in compiled.situations.questions if source.get(name)}
    if request.method == "POST":
        application = assist.begin_bundle(request.actor, number, version.pk, given)
        return HttpResponseRedirect(reverse("desk:draft", args=[application.number]))
    here = reverse("desk:intake-bundle", args=[number, key])
    context = _questions(party, version, compiled, given, here)
    decided_by = "、".join(dict.fromkeys(child.agency.short_name for child in compiled.children))
    return desk_page(
        request, "desk/intake_item.html", context | {"bundle": compiled, "decided_by": decided_by}
    )


def _questions(
    party: Party,
    version: ItemVersion | BundleVersion,
    compiled: catalogue.Applicable,
    given: dict[str, str],
    here: str,
) -> dict[str, Any]:
    known = {code: fact.value for code, fact in known_facts(party.pk).items()}
    path = catalogue.walk(compiled, given, known=known)
    answers = [(step.question.key, _text(step.option.value)) for step in path.answered]
    told: list[tuple[str, str]] = []
    answered = []
    for step in path.answered:
        others = [
            (option.label, _address(here, [*told, (step.question.key, _text(option.value))]))
            for option in step.question.options
            if option is not step.option
        ]
        answered.append(
            {
                "text": step.question.text,
                "label": step.option.label,
                "is_known": step.is_known,
                "others": others,
            }
        )
        if not step.is_known:  # what is known stays known, and is not written into the address
            told.append((step.question.key, _text(step.option.value)))
    asked = path.question
    options = (
        []
        if asked is None
        else [
            (position, option, _address(here, [*told, (asked.key, _text(option.value))]))
            for position, option in enumerate(asked.options, 1)
        ]
    )
    held = cases.holdings_of((), party.pk)
    planned = cases.expected_materials(compiled, path.facts, held) if path.may_proceed else []
    return {
        "party": party,
        "version": version,
        "answered": answered,
        "question": asked,
        "options": options,
        "outcome": path.outcome,
        "outcome_word": _(OUTCOME_WORDS[path.outcome.kind]) if path.outcome else "",
        "may_proceed": path.may_proceed,
        "answers": answers,
        "materials": planned,
        "counts": planned_counts(planned),
        "trail": [
            (_("受理"), reverse("desk:intake")),
            (party.name, reverse("desk:intake-person", args=[party.number])),
        ],
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
