"""Answer with a private file after the caller has checked that this person may have it.

Three ways out: nginx sends it (``ACCEL_REDIRECT``), the object store does (a url signed for a minute), or we do.
"""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from replicas.previews.documents import safe_name
from replicas.previews.storing import content_type, document_path, path_of

SIGNED_SECONDS = 60
CACHE = "private, max-age=3600, immutable"  # an hour: a name never changes its content, but a right to see it may end
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def send(request: HttpRequest, key: str, width: int, fmt: str) -> HttpResponseBase:
    """One size of a picture (``width`` in pixels, ``fmt`` “webp” or “jpg”). Raises Http404 when it is not there."""
    try:
        name = path_of(key, width, fmt)
    except ValueError:
        raise Http404 from None
    etag = f'"{key}-{name.rsplit("/", 1)[-1]}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or _file(name, "")
    if not isinstance(response, HttpResponseRedirect):
        response.headers["ETag"], response.headers["Cache-Control"] = etag, CACHE
    return _safe(response)


def send_attachment(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A paper, always as a download called ``name`` and never shown as a page. Raises Http404 when it is not there."""
    try:
        stored = document_path(key)
    except ValueError:
        raise Http404 from None
    disposition = content_disposition_header(True, safe_name(name, key.rsplit(".", 1)[-1])) or "attachment"
    response = _file(stored, disposition)
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = "private, no-store"
    return _safe(response)


def _safe(response: HttpResponseBase) -> HttpResponseBase:
    for header, value in SAFE.items():
        response.headers[header] = value
    return response


def _file(name: str, disposition: str) -> HttpResponseBase:
    kind = content_type(name)
    if settings.S3_BUCKET:
        asked: dict[str, Any] = {"ResponseContentType": kind, "ResponseCacheControl": "private, no-store"}
        if disposition:
            asked["ResponseContentDisposition"] = disposition
        url = default_storage.url(name, parameters=asked, expire=SIGNED_SECONDS)  # type: ignore[call-arg]
        return HttpResponseRedirect(
            url, headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
        )
    if settings.ACCEL_REDIRECT:
        return HttpResponse(content_type=kind, headers={"X-Accel-Redirect": f"/private/{quote(name)}"})
    try:
        return FileResponse(default_storage.open(name), content_type=kind)
    except FileNotFoundError:
        raise Http404 from None
