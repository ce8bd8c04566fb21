"""Clean pictures from a hostile one, decoded in a process of its own. Standard library only."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from replicas.previews import limits
from replicas.previews.headers import check_size, declared_size, picture_format
from replicas.previews.refusing import BROKEN, EMPTY, TOO_SLOW, Unusable, too_big

ROOT = Path(__file__).resolve().parents[2]
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """One clean file: ``width`` × ``height`` pixels, ``format`` “WEBP” or “JPEG”."""

    width: int
    height: int
    format: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Every size of one picture, largest first; ``width`` and ``height`` (pixels) are those of the largest."""

    width: int
    height: int
    pictures: tuple[Picture, ...]

    def __iter__(self) -> Iterator[Picture]:
        return iter(self.pictures)


def process(
    path_or_file: str | Path | IO[bytes] | Any,
    *,
    widths: tuple[int, ...] = limits.WIDTHS,
    formats: tuple[str, ...] = limits.MADE,
    most: int = limits.MAX_BYTES,
) -> Rendered:
    """Decode, shrink and re-encode a picture; ``most`` is its largest size in bytes.

    Takes a path or a file with ``read`` (such as Django's ``UploadedFile``; its name is never looked at).
    Raises ``Unusable`` with one sentence for every file we do not take.
    """
    with tempfile.TemporaryDirectory(prefix="preview-") as folder, copied(path_or_file, most) as file:
        kind = picture_format(file.read(64))
        check_size(*declared_size(file, kind))
        file.seek(0)
        made = _asked(file, folder, json.dumps({"widths": widths, "formats": formats}))
        pictures = tuple(Picture(w, h, kind, (Path(folder) / name).read_bytes()) for w, h, kind, name in made)
    return Rendered(pictures[0].width, pictures[0].height, pictures)


@contextmanager
def copied(path_or_file: str | Path | IO[bytes] | Any, most: int) -> Iterator[BinaryIO]:
    """A private copy of at most ``most`` bytes, at its start; raises ``Unusable`` for an empty or too big one."""
    if isinstance(path_or_file, str | Path):
        with open(path_or_file, "rb") as given, copied(given, most) as file:
            yield file
        return
    path_or_file.seek(0, os.SEEK_END)
    size = path_or_file.tell()
    path_or_file.seek(0)
    if size > most:
        raise too_big(size, most)
    with tempfile.TemporaryFile(prefix="preview-", buffering=0) as file:  # the child shares its position
        while chunk := path_or_file.read(CHUNK):
            file.write(chunk)
        if not file.tell():
            raise Unusable(EMPTY)
        file.seek(0)
        yield file


def _asked(file: BinaryIO, folder: str, order: str) -> list[tuple[int, int, str, str]]:
    """Run the child on ``file`` in ``folder``; it dies with everything it holds after ``limits.SECONDS``."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module, the picture is standard input
            [sys.executable, "-s", "-P", "-B", "-m", "replicas.previews.child", order],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            timeout=limits.SECONDS,
            close_fds=True,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unusable(TOO_SLOW) from None
    if done.returncode < 0 and -done.returncode in (9, 24):  # SIGKILL, SIGXCPU: out of processor time
        raise Unusable(TOO_SLOW)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Unusable(BROKEN) from None
    if "unusable" in answer:
        raise Unusable(answer["unusable"])
    return [(w, h, kind, name) for w, h, kind, name in answer["images"]]
