"""A running demo portal and a real Chromium, one of each for all browser tests of a process."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.shots import chromium
from tests.site import running_demo


@pytest.fixture(scope="session")
def demo_site() -> Iterator[str]:
    """The address of a seeded portal. Tests that change things take people whom no other test takes."""
    with (
        tempfile.TemporaryDirectory(prefix="understudy-demo-") as folder,
        running_demo(Path(folder), drawings=4) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def real_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
