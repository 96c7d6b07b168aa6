"""Who may keep Q&A: editors of the kind of department that owns them, and of the government-services office."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.assistant.models import Feedback, Gap, QuestionAnswer, Turn
from yueban.divisions import selectors as divisions
from yueban.kernel import roles
from yueban.kernel.actor import Actor

# Its editors keep the Q&A of every department in their division.
EVERY_KIND = agencies.GOVERNMENT_SERVICES
NOBODY = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Reach:
    """The Q&A of one kind of department within one division; ``kind`` empty = of every kind."""

    kind: str
    division: str

    @property
    def is_city_wide(self) -> bool:
        """Whether the post is the city's, which keeps what holds in the whole city."""
        return len(divisions.ancestry(self.division)) == 1

    def covers(self, owner: str, division: str) -> bool:
        """Whether a Q&A of this owner and place is within reach."""
        if self.kind not in {"", owner}:
            return False
        return divisions.is_within(division, self.division) if division else self.is_city_wide

    def rows(self, place: str, owner: str = "") -> Q:
        """The same as a condition; ``owner`` names the field of the kind, where the rows have one."""
        found = divisions.within(place, self.division)
        if self.is_city_wide:
            found |= Q(**{place: ""})
        return found & Q(**{owner: self.kind}) if owner and self.kind else found


def reaches(actor: Actor) -> list[Reach]:
    """What of the Q&A the actor keeps as an editor; one query, none for who edits nothing."""
    codes = actor.agencies_with(roles.EDITOR)
    if not codes:
        return []
    kinds = {code: office.kind for code, office in agencies.agencies_named(codes).items()}
    posts = [post for post in actor.posts if post.role == roles.EDITOR and post.agency in kinds]
    return [
        Reach("" if kinds[post.agency] == EVERY_KIND else kinds[post.agency], post.division) for post in posts
    ]


def watched(actor: Actor) -> list[Reach]:
    """What the actor reads as a supervisor."""
    return [Reach("", post.division) for post in actor.posts if post.role == roles.SUPERVISOR]


def is_reader(actor: Actor) -> bool:
    """Whether the pages of knowledge are his; asks no database."""
    return actor.has_role(roles.EDITOR) or actor.has_role(roles.SUPERVISOR)


def may_edit_answer(actor: Actor, owner: str, division: str) -> bool:
    """Whether the actor keeps Q&A of this owner and place."""
    return any(reach.covers(owner, division) for reach in reaches(actor))


def may_read_answer(actor: Actor, found: QuestionAnswer) -> bool:
    """Whether a Q&A stands in the actor's list."""
    return answers_visible_to(actor).filter(pk=found.pk).exists()


def answers_editable_by(actor: Actor) -> QuerySet[QuestionAnswer]:
    """The Q&A that the actor may change or sign."""
    return QuestionAnswer.objects.filter(_any(reaches(actor), "division_code", "owner"))


def answers_visible_to(actor: Actor) -> QuerySet[QuestionAnswer]:
    """The Q&A that the actor reads: those he keeps, and as a supervisor those of his division."""
    return QuestionAnswer.objects.filter(_any([*reaches(actor), *watched(actor)], "division_code", "owner"))


def gaps_visible_to(actor: Actor) -> QuerySet[Gap]:
    """Unanswered questions of the divisions where the actor edits or watches."""
    return Gap.objects.filter(_any([*reaches(actor), *watched(actor)], "division_code"))


def turns_visible_to(actor: Actor) -> QuerySet[Turn]:
    """What was asked in these divisions; questions are stored masked."""
    reached = _any([*reaches(actor), *watched(actor)], "conversation__division_code")
    return Turn.objects.filter(reached).select_related("conversation")


def feedback_visible_to(actor: Actor) -> QuerySet[Feedback]:
    """What people thought of the answers given there."""
    reached = _any([*reaches(actor), *watched(actor)], "turn__conversation__division_code")
    return Feedback.objects.filter(reached).select_related("turn__conversation")


def _any(found: list[Reach], place: str, owner: str = "") -> Q:
    conditions = [reach.rows(place, owner) for reach in found]
    whole = conditions[0] if conditions else NOBODY
    for condition in conditions[1:]:
        whole |= condition
    return whole
