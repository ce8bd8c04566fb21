"""G28: every hostile upload is refused with a sentence or comes out clean, soon, at no cost in memory."""

import io
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from replicas.previews import Unusable, process
from replicas.previews.rendering import ROOT
from tests.replicas.previews import corpus

SECONDS_EACH = 10
GROWTH = 100_000_000  # bytes the parent may grow over the whole corpus


def test_the_corpus_is_large_enough():
    assert len(corpus.refused()) + len(corpus.cleaned()) >= 60


def _outcome(item):
    name, data = item
    started = time.monotonic()
    try:
        result = process(io.BytesIO(data))
    except Unusable as refusal:
        result = refusal.sentence
    return name, result, time.monotonic() - started


def _outcomes(items):
    with ThreadPoolExecutor(2) as two_at_once:
        return list(two_at_once.map(_outcome, items.items()))


def test_what_we_do_not_take_is_refused_with_the_limit_named():
    expected = {name: sentence for name, (_, sentence) in corpus.refused().items()}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = _outcomes({name: data for name, (data, _) in corpus.refused().items()})
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    wrong = {name: found for name, found, _ in outcomes if not isinstance(found, str) or expected[name] not in found}
    assert wrong == {}
    assert max(seconds for _, _, seconds in outcomes) < SECONDS_EACH
    assert grown < GROWTH


def test_what_we_take_comes_out_with_nothing_but_the_picture():
    outcomes = _outcomes(corpus.cleaned())
    refused = {name: found for name, found, _ in outcomes if isinstance(found, str)}
    assert refused == {}
    assert max(seconds for _, _, seconds in outcomes) < SECONDS_EACH
    for name, made, _ in outcomes:
        for each in made:
            assert _stains(each) == [], name


def _stains(made):
    """What is left in one output that is not the picture itself."""
    found = [
        word for word in (corpus.SECRET, b"Exif", b"http", b"<script", b"%PDF", b"PK\3\4", b"ICC") if word in made.data
    ]
    with Image.open(io.BytesIO(made.data), formats=[made.format]) as image:
        image.load()
        found += [key for key in ("exif", "xmp", "icc_profile", "comment") if image.info.get(key)]
        found += [f"{len(image.getexif())} EXIF tags"] if len(image.getexif()) else []
        if (image.size, image.mode, getattr(image, "n_frames", 1)) != ((made.width, made.height), "RGB", 1):
            found.append(f"{image.size} {image.mode}")
    if not _ends_with_the_picture(made):
        found.append("bytes after the end")
    return found


def _ends_with_the_picture(made):
    if made.format == "JPEG":
        return made.data.endswith(b"\xff\xd9") and made.data.count(b"\xff\xd9") == 1
    return int.from_bytes(made.data[4:8], "little") + 8 == len(made.data)


@pytest.mark.parametrize(
    ("width", "kept"),
    [(100, [100]), (320, [320]), (500, [500, 320]), (1600, [1600, 800, 320]), (2000, [1600, 800, 320])],
)
def test_sizes_are_made_but_never_enlarged(width, kept):
    made = process(io.BytesIO(corpus.saved(corpus.picture(width, width), "JPEG")))
    assert [(each.width, each.format) for each in made] == [(size, kind) for size in kept for kind in ("WEBP", "JPEG")]
    assert (made.width, made.height) == (kept[0], kept[0])


WEIGH = """
import io, resource, sys
from replicas.previews import process
made = process(io.BytesIO(sys.stdin.buffer.read()))
print(made.width, made.height, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_forty_megapixels_exactly_are_taken_within_memory_and_time():
    """In a process of its own, so that no other test's children are weighed. 300 MB on top of an interpreter's 30."""
    started = time.monotonic()
    picture = corpus.flat_png(5000, 8000, bits=8)
    done = subprocess.run([sys.executable, "-c", WEIGH], input=picture, capture_output=True, check=True, cwd=ROOT)
    width, height, kilobytes = map(int, done.stdout.split())
    assert (width, height) == (1600, 2560)
    assert time.monotonic() - started < SECONDS_EACH
    assert kilobytes * 1024 < 330_000_000


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_picture_stands_upright(orientation):
    """The picture has a red corner; written with each orientation, the corner must come back to the top left."""
    upright = Image.new("RGB", (400, 200), "white")
    upright.paste("red", (0, 0, 120, 60))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # inverse of what the orientation asks for
    lying = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    made = process(io.BytesIO(corpus.saved(lying, "JPEG", exif=corpus.with_exif(orientation))))
    with Image.open(io.BytesIO(made.pictures[0].data)) as image:
        assert image.size == (400, 200)
        red, green, _ = image.getpixel((20, 20))
        assert red > 200
        assert green < 80


def test_transparency_becomes_white_and_sixteen_bits_keep_their_gray():
    clear = process(io.BytesIO(corpus.saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")))
    deep = process(io.BytesIO(corpus.saved(Image.new("I;16", (40, 40), 257 * 90), "PNG")))
    with Image.open(io.BytesIO(clear.pictures[1].data)) as white, Image.open(io.BytesIO(deep.pictures[1].data)) as gray:
        assert white.getpixel((9, 9)) == (255, 255, 255)
        assert gray.getpixel((9, 9)) == (90, 90, 90)


def test_a_path_will_do(tmp_path):
    path = tmp_path / "picture.gif"  # a wrong name does not matter
    path.write_bytes(corpus.saved(corpus.picture(), "PNG"))
    assert process(path).width == process(str(path)).width == 240


def test_a_child_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr("replicas.previews.limits.SECONDS", 0.001)
    with pytest.raises(Unusable, match="takes too long to open"):
        process(io.BytesIO(corpus.saved(corpus.picture(), "PNG")))
