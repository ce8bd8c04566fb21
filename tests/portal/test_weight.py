"""What a first visit weighs, compressed as it is sent: sign-in 60 KB and 6 requests (PERFORMANCE P12)."""

import gzip
import re
from html import unescape

import brotli
import pytest
from django.conf import settings
from django.test import Client

ALREADY_SMALL = (".woff2", ".png", ".webp")


def weight(address: str) -> int:
    """Bytes of one static file over the wire."""
    data = (settings.BASE_DIR / "static" / address).read_bytes()
    return len(data) if address.endswith(ALREADY_SMALL) else len(brotli.compress(data))


def fetched_by(html: str) -> set[str]:
    """The static files a desktop browser asks for: links and scripts, without the icon for a phone's home screen."""
    tags = re.findall(r"<(?:link|script|img|use)\b[^>]*>", html)
    wanted = [tag for tag in tags if 'rel="apple-touch-icon"' not in tag]
    found = re.findall(r'(?:href|src)="/static/([^"#?]+)', unescape(" ".join(wanted)))
    return {re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", address) for address in found}


@pytest.mark.django_db
def test_signing_in_is_light(client: Client) -> None:
    answer = client.get("/accounts/login/")
    files = fetched_by(answer.content.decode())
    assert {"css/tokens.css", "css/site.css", "fonts/inter.woff2", "fonts/fraunces-560.woff2"} <= files
    assert len(files) + 1 <= 6
    assert len(gzip.compress(answer.content)) + sum(map(weight, files)) <= 60_000


def test_a_page_with_everything_stays_under_its_limit() -> None:
    everything = ["css/tokens.css", "css/site.css", "icons.svg", "js/menu.js", "js/countdown.js", "js/autosave.js"]
    everything += [f"fonts/{name}.woff2" for name in ("inter", "fraunces-560", "fraunces-700", "fraunces-italic-520")]
    assert len(everything) + 1 <= 12
    assert sum(map(weight, everything)) + 8_000 <= 100_000
