"""Preview pictures and papers: checked, cleaned, kept under random names, sent only after an access check.

``process`` → ``store`` → ``send``; ``discard`` when the picture goes. Every refusal is ``Unusable`` with a sentence.

What needs Django is loaded when first asked for, because the child process imports this package and must start fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from replicas.previews.limits import (
    CONTENT_TYPES,
    DOCUMENT_MAX_BYTES,
    FORMATS,
    MADE,
    MAX_BYTES,
    MAX_PIXELS,
    MAX_SIDE,
    WIDTHS,
    nearest,
    widths_of,
)
from replicas.previews.refusing import Unusable

if TYPE_CHECKING:
    from replicas.previews.documents import Document, safe_name
    from replicas.previews.documents import check as check_document
    from replicas.previews.rendering import Picture, Rendered, process
    from replicas.previews.sending import send, send_attachment
    from replicas.previews.storing import discard, discard_document, keep_document, path_of, store

_HOME = {
    "Document": "documents",
    "safe_name": "documents",
    "Picture": "rendering",
    "Rendered": "rendering",
    "process": "rendering",
    "send": "sending",
    "send_attachment": "sending",
    "discard": "storing",
    "discard_document": "storing",
    "keep_document": "storing",
    "path_of": "storing",
    "store": "storing",
}

__all__ = [
    "CONTENT_TYPES",
    "DOCUMENT_MAX_BYTES",
    "FORMATS",
    "MADE",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SIDE",
    "WIDTHS",
    "Document",
    "Picture",
    "Rendered",
    "Unusable",
    "check_document",
    "discard",
    "discard_document",
    "keep_document",
    "nearest",
    "path_of",
    "process",
    "safe_name",
    "send",
    "send_attachment",
    "store",
    "widths_of",
]


def __getattr__(name: str) -> Any:
    if name == "check_document":
        return import_module("replicas.previews.documents").check
    if name in _HOME:
        return getattr(import_module(f"replicas.previews.{_HOME[name]}"), name)
    raise AttributeError(name)
