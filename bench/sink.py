"""A mail server that takes everything and keeps nothing, in a process of its own."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from bench.stage import process, wait_for
from tests import services


class Nowhere:
    """Accepts every letter."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        return "250 OK"


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Yields the port it listens on."""
    port = services.free_port()
    with tempfile.TemporaryDirectory(prefix="us-sink-") as home:
        command, log = [sys.executable, "-m", "bench.sink", str(port)], Path(home) / "log"
        with process(command, dict(os.environ), log) as server:
            wait_for(port, server, log)
            yield port


async def listen(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Nowhere(), loop=loop), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(listen(int(sys.argv[1])))
