"""Cut the fonts to what the portal shows. Run from the checkout, with node_modules beside it."""

import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SRC = "node_modules/@fontsource-variable/"
OUT = "static/fonts/"
MARKS = {
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2026,
    0x2011,
    0x20AC,
    0x2212,
    0x2022,
    0x2039,
    0x203A,
    0x201E,
    0x201A,
}
LATIN1 = set(range(0xC0, 0x100)) | {0xA0, 0xA1, 0xA3, 0xA7, 0xA9, 0xAB, 0xB7, 0xBB, 0xBF}
BASE = set(range(0x20, 0x7F)) | LATIN1 | MARKS
SANS = BASE | {
    0x2192,
    0x2190,
    0x2191,
    0x2193,
    0x2713,
    0x2715,
    0x2122,
    0xB0,
    0xBD,
    0xBC,
    0xBE,
    0x152,
    0x153,
    0xAE,
    0xA5,
    0xB2,
    0xB1,
    0x2009,
    0x202F,
}
EXT = set(range(0x100, 0x180)) | {0x152, 0x153, 0x218, 0x219, 0x21A, 0x21B}
KEEP = ["kern", "locl", "ccmp", "mark", "rvrn"]


def make(source, target, chars, axes, features):
    font = TTFont(SRC + source)
    font = instancer.instantiateVariableFont(font, axes)
    buffer = io.BytesIO()
    font.flavor = None
    font.save(buffer)
    buffer.seek(0)
    font = TTFont(buffer)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [1, 2, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["STAT"]
    s = subset.Subsetter(options)
    s.populate(unicodes=chars)
    s.subset(font)
    font.flavor = "woff2"
    font.save(OUT + target)
    print(
        target,
        Path(OUT + target).stat().st_size,
        len(font.getGlyphOrder()),
        [hex(c) for c in sorted(chars - set(font.getBestCmap()))][:20],
    )


make("fraunces/files/fraunces-latin-opsz-normal.woff2", "fraunces-560.woff2", BASE, {"opsz": 36, "wght": 560}, KEEP)
make("fraunces/files/fraunces-latin-opsz-normal.woff2", "fraunces-700.woff2", BASE, {"opsz": 36, "wght": 700}, KEEP)
make(
    "fraunces/files/fraunces-latin-opsz-italic.woff2",
    "fraunces-italic-520.woff2",
    BASE,
    {"opsz": 17.9, "wght": 520},
    KEEP,
)
make(
    "fraunces/files/fraunces-latin-ext-opsz-normal.woff2",
    "fraunces-ext-560.woff2",
    EXT,
    {"opsz": 36, "wght": 560},
    KEEP,
)
make("inter/files/inter-latin-wght-normal.woff2", "inter.woff2", SANS, {"wght": (400, 700)}, KEEP + ["tnum"])
make("inter/files/inter-latin-ext-wght-normal.woff2", "inter-ext.woff2", EXT, {"wght": (400, 700)}, KEEP + ["tnum"])
