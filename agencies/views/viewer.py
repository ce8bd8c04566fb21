"""What a view behind ``login_required`` may count on. For annotations only."""

from django_htmx.middleware import HtmxDetails

from accounts.views.signed_in import SignedInRequest
from agencies.access import Desk


class ViewerRequest(SignedInRequest):
    """A request of somebody signed in, with the desk that the portal's middleware set and whether htmx asks."""

    desk: Desk
    htmx: HtmxDetails
