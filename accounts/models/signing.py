"""Challenges that were answered, so that no proof of a person counts twice."""

from django.db import models

from accounts.models.user import User


class UsedChallenge(models.Model):
    """The nonce of a challenge, taken in the transaction that used it. The unique column is the single-use promise."""

    nonce = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.nonce
