"""Pictures and papers: kept under random names, found again, sent with the headers that make them harmless."""

import hashlib
import io
import subprocess
import sys
from functools import cache

import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from django.test import RequestFactory

from replicas.previews import (
    Unusable,
    check_document,
    discard,
    keep_document,
    nearest,
    path_of,
    process,
    safe_name,
    send,
    send_attachment,
    store,
    widths_of,
)
from replicas.previews.rendering import ROOT
from tests.replicas.previews import corpus

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"

pytestmark = pytest.mark.django_db  # closing a response looks after the connections


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@cache
def _rendered():
    return process(io.BytesIO(corpus.saved(corpus.picture(900, 600), "JPEG")))


@pytest.fixture
def key():
    return store(_rendered())


def request(**headers):
    return RequestFactory().get("/", headers=headers)


def test_a_picture_is_kept_in_every_size_and_goes_whole(key):
    names = [path_of(key, width, fmt) for width in widths_of(900) for fmt in ("webp", "jpg")]
    assert len(key) == 32
    assert all(default_storage.exists(name) for name in names)
    discard(key)
    discard(key)
    assert not any(default_storage.exists(name) for name in names)
    assert default_storage.listdir(f"previews/{key[:2]}") == ([], [])


def test_a_half_written_picture_is_removed(monkeypatch):
    made = _rendered()
    real, calls = default_storage.save, []

    def full(name, content):
        if len(calls) == 3:
            raise OSError("no space left")
        calls.append(real(name, content))

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="no space left"):
        store(made)
    assert len(calls) == 3
    assert not any(default_storage.exists(name) for name in calls)


def test_the_width_that_serves_best():
    assert [nearest(900, wanted) for wanted in (100, 320, 700, 1600)] == [320, 320, 800, 900]
    assert widths_of(2000) == widths_of(1600) == (320, 800, 1600)


@pytest.mark.parametrize("bad", ["", "..", "../../etc/passwd", "a" * 31, "G" * 32, "a" * 32 + "/x", "a" * 32 + "\n"])
def test_only_our_own_keys_lead_to_files(bad):
    with pytest.raises(ValueError, match="key"):
        path_of(bad, 320, "webp")
    with pytest.raises(Http404):
        send(request(), bad, 320, "webp")
    with pytest.raises(Http404):
        send_attachment(request(), bad, "a.pdf")


@pytest.mark.parametrize(("width", "fmt"), [(0, "webp"), (320, "svg"), (320, ""), (321, "webp")])
def test_a_size_or_format_that_is_not_there_is_not_found(key, width, fmt):
    with pytest.raises(Http404):
        send(request(), key, width, fmt)


def test_a_picture_is_sent_so_that_it_can_do_no_harm(key):
    response = send(request(), key, 320, "webp")
    body = b"".join(response)
    with default_storage.open(path_of(key, 320, "webp")) as kept:
        assert body == kept.read()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"].startswith("private, max-age=")
    again = send(request(if_none_match=response["ETag"]), key, 320, "webp")
    assert again.status_code == 304
    response.close()
    other = send(request(if_none_match='"other"'), key, 320, "jpg")
    other.close()
    assert (other.status_code, other["Content-Type"]) == (200, "image/jpeg")


def test_nginx_sends_when_it_may(key, settings):
    settings.ACCEL_REDIRECT = True
    response = send(request(), key, 800, "jpg")
    assert response["X-Accel-Redirect"] == f"/private/previews/{key[:2]}/{key}/800.jpg"
    assert response["Content-Type"] == "image/jpeg"
    assert response.content == b""


def test_the_object_store_sends_by_an_address_good_for_a_minute(key, settings, monkeypatch):
    settings.S3_BUCKET = "pictures"
    asked = {}

    def url(name, parameters=None, expire=None):
        asked.update(parameters=parameters, expire=expire)
        return f"https://store.example/{name}?signed"

    monkeypatch.setattr(default_storage, "url", url)
    response = send(request(), key, 320, "webp")
    assert response.status_code == 302
    assert response["Location"] == f"https://store.example/{path_of(key, 320, 'webp')}?signed"
    assert response["Cache-Control"] == "private, no-store"
    assert asked["expire"] <= 60
    assert asked["parameters"]["ResponseContentType"] == "image/webp"


