"""Messages to people inside the platform."""

from django.db import models


class Message(models.Model):
    """One message to one user about one thing; sent once per (user, reference, event)."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="messages")
    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    event = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    body = models.CharField(max_length=500)
    needs_action = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "reference_kind", "reference_number", "event"], name="one_message_per_event"
            )
        ]
        indexes = [models.Index(fields=["user", "-sent_at"], name="message_by_user")]

    def __str__(self) -> str:
        return self.title
