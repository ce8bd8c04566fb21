"""``{% demo_people as people %}``: who can be tried on the sign-in page. Nobody unless it is a demo."""

from django import template
from django.conf import settings

from accounts.rules.demo import PEOPLE, DemoPerson

register = template.Library()


@register.simple_tag
def demo_people() -> tuple[DemoPerson, ...]:
    return PEOPLE if settings.DEMO else ()
