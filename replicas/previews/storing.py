"""Where clean pictures and papers lie: random names of 128 bits in Django's default storage, under no public url."""

import re
import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from replicas.previews.limits import CONTENT_TYPES, EXTENSIONS
from replicas.previews.rendering import Rendered

KEY = re.compile(r"[0-9a-f]{32}")
DOCUMENT_KEY = re.compile(r"[0-9a-f]{32}\.(pdf|jpg)")


def store(rendered: Rendered) -> str:
    """Keep every size; returns the key. What was written is removed again when one of them fails."""
    key = secrets.token_hex(16)
    try:
        for picture in rendered:
            name = path_of(key, picture.width, EXTENSIONS[picture.format])
            default_storage.save(name, ContentFile(picture.data))
    except BaseException:
        discard(key)
        raise
    return key


def discard(key: str) -> None:
    """Remove every size; a key that is already gone is fine. Raises ValueError for what is no key."""
    folder = _folder(key)
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def path_of(key: str, width: int, fmt: str) -> str:
    """Name in the storage. ``fmt`` is “webp” or “jpg” (“JPEG”, “WEBP” and “jpeg” are understood); else ValueError."""
    extension = {"jpeg": "jpg"}.get(fmt.lower(), fmt.lower())
    if extension not in EXTENSIONS.values() or width <= 0:
        raise ValueError(f"no picture {width}.{fmt}")
    return f"{_folder(key)}/{width}.{extension}"


def _folder(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("not a picture's key")
    return f"previews/{key[:2]}/{key}"


def keep_document(data: bytes, extension: str) -> str:
    """Keep a checked paper; returns its key, “<32 hex digits>.<pdf or jpg>”."""
    key = f"{secrets.token_hex(16)}.{extension}"
    default_storage.save(document_path(key), ContentFile(data))
    return key


def discard_document(key: str) -> None:
    """Remove a paper; one that is already gone is fine."""
    default_storage.delete(document_path(key))


def document_path(key: str) -> str:
    """Name in the storage; raises ValueError for what is no key."""
    if not DOCUMENT_KEY.fullmatch(key):
        raise ValueError("not a paper's key")
    return f"attachments/{key[:2]}/{key}"


def content_type(name: str) -> str:
    """By our own extension, which the content was checked against."""
    return CONTENT_TYPES[name.rsplit(".", 1)[-1]]
