"""Knowledge units and their index, Q&A and lexicon of the editors, conversations and what was said in them."""

from django.conf import settings
from django.db import models

from yueban.assistant.choices import AnswerState, Element, FeedbackKind, GapState, Gate, TermKind, Why


class IndexBuild(models.Model):
    """One edition of the index; the greatest number is the one in use. Answers name the edition they came from."""

    number = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    units = models.PositiveIntegerField()
    embedder = models.CharField(max_length=100, blank=True, default="")
    built_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class Unit(models.Model):
    """One thing that may be said, with its source; never changed. A new edition of a source makes new units.

    ``made_in`` and ``gone_in`` are editions of the index: the units of edition n are those made in or before it and
    not gone in or before it, so that every answer can be told again from the edition it names.
    """

    key = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    subject = models.CharField(max_length=100)
    element = models.CharField(max_length=12, choices=Element)
    content = models.JSONField()
    division_code = models.CharField(max_length=12, blank=True, default="")
    audience = models.CharField(max_length=10, blank=True, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    version = models.CharField(max_length=80)
    owner = models.CharField(max_length=80)
    review_on = models.DateField(null=True)
    made_in = models.PositiveIntegerField()
    gone_in = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(gone_in__isnull=True), name="one_unit_of_a_key_in_use"
            )
        ]
        indexes = [
            models.Index(fields=["key", "made_in"], name="unit_by_key"),
            models.Index(fields=["subject", "element"], name="unit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.key}@{self.made_in}"


class QuestionAnswer(models.Model):
    """A Q&A written by one person and signed by another; it speaks only while its sources stay as they were.

    ``sources`` are keys of units (``item:KEY#fee``); ``source_digests`` what they said when it was signed.
    """

    key = models.SlugField(max_length=100, unique=True)
    question = models.CharField(max_length=300)
    variants = models.JSONField(default=list)
    answer = models.TextField()
    sources = models.JSONField(default=list)
    source_digests = models.JSONField(default=dict)
    audience = models.CharField(max_length=10, blank=True, default="")
    division_code = models.CharField(max_length=12, blank=True, default="")
    owner = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    review_on = models.DateField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(max_length=100)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_name = models.CharField(max_length=100, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    # Where it came from: the city pack, the desk, an Excel file, a ticket's number.
    origin = models.CharField(max_length=60, default="desk")
    # Why it was sent back, is to be looked at again or was withdrawn.
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "review_on"], name="question_answer_by_state"),
            models.Index(fields=["owner", "state"], name="question_answer_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=AnswerState.APPROVED) | ~models.Q(signed_name=""),
                name="approved_answer_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True)
                | models.Q(author__isnull=True)
                | ~models.Q(signed_by=models.F("author")),
                name="answer_signed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Term(models.Model):
    """A word people say and the word of the standard it means."""

    say = models.CharField(max_length=60, unique=True)
    means = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=TermKind)
    is_used = models.BooleanField(default=True)
    author_name = models.CharField(max_length=100, blank=True, default="")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.say} → {self.means}"


class Conversation(models.Model):
    """One person's questions in a row; anonymous ones are known by the digest of a secret in the browser."""

    number = models.CharField(max_length=24, unique=True)
    secret_digest = models.CharField(max_length=64, blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    division_code = models.CharField(max_length=12, blank=True, default="")
    audience = models.CharField(max_length=10, blank=True, default="")
    # What is remembered from turn to turn: subject, element, place, the question asked back.
    memory = models.JSONField(default=dict)
    misses = models.PositiveSmallIntegerField(default=0)
    ticket_number = models.CharField(max_length=24, blank=True, default="")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "last_at"], name="conversation_by_user"),
            models.Index(fields=["last_at"], name="conversation_by_time"),
        ]

    def __str__(self) -> str:
        return self.number


class Turn(models.Model):
    """One question (masked) and what was answered, with the edition of the index and all that led to it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    click = models.CharField(max_length=64)
    question = models.TextField()
    gate = models.CharField(max_length=8, choices=Gate)
    why = models.CharField(max_length=16, choices=Why, blank=True, default="")
    answer = models.JSONField()
    subject = models.CharField(max_length=100, blank=True, default="")
    index_number = models.PositiveIntegerField()
    model_name = models.CharField(max_length=100, blank=True, default="")
    took_ms = models.PositiveIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="turn_numbered_once"),
            models.UniqueConstraint(fields=["conversation", "click"], name="turn_once_a_click"),
        ]
        indexes = [
            models.Index(fields=["gate", "asked_at"], name="turn_by_gate"),
            models.Index(fields=["asked_at"], name="turn_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.number}"


class Feedback(models.Model):
    """What the person thought of one answer; looked at within 24 hours."""

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=10, choices=FeedbackKind)
    words = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    seen_by_name = models.CharField(max_length=100, blank=True, default="")
    seen_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["seen_at", "given_at"], name="feedback_to_be_seen")]

    def __str__(self) -> str:
        return f"{self.turn_id} {self.kind}"


class Gap(models.Model):
    """Questions that found no answer, like ones together, for the editors."""

    example = models.CharField(max_length=300)
    signature = models.CharField(max_length=64, unique=True)
    times = models.PositiveIntegerField(default=1)
    division_code = models.CharField(max_length=12, blank=True, default="")
    state = models.CharField(max_length=10, choices=GapState, default=GapState.OPEN)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    questions = models.JSONField(default=list)
    # The key of the Q&A that closes it, or why none is needed.
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "-times"], name="gap_by_times")]

    def __str__(self) -> str:
        return self.example


class ModelUse(models.Model):
    """What the language model has been asked on one day: calls, and the tokens set aside for them."""

    day = models.DateField(unique=True)
    tokens = models.PositiveBigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.tokens}"
