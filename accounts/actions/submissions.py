"""Taking a form's key, so that the same page sent twice does its work once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import FormSubmission, User
from accounts.rules.refusal import Refused


def take(*, key: str, digest: str, by: User, at: datetime) -> tuple[FormSubmission, bool]:
    """The row of this form and whether it is new. Waits for another process that is sending the same form.

    Raises Refused when the key was used with other content: the page was sent, changed and sent again.
    """
    try:
        with transaction.atomic():
            return FormSubmission.objects.create(user=by, key=key, digest=digest, created_at=at), True
    except IntegrityError:
        row = FormSubmission.objects.get(user=by, key=key)
    if row.digest != digest:
        raise Refused("form-reused", "This form was already sent with other content. Please load the page again.")
    return row, False


def keep(submission: FormSubmission, *, location: str) -> None:
    """Notes where the form led, for the next time it is sent."""
    FormSubmission.objects.filter(pk=submission.pk).update(location=location)


def give_back(submission: FormSubmission) -> None:
    """The form was not accepted: the same page may be mended and sent again."""
    submission.delete()
