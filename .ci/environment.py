"""Makes ``.venv`` from a locked list, once: ``python3 .ci/environment.py requirements.txt``.

A stamp named after the list's SHA-256 and Python's version is made last, so that a broken or outdated environment is
made again and a good one costs nothing. Runs on any Python 3, to be able to say that a newer one is needed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST, NEWEST = (3, 11), (3, 13)


def main(name):
    find_python()
    listed = ROOT / name
    stamp = stamp_of(listed)
    if stamp.exists() and PYTHON.exists():
        return
    started = time.monotonic()
    make_venv()
    packages = pins(listed)
    print(f"Installing {len(packages)} packages from {name}, about half a minute…", flush=True)
    install(listed, len(packages))
    for other in ROOT.glob("requirements*.txt"):
        if pins(other) <= packages:
            stamp_of(other).touch()
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def stamp_of(listed):
    """The stamp's path for one list and this Python."""
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    return VENV / ".ok-{}-{}.{}.{}".format(digest, *sys.version_info[:3])


def pins(listed):
    """The set of ``name==version`` in a locked list."""
    return set(re.findall(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?==\S+)", listed.read_text(), re.MULTILINE))


def find_python():
    """Goes on with a Python we support, or says which one is missing."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])
    sys.exit(
        "Understudy needs Python 3.11, 3.12 or 3.13; python3 here is {}.{}. "
        "Install one of them, or name it: make run PYTHON=/path/to/python3.11".format(*sys.version_info[:2])
    )


def make_venv():
    """A new environment unless a working one of this very Python is there."""
    if PYTHON.exists():
        told = subprocess.run(
            [PYTHON, "-c", "import pip, sys; print(sys.version_info[:3])"], capture_output=True, text=True, check=False
        )
        if told.stdout.strip() == str(tuple(sys.version_info[:3])):
            return
    print(f"Making .venv with Python {sys.version.split()[0]}…", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False)
    if made.returncode:
        sys.exit("Python could not make .venv. On Debian and Ubuntu: apt-get install python3-venv")


def install(listed, total):
    """Runs pip, showing one counting line in a terminal and a line per ten packages elsewhere; all of it in a log."""
    log = VENV / "install.log"
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    process = subprocess.Popen(
        [*command, "--require-hashes", "-r", listed], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    count, live = 0, sys.stdout.isatty()
    with open(log, "w") as kept:
        for line in process.stdout:
            kept.write(line)
            match = re.match(r"(?:Collecting|Requirement already satisfied:) ([^\s=;]+)", line)
            if match:
                count = min(count + 1, total)
                show(f"  {count}/{total} {match[1]}", live, count)
            elif line.startswith("Installing collected"):
                show("  unpacking…", live, 10)
    if live:
        print(end="\r\033[K")
    if process.wait():
        tail = "".join(log.read_text().splitlines(keepends=True)[-12:])
        sys.exit(
            f"{tail}The installation stopped; {log} has everything pip said. Running the same command again is safe."
        )


def show(text, live, count):
    if live:
        print(f"\r\033[K{text}", end="", flush=True)
    elif count % 10 == 0:
        print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
