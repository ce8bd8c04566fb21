"""Open one hostile picture and write clean ones: a process of its own, without Django, with little memory and time.

``python -m replicas.previews.child '{"widths": [320], "formats": ["WEBP"]}'`` with the picture as standard input, in
an empty directory that takes ``<width>.<ext>``. Prints one JSON line:
``{"images": [[width, height, format, name], …]}`` or ``{"unusable": sentence}``.
"""

import resource

from replicas.previews import limits

if __name__ == "__main__":  # before Pillow is loaded, so that nothing of it runs without limits
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.OUTPUT_BYTES, limits.OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

import contextlib
import io
import json
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageCms

from replicas.previews.headers import check_size, picture_format
from replicas.previews.refusing import BROKEN, TOO_HEAVY, Unusable

BAND = 256  # rows flattened at a time
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
OPTIONS = {"JPEG": {"quality": 84, "optimize": True, "progressive": True}, "WEBP": {"quality": 82, "method": 2}}


def opened(file: BinaryIO) -> Image.Image:
    """The picture, header read and limits checked, not yet decoded."""
    kind = picture_format(file.read(64))
    file.seek(0)
    Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
    image = Image.open(file, formats=[kind])
    check_size(*image.size)
    return image


def upright_and_small(image: Image.Image, most: int) -> Image.Image:
    """RGB without anything else, right way up; only a little wider than ``most`` pixels where that saves memory.

    Shrinks in bands: flattening 40 megapixels at once would need a second full copy.
    """
    turn = _orientation(image)
    profile = image.info.get("icc_profile")
    sideways = turn in (5, 6, 7, 8)
    target = max(1, most * 5 // 4)  # what the last, finer step still has to choose from
    if image.format == "JPEG":
        scale = max(1.0, image.size[1 if sideways else 0] / target)
        image.draft(None, (max(1, int(image.width / scale)), max(1, int(image.height / scale))))
    factor = max(1, image.size[1 if sideways else 0] // target)
    image.load()
    small = _shrunk(image, factor)
    image.close()
    small = _in_srgb(small, profile)
    return small.transpose(UPRIGHT[turn]) if turn in UPRIGHT else small


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8 (what ``ImageOps.exif_transpose`` follows); a broken EXIF block counts as upright."""
    with contextlib.suppress(Exception):
        return int(image.getexif().get(ORIENTATION, 1))
    return 1


def _shrunk(image: Image.Image, factor: int) -> Image.Image:
    size = (-(-image.width // factor), -(-image.height // factor))
    small = Image.new("RGB", size)
    step = BAND * factor
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(top + step, image.height)))
        if factor > 1 and band.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
            band = _flat(band.reduce(factor))
        else:
            band = _flat(band).reduce(factor)
        small.paste(band, (0, top // factor))
    return small


def _flat(band: Image.Image) -> Image.Image:
    """RGB on white: transparency, palettes, CMYK and 16 bits a channel are gone."""
    if band.mode.startswith("I") or band.mode == "F":
        band = band.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if band.mode == "P" or "transparency" in band.info:
        band = band.convert("RGBA")
    if band.mode in ("RGBA", "LA", "PA"):
        band = band.convert("RGBA")
        ground = Image.new("RGB", band.size, "white")
        ground.paste(band, mask=band.getchannel("A"))
        return ground
    return band.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones write wide-gamut profiles; without this, skin would turn gray when the profile is dropped."""
    if profile:
        with contextlib.suppress(Exception):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return changed or image
    return image


def rendered(file: BinaryIO, widths: list[int], formats: list[str]) -> list[tuple[int, int, str, str]]:
    """Write every size in every format into the working directory; returns (width, height, format, file name)."""
    source = upright_and_small(opened(file), widths[-1])
    made = []
    for width in reversed(limits.widths_of(source.width, tuple(widths))):
        height = max(1, round(source.height * width / source.width))
        source_is_it = source.size == (width, height)
        image = source if source_is_it else source.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        image.info = {}
        for kind in formats:
            name = f"{width}.{limits.EXTENSIONS[kind]}"
            image.save(name, kind, exif=b"", icc_profile=None, **OPTIONS[kind])
            made.append((width, height, kind, name))
    return made


def main() -> None:
    warnings.simplefilter("error")
    asked = json.loads(sys.argv[1])
    try:
        with open(0, "rb") as file:
            answer: dict[str, object] = {"images": rendered(file, asked["widths"], asked["formats"])}
    except Unusable as refusal:
        answer = {"unusable": refusal.sentence}
    except MemoryError:
        answer = {"unusable": TOO_HEAVY}
    except Exception:  # whatever a decoder trips over: the file is at fault, and nobody learns how
        answer = {"unusable": BROKEN}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
