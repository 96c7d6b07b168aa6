"""People and enterprises, and who may act as them."""

from django.db import models

from yueban.parties.choices import IdKind, PartyKind, Relation


class Party(models.Model):
    """A person or an enterprise: whoever asks something of the government."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=PartyKind)
    name = models.CharField(max_length=200)
    id_kind = models.CharField(max_length=24, choices=IdKind)
    # The identity number is encrypted; the blind index finds it again without storing it readable.
    id_cipher = models.BinaryField()
    id_index = models.BinaryField(unique=True)
    phone_cipher = models.BinaryField(null=True)
    division_code = models.CharField(max_length=12, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Representation(models.Model):
    """A user may act as a party: as himself, or as the legal person of an enterprise."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="representations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="representations")
    relation = models.CharField(max_length=20, choices=Relation)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "party"], name="one_representation_each")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.relation} {self.party_id}"


class Profile(models.Model):
    """What one source says of a party: one row per (party, source), facts by data-element code."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="profiles")
    source = models.CharField(max_length=100)
    facts = models.JSONField(default=dict)
    as_of = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "source"], name="one_profile_per_source")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.source}"
