"""For whom a person stands here: himself, a child, one of several companies. Chosen once, kept for the visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from yueban.channels.portal.session import signed_in
from yueban.channels.shared.outcomes import standing_word as standing_word
from yueban.flows.identify import actor_for
from yueban.kernel.actor import Actor, PartyHeld

CHOSEN = "party"


def parties_of(actor: Actor) -> list[PartyHeld]:
    """The parties the actor may act for, each once."""
    return list({party.id: party for party in reversed(actor.parties)}.values())[::-1]


def chosen_party(request: HttpRequest) -> PartyHeld | None:
    """For whom he acts now, if he has said so and still may; None for all of them together."""
    number = request.session.get(CHOSEN)
    return next((party for party in actor_for(request).parties if party.number == number), None)


def party_from(request: HttpRequest) -> PartyHeld | None:
    """The party a page is about: the chosen one, else the person himself; only where all its matters are his."""
    actor = actor_for(request)
    chosen = chosen_party(request)
    if chosen is not None and chosen.items is None:
        return chosen
    return next((party for party in actor.parties if party.items is None), None)


@signed_in
@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """为谁办事: the parties with what the person is to each; choosing one leads back to his matters."""
    actor = actor_for(request)
    if request.method == "POST":
        number = request.POST.get("party", "")
        if number in {party.number for party in actor.parties}:
            request.session[CHOSEN] = number
        else:
            request.session.pop(CHOSEN, None)
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if is_ours else "portal:my")
    rows = [(party, standing_word(party)) for party in parties_of(actor)]
    return render(request, "portal/standing.html", {"rows": rows, "chosen": chosen_party(request)})