def test_a_pdf_is_kept_as_it_came_and_only_ever_downloaded():
    paper = check_document(io.BytesIO(PDF), "Scene 12.pdf")
    assert (paper.name, paper.content_type, paper.size, paper.data) == (
        "Scene 12.pdf",
        "application/pdf",
        len(PDF),
        PDF,
    )
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest()
    response = send_attachment(request(), keep_document(paper.data, paper.extension), "Szene zwölf\r\nX: y.pdf")
    assert b"".join(response) == PDF
    response.close()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Szene%20zw%C3%B6lfX%20y.pdf"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_photographed_page_comes_out_clean():
    page = corpus.saved(corpus.picture(), "PNG", pnginfo=corpus.text_chunks(), exif=corpus.with_exif())
    paper = check_document(io.BytesIO(page), "page.png")
    assert (paper.name, paper.extension, paper.content_type) == ("page.jpg", "jpg", "image/jpeg")
    assert corpus.SECRET not in paper.data


REFUSED_PAPERS = {
    "empty": (b"", "a.pdf", "This file is empty."),
    "too big": (PDF[:-6] + bytes(11_000_000) + b"%%EOF", "a.pdf", "This file is 11 MB; the most we take is 10 MB."),
    "page named pdf": (corpus.HTML, "a.pdf", "This is a web page; send PDF, JPEG or PNG."),
    "docx": (corpus.zipped("word/document.xml"), "a.docx", "This is a ZIP or Office file; send PDF, JPEG or PNG."),
    "webp": (corpus.saved(corpus.picture(), "WEBP"), "a.webp", "This is a WebP; send PDF, JPEG or PNG."),
    "unknown": (b"hello", "a.pdf", "Send a PDF, a JPEG or a PNG."),
    "pdf named png": (PDF, "a.png", "This is a PDF, but its name says otherwise. Rename it to end in .pdf."),
    "png named pdf": (corpus.saved(corpus.picture(), "PNG"), "a.pdf", "This is a PNG, but its name says otherwise."),
    "pdf without an ending": (PDF, "pdf", "This is a PDF, but its name says otherwise."),
    "pdf after other bytes": (b"MZ" + PDF, "a.pdf", "This is a program"),
    "pdf with a zip behind": (PDF + corpus.zipped("a"), "a.pdf", "This PDF has another file hidden in it."),
    "pdf with a zip inside": (
        PDF[:9] + corpus.zipped("a") + PDF[9:],
        "a.pdf",
        "This PDF has another file hidden in it.",
    ),
    "pdf with a page behind": (PDF + corpus.HTML, "a.pdf", "Something is attached after the end of this PDF."),
    "half a pdf": (PDF[:30], "a.pdf", corpus.BROKEN),
    "half a page": (corpus.truncated("JPEG")["JPEG cut at 60 %"], "a.jpg", corpus.BROKEN),
    "a bomb": (corpus.flat_png(30_000, 30_000), "a.png", "900 megapixels; the most we take is 40."),
}


@pytest.mark.parametrize("case", REFUSED_PAPERS)
def test_papers_we_do_not_take(case):
    data, name, sentence = REFUSED_PAPERS[case]
    with pytest.raises(Unusable) as refusal:
        check_document(io.BytesIO(data), name)
    assert sentence in refusal.value.sentence


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Windows\\page 3.PDF", "page 3.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp exe.pdf"),
        ("a" * 4000 + ".pdf", "a" * 80 + ".pdf"),
        ('x"; filename="evil.html.pdf', "x filename=evil html.pdf"),
        ("a\r\nSet-Cookie b\0.pdf", "aSet-Cookie b.pdf"),
        ("مشهد.pdf", "مشهد.pdf"),
        (".htaccess", "page.pdf"),
        ("", "page.pdf"),
        ("....pdf", "page.pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert safe_name(given, "pdf") == kept


def test_the_child_starts_without_django():
    code = "import sys, replicas.previews.child; print(any(name.startswith('django') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
