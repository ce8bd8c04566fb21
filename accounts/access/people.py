"""Finding people by what they are."""

from accounts.models import ActorProfile, User


def actor_of(user: User) -> ActorProfile | None:
    """The person's own actor profile, if they are an actor."""
    return ActorProfile.objects.filter(user=user).select_related("user").first()


def active_user(email: str) -> User | None:
    return User.objects.filter(email=email.lower(), is_active=True).first()
