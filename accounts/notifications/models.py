"""What people are told, and by which channel it went out. Both are rows of the commit they tell about."""

from django.db import models
from django.db.models import Q

from accounts.models.user import User
from accounts.notifications.rules import Channel, DeliveryState


class Notification(models.Model):
    """One thing one person is told. ``once`` makes a second telling impossible.

    ``recipient`` is empty for somebody without an account, who is reached at ``address`` alone (an invitation).
    ``context`` holds what the letter needs, as JSON; moments in it are ISO 8601 in UTC.
    """

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="notifications")
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField(null=True)
    subject_ref = models.CharField(max_length=20, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    context = models.JSONField(default=dict)
    path = models.CharField(max_length=300, blank=True, help_text="Where it leads, without the host.")
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_inbox = models.BooleanField(default=True)
    once = models.CharField(max_length=160, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_inbox", condition=Q(in_inbox=True)),
            models.Index(
                fields=["recipient"], name="notification_unread", condition=Q(in_inbox=True, read_at__isnull=True)
            ),
            models.Index(fields=["subject_type", "subject_id", "kind"], name="notification_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id or self.address}"


class Delivery(models.Model):
    """One attempt-tracked message by one channel: ``queued → sending → sent | failed | cancelled``.

    ``next_at`` is when it may go (or be tried again); while ``sending``, ``lease_until`` says when another worker may
    take it over. The partial index keeps the sweep to rows that still have somewhere to go.
    """

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices())
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=DeliveryState.choices(), default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=Q(state="sending")),
            models.Index(fields=["id"], name="delivery_failed", condition=Q(state="failed")),
        ]
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.channel} to {self.address}, {self.state}"


class Preference(models.Model):
    """A person's wish for one kind and channel, where it differs from the kind's own default."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices())
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel} {self.wanted}"


class OutboxLetter(models.Model):
    """A letter kept instead of sent, so that it can be read at /outbox/. Demo and development only."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject
