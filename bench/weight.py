"""P12 and P13: what a visit weighs over the wire, and what Lighthouse thinks of the public pages."""

import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from bench.pages import Pages
from bench.report import Row, counted, not_measured
from bench.visiting import get
from tests import services

KB = 1000
FIRST = {"sign-in": (60, 6), "verify": (60, 6), "home of an actor": (100, 12), "inbox": (100, 12)}
LISTS = ("inbox", "roster", "listing", "licenses")
TOOLS = services.ROOT / "var" / "tools"
LIGHTHOUSE = "lighthouse@12.8.2"  # 13 wants a newer Node than Debian has
FEWEST = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
CATEGORIES = "--only-categories=" + ",".join(FEWEST)
FLAGS = (
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking"
)


def weight(pages: Pages) -> Iterator[Row]:
    """P12: bytes and requests of first and second visits, and of a list of fifty."""
    pages.world("big")
    with pages.stage.portal("bench_big") as address:
        for name, (kilobytes, requests) in FIRST.items():
            url, cookie = _address(pages, address, name)
            status, _, body = get(url, cookie)
            if status != 200:
                yield not_measured(f"P12 first visit, {name}", "KB", f"answered {status}")
                continue
            files = _files(url, body)
            page = len(gzip.compress(body, 6))
            yield counted(f"P12 first visit, {name}", (page + sum(files.values())) / KB, "KB", kilobytes)
            yield counted(f"P12 first visit, {name}, requests", 1 + len(files), "requests", requests)
            yield counted(f"P12 second visit, {name}", (page + _asked_again(files)) / KB, "KB", 15)
        for name in LISTS:
            status, _, body = get(*_address(pages, address, name))
            if status == 200:
                yield counted(f"P12 HTML of 50 rows, {name}", len(gzip.compress(body, 6)) / KB, "KB", 8)


def _address(pages: Pages, address: str, name: str) -> tuple[str, str]:
    if name == "sign-in":
        return f"{address}/accounts/login/", ""
    target = pages.target(address, name)
    return target.url, target.cookie


def _files(url: str, body: bytes) -> dict[str, int]:
    """What a desktop browser asks for besides the page: bytes as sent, by address. Pictures of people are aside."""
    tags = re.findall(r"<(?:link|script|img|use)\b[^>]*>", body.decode())
    wanted = [tag for tag in tags if 'rel="apple-touch-icon"' not in tag and 'rel="manifest"' not in tag]
    found = re.findall(r'(?:href|src)="(/static/[^"#?]+)', unescape(" ".join(wanted)))
    waiting, seen = {urljoin(url, path) for path in found}, dict[str, int]()
    while waiting:
        address = waiting.pop()
        seen[address] = len(get(address)[2])
        if address.endswith(".js"):
            waiting |= {urljoin(address, module) for module in _imports(address)} - set(seen)
    return seen


def _imports(address: str) -> list[str]:
    """The modules a module names, read from the file it was made from."""
    path = PurePosixPath(urlsplit(address).path.removeprefix("/static/"))
    plain = re.sub(r"\.[0-9a-f]{12}\.js$", ".js", str(path))
    text = (services.ROOT / "static" / plain).read_text(encoding="utf-8")
    return re.findall(r'^import\b[^"\']*["\'](\.[^"\']+)["\']', text, re.MULTILINE)


def _asked_again(files: dict[str, int]) -> int:
    """Bytes of what a browser may not keep: everything whose address does not name its content."""
    return sum(size for address, size in files.items() if not re.search(r"\.[0-9a-f]{12}\.\w+$", address))


def lighthouse(pages: Pages) -> Iterator[Row]:
    """P13: Lighthouse's marks for the public pages on a phone, where Lighthouse is installed."""
    command = _lighthouse()
    if not command:
        yield not_measured("P13 Lighthouse", "points", "no lighthouse, and no npm to install it")
        return
    pages.world("big")
    browser = os.environ | {"CHROME_PATH": services.find_chromium().where}
    with pages.stage.portal("bench_big") as address:
        for name in ("sign-in", "verify"):
            url, _ = _address(pages, address, name)
            run = [*command, url, "--output=json", "--quiet", FLAGS, CATEGORIES]
            done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=180, env=browser)
            if done.returncode:
                yield not_measured(f"P13 Lighthouse, {name}", "points", "lighthouse ended early")
                continue
            told = json.loads(done.stdout)
            for category, fewest in FEWEST.items():
                points = told["categories"][category]["score"] * 100
                yield counted(f"P13 {category}, {name}", points, "points", fewest, at_least=True)
            shift = told["audits"]["cumulative-layout-shift"]["numericValue"]
            yield counted(f"P13 layout shift, {name}", shift, "CLS", 0.02)


def _lighthouse() -> list[str]:
    """How to call it. Node's package is put into var/tools once, where npm is there and nothing else is found."""
    if found := shutil.which("lighthouse"):
        return [found]
    local = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not local.exists() and (npm := shutil.which("npm")):
        TOOLS.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(TOOLS), "--no-audit", "--no-fund", "--ignore-scripts", LIGHTHOUSE]
        subprocess.run(install, capture_output=True, check=False, timeout=300)
    return [str(local)] if local.exists() else []
