"""What a view behind ``login_required`` may count on. For annotations only."""

from django.http import HttpRequest

from accounts.models import User
from agencies.access import Desk


class ViewerRequest(HttpRequest):
    """A request of somebody signed in, with the desk that the portal's middleware set."""

    user: User
    desk: Desk
