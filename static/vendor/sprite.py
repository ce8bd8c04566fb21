"""Join the icons named in icons.txt into one sprite. Run from the checkout, with node_modules beside it."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = Path("node_modules/bootstrap-icons/icons")


def symbol(name: str) -> str:
    """One icon as a symbol of the sprite."""
    drawing = (SOURCE / f"{name}.svg").read_text(encoding="utf-8")
    body = re.sub(r"\s*\n\s*", "", re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL))
    return f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>'


if __name__ == "__main__":
    names = (HERE / "icons.txt").read_text(encoding="utf-8").split()
    lines = "\n".join(map(symbol, names))
    (HERE.parent / "icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{lines}\n</svg>\n', encoding="utf-8"
    )
