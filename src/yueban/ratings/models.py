"""好差评: services that may be rated, the one rating of each, and the follow-up of a bad one."""

from django.db import models

from yueban.ratings.choices import Channel, Finding, FollowUpState, Level, Weight


class RatingScheme(models.Model):
    """One version of what is asked and how bad ratings are followed up; loaded from the city pack."""

    version = models.PositiveIntegerField(unique=True)
    data = models.JSONField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.version)


class RateableService(models.Model):
    """A service that is over and may be rated once; its code stands on the paper slip."""

    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    code = models.CharField(max_length=32, unique=True)
    item_key = models.CharField(max_length=60)
    item_name = models.CharField(max_length=200)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    party = models.ForeignKey("parties.Party", null=True, on_delete=models.PROTECT, related_name="+")
    is_offline = models.BooleanField(default=False)
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number"], name="one_rateable_service_per_reference"
            )
        ]
        indexes = [
            models.Index(fields=["agency", "ended_at"], name="rateable_by_agency"),
            models.Index(fields=["division_code", "ended_at"], name="rateable_by_division"),
        ]

    def __str__(self) -> str:
        return f"{self.item_name} {self.reference_number}"


class Rating(models.Model):
    """One rating; who gave it is kept for the follow-up and shown to no member of staff."""

    number = models.CharField(max_length=20, unique=True)
    service = models.OneToOneField(RateableService, on_delete=models.PROTECT, related_name="rating")
    level = models.PositiveSmallIntegerField(choices=Level)
    channel = models.CharField(max_length=10, choices=Channel)
    scheme_version = models.PositiveIntegerField()
    aspects = models.JSONField(default=list)
    text = models.TextField(blank=True, default="")
    rated_at = models.DateTimeField()
    rater = models.ForeignKey("parties.Party", null=True, on_delete=models.PROTECT, related_name="+")
    is_prompted = models.BooleanField(default=False)
    # Digest of the browser's own number: tells one device from another, nothing more.
    device = models.CharField(max_length=64, blank=True, default="")
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="level_1_to_5")
        ]
        indexes = [models.Index(fields=["device", "rated_at"], name="rating_by_device")]

    def __str__(self) -> str:
        return self.number


class FollowUp(models.Model):
    """差评整改: checked by somebody who did not handle the case, put right in time, closed after contact."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="follow_up")
    state = models.CharField(max_length=12, choices=FollowUpState, default=FollowUpState.TO_VERIFY)
    opened_at = models.DateTimeField()
    verify_by = models.DateField()
    finding = models.CharField(max_length=10, choices=Finding, blank=True, default="")
    weight = models.CharField(max_length=10, choices=Weight, blank=True, default="")
    explanation = models.TextField(blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    rectify_by = models.DateField(null=True)
    outcome = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.rating_id} {self.state}"


class Contact(models.Model):
    """One attempt to speak with the rater about a bad rating (回访)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="contacts")
    way = models.CharField(max_length=40)
    is_reached = models.BooleanField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.at}"
