"""``{% form_key %}``: what makes a page send its work once. A template builtin."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def form_key(context: template.Context) -> SafeString:
    """A hidden field with a fresh key, or the posted one when the same page comes back with errors."""
    request = context.get("request")
    key = (request.POST.get("form_key") if request and request.method == "POST" else "") or secrets.token_urlsafe(24)
    return format_html('<input type="hidden" name="form_key" value="{}">', key[:43])
