"""Hostile and odd uploads, made here by code: name → bytes, and what must become of each."""

import io
import struct
import zipfile
import zlib
from functools import cache

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"SECRET-48.8584N-2.2945E"  # stands in every kind of metadata; must stand in no output


def picture(width: int = 240, height: int = 320, mode: str = "RGB") -> Image.Image:
    """A picture with some detail, the same every time."""
    base = Image.merge(
        "RGB", [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.radial_gradient("L").rotate(40)]
    )
    return base.resize((width, height)).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def flat_png(width: int, height: int, *, bits: int = 1) -> bytes:
    """A valid PNG of one color: tiny as a file, huge when decoded."""
    row = b"\0" + bytes((width * bits + 7) // 8)
    packer, packed = zlib.compressobj(1), []
    block = row * 256
    packed += [packer.compress(block) for _ in range(height // 256)]
    packed += [packer.compress(row * (height % 256)), packer.flush()]
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"".join(packed)) + chunk(b"IEND", b"")


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, SECRET * 3)
    return out.getvalue()


def jpeg_declaring(width: int, height: int) -> bytes:
    data = bytearray(saved(picture(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def png_declaring(width: int, height: int) -> bytes:
    data = saved(picture(), "PNG")
    return data[:8] + chunk(b"IHDR", struct.pack(">II", width, height) + data[24:29]) + data[33:]


def webp_declaring(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + size + saved(picture(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = orientation, SECRET.decode(), SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return exif.tobytes()


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def text_chunks() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>", zip=True)
    return info


def heavy_text() -> bytes:
    """A PNG whose compressed comment unpacks to 80 MB."""
    data = saved(picture(), "PNG")
    return data[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 1)) + data[33:]


def animated(kind: str) -> bytes:
    frames = [picture().rotate(turn) for turn in (0, 30, 60)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=80)


def truncated(kind: str) -> dict[str, bytes]:
    whole = saved(picture(), kind)
    return {f"{kind} cut at {part}": whole[: int(len(whole) * share)] for part, share in CUTS}


CUTS = (("2 %", 0.02), ("30 %", 0.3), ("60 %", 0.6), ("90 %", 0.9))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"
NOT_TAKEN = "; send JPEG, PNG or WebP."
BROKEN = "This file is broken and can't be opened."


@cache
def refused() -> dict[str, tuple[bytes, str]]:
    """name → (bytes, a part of the sentence that must be said)."""
    odd = {
        "nothing": (b"", "This file is empty."),
        "one byte": (b"\xff", NOT_TAKEN),
        "only zeros": (bytes(4096), NOT_TAKEN),
        "plain text": (b"hello", NOT_TAKEN),
        "gif": (saved(picture(mode="P"), "GIF"), "This is a GIF" + NOT_TAKEN),
        "gif with a jar behind": (saved(picture(mode="P"), "GIF") + zipped("A.class"), "This is a GIF" + NOT_TAKEN),
        "bmp": (saved(picture(), "BMP"), "This is a BMP" + NOT_TAKEN),
        "tiff, little endian": (saved(picture(), "TIFF"), "This is a TIFF" + NOT_TAKEN),
        "tiff, big endian": (b"MM\0*" + bytes(200), "This is a TIFF" + NOT_TAKEN),
        "icon": (saved(picture(64, 64), "ICO"), "an icon file" + NOT_TAKEN),
        "eps": (saved(picture(), "EPS"), "a PostScript file" + NOT_TAKEN),
        "eps with dos header": (b"\xc5\xd0\xd3\xc6" + bytes(60), "a PostScript file" + NOT_TAKEN),
        "fits": (b"SIMPLE  =                    T" + b" " * 2850, "a FITS file" + NOT_TAKEN),
        "photoshop": (b"8BPS\0\1" + bytes(200), "a Photoshop file" + NOT_TAKEN),
        "jpeg 2000": (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99), "a JPEG 2000 file" + NOT_TAKEN),
        "heic": (b"\0\0\0\x18ftypheic" + bytes(99), "a HEIC or AVIF picture" + NOT_TAKEN),
        "avif": (saved(picture(), "AVIF"), "a HEIC or AVIF picture" + NOT_TAKEN),
        "mp4": (b"\0\0\0\x18ftypisom" + bytes(99), "a video" + NOT_TAKEN),
        "ppm": (saved(picture(), "PPM"), NOT_TAKEN),
        "tga": (saved(picture(), "TGA"), NOT_TAKEN),
        "svg": (SVG, "an SVG or XML file" + NOT_TAKEN),
        "svg after a mark": (b"\xef\xbb\xbf \n" + SVG, "an SVG or XML file" + NOT_TAKEN),
        "xml with an entity": (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
            NOT_TAKEN,
        ),
        "html": (HTML, "a web page" + NOT_TAKEN),
        "pdf": (b"%PDF-1.7\n1 0 obj\n%%EOF", "This is a PDF" + NOT_TAKEN),
        "pdf with a jpeg in it": (b"%PDF-1.7\n" + saved(picture(), "JPEG") + b"%%EOF", "This is a PDF" + NOT_TAKEN),
        "docx": (zipped("word/document.xml", "[Content_Types].xml"), "a ZIP or Office file" + NOT_TAKEN),
        "zip in a docx": (zipped("word/a.zip"), "a ZIP or Office file" + NOT_TAKEN),
        "gzip": (b"\x1f\x8b\x08" + bytes(60), "a compressed file" + NOT_TAKEN),
        "program": (b"MZ\x90" + bytes(99), "a program" + NOT_TAKEN),
        "3d model": (b"glTF\2\0\0\0" + bytes(99), "a 3D model" + NOT_TAKEN),
        "exr": (b"\x76\x2f\x31\x01" + bytes(99), "an OpenEXR file" + NOT_TAKEN),
        "30000 squared": (flat_png(30_000, 30_000), "900 megapixels; the most we take is 40."),
        "120 megapixels": (flat_png(12_000, 10_000), "This picture has 120 megapixels; the most we take is 40."),
        "just over": (png_declaring(8000, 5001), "40.1 megapixels; the most we take is 40."),
        "a very long picture": (flat_png(100, 20_000), "20,000 pixels long; the longest side we take is 16,000."),
        "png that lies upward": (png_declaring(2_000_000_000, 2_000_000_000), "megapixels; the most we take is 40."),
        "jpeg that lies upward": (jpeg_declaring(65_000, 65_000), "4,225 megapixels; the most we take is 40."),
        "webp that lies upward": (webp_declaring(16_000_000, 200), "megapixels; the most we take is 40."),
        "png of no width": (png_declaring(0, 100), BROKEN),
        "jpeg of no width": (jpeg_declaring(0, 100), BROKEN),
        "png with a heavy comment": (heavy_text(), BROKEN),
        "png with a wrong checksum": (saved(picture(), "PNG")[:29] + b"XXXX" + saved(picture(), "PNG")[33:], BROKEN),
        "jpeg header, html body": (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + HTML * 20, BROKEN),
        "png header, html body": (b"\x89PNG\r\n\x1a\n" + HTML * 20, BROKEN),
        "webp header, html body": (b"RIFF\0\1\0\0WEBP" + HTML * 20, BROKEN),
        "jpeg markers without end": (b"\xff\xd8" + b"\xff" * 200_000, BROKEN),
        "21 MB": (saved(picture(), "JPEG") + bytes(21_000_000), "MB; the most we take is 20 MB."),
        "31 MB": (b"\xff\xd8\xff" + bytes(30_999_997), "This file is 31 MB; the most we take is 20 MB."),
    }
    cut = {name: (data, BROKEN) for kind in ("JPEG", "WEBP", "PNG") for name, data in truncated(kind).items()}
    return {**odd, **cut}


@cache
def cleaned() -> dict[str, bytes]:
    """name → bytes of pictures that are taken, and must come out without anything but the picture."""
    rgb, jpeg, png = picture(), saved(picture(), "JPEG"), saved(picture(), "PNG")
    webp_meta = {"exif": with_exif(), "xmp": SECRET, "icc_profile": srgb_profile() + SECRET}
    return {
        "jpeg with place, maker, comment": saved(rgb, "JPEG", exif=with_exif(), comment=SECRET),
        "jpeg with xmp and profile": saved(rgb, "JPEG", xmp=SECRET, icc_profile=srgb_profile() + SECRET),
        "jpeg with a broken profile": saved(rgb, "JPEG", icc_profile=SECRET),
        "jpeg with a broken exif": saved(rgb, "JPEG", exif=b"Exif\0\0" + SECRET),
        "webp with everything": saved(rgb, "WEBP", **webp_meta),
        "png with text and exif": saved(rgb, "PNG", pnginfo=text_chunks(), exif=with_exif()),
        "png with a page in it": png[:33] + chunk(b"tEXt", b"a\0" + HTML + SECRET) + png[33:],
        "jpeg with a jar behind": jpeg + zipped("META-INF/MANIFEST.MF", "A.class"),
        "png with a jar behind": png + zipped("A.class"),
        "webp with a jar behind": saved(rgb, "WEBP") + zipped("A.class"),
        "jpeg with a page behind": jpeg + HTML + SECRET,
        "jpeg with a pdf behind": jpeg + b"%PDF-1.7\n" + SECRET + b"%%EOF",
        "jpeg with a pdf in a comment": saved(rgb, "JPEG", comment=b"%PDF-1.7\n" + SECRET + b"\n%%EOF"),
        "jpeg with a script in a comment": saved(rgb, "JPEG", comment=b"*/=alert(1)/*" + SECRET),
        "cmyk jpeg": saved(picture(mode="CMYK"), "JPEG"),
        "gray jpeg": saved(picture(mode="L"), "JPEG"),
        "16-bit png": saved(Image.new("I;16", (240, 320), 30_000), "PNG"),
        "1-bit png": flat_png(240, 320),
        "palette with transparency": saved(picture().quantize(16), "PNG", transparency=3),
        "png with an alpha channel": saved(picture(mode="RGBA"), "PNG"),
        "gray with alpha": saved(picture(mode="LA"), "PNG"),
        "png that declares more rows than it has": png_declaring(240, 4000),
        "one pixel": saved(picture(1, 1), "PNG"),
        "one pixel wide": saved(picture(1, 900), "PNG"),
        "animated webp": animated("WEBP"),
        "animated png": animated("PNG"),
        "lossless webp": saved(rgb, "WEBP", lossless=True),
        "progressive jpeg": saved(rgb, "JPEG", progressive=True),
    }
