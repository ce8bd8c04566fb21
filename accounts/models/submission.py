"""Forms that were sent, so that a double click, the back button and a retry do nothing twice."""

from django.db import models

from accounts.models.user import User


class FormSubmission(models.Model):
    """One sent form: ``key`` was in the page, ``digest`` is SHA-256 over path and fields, ``location`` where it led."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=43)
    digest = models.CharField(max_length=64)
    location = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_sent_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
