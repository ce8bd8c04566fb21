"""``{% load pictures %}``: a preview as WebP and JPEG in every size kept, without layout shift.

Joined from strings, because a page of the listing repeats it twenty-four times.
"""

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from replicas.models import Preview
from replicas.previews import nearest, widths_of

register = template.Library()

CARD = "(max-width: 48rem) 45vw, 14rem"
PAGE = "(max-width: 60rem) 92vw, 44rem"
SHOWN = 800  # the width a browser without srcset gets

# Where there is no picture yet: a head in contour lines, as the scans themselves look.
_RINGS = "".join(
    f'<ellipse cx="40" cy="{26 + step * 4}" rx="{width}" ry="{max(2, width / 5):.1f}"/>'
    for step, width in enumerate((7, 12, 14.5, 15.5, 15.5, 14.5, 12.5, 9.5, 6, 6, 8, 20, 28))
)
BLANK = mark_safe(
    '<svg class="portrait" viewBox="0 0 80 100" aria-hidden="true" preserveAspectRatio="xMidYMid slice">'
    f'<g fill="none" stroke="#8E7A94" stroke-width=".5">{_RINGS}</g></svg>'
)


@register.simple_tag
def picture(preview: Preview, alt: str = "", sizes: str = PAGE, link: str = "", lazy: bool = True) -> SafeString:
    """A preview; ``link`` is the nonce of the link the viewer came by, if any."""
    words = alt or preview.caption
    return picture_html(preview.key, preview.width, preview.height, words, sizes=sizes, link=link, lazy=lazy)


@register.simple_tag
def first_picture(
    packed: str | None, alt: str = "", sizes: str = CARD, link: str = "", lazy: bool = True
) -> SafeString:
    """A replica's ``picture`` as ``access.replicas.with_picture`` packs it, or the contour head where there is none."""
    if not packed:
        return BLANK
    key, width, height = packed.split(" ")
    return picture_html(key, int(width), int(height), alt, sizes=sizes, link=link, lazy=lazy)


def picture_html(
    key: str, width: int, height: int, alt: str, *, sizes: str = PAGE, link: str = "", lazy: bool = True
) -> SafeString:
    """``<picture>`` of the preview whose largest kept size is ``width`` × ``height`` pixels."""
    tail = f"?{urlencode({'link': link})}" if link else ""
    kept = widths_of(width)
    sets = {
        extension: ", ".join(f"/previews/{key}/{each}.{extension}{tail} {each}w" for each in kept)
        for extension in ("webp", "jpg")
    }
    shown = nearest(width, SHOWN)
    attributes: dict[str, Any] = {
        "class": "portrait",
        "src": f"/previews/{key}/{shown}.jpg{tail}",
        "srcset": sets["jpg"],
        "sizes": sizes,
        "width": shown,
        "height": max(1, round(height * shown / width)),
        "alt": conditional_escape(alt),
        **({"loading": "lazy", "decoding": "async"} if lazy else {"fetchpriority": "high"}),
    }
    image = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return mark_safe(
        f'<picture><source type="image/webp" srcset="{sets["webp"]}" sizes="{sizes}"><img {image}></picture>'
    )
