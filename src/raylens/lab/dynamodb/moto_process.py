"""moto's DynamoDB server as a child of the lab: started, asked for its port, stopped."""

from __future__ import annotations

import asyncio
import os
import sys

from raylens.errors import ConfigError

START_TIMEOUT_S = 60.0
_KEPT_LOG_BYTES = 8_000


class MotoProcess:
    """One moto server on a free loopback port. Ends with `close()`, and with the lab whatever ends the lab."""

    def __init__(self, *, account_id: str, region: str) -> None:
        self._environment = {**os.environ, "MOTO_ACCOUNT_ID": account_id, "AWS_DEFAULT_REGION": region}
        self._process: asyncio.subprocess.Process | None = None
        self._errors: asyncio.Task[None] | None = None
        self._log = b""
        self.base_url = ""

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it and wait for its port. Raises ConfigError with what it printed when it cannot start."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "raylens.lab.dynamodb.moto_child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        assert self._process.stdout is not None and self._process.stderr is not None
        self._errors = asyncio.create_task(self._keep_errors(self._process.stderr))
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), START_TIMEOUT_S)
        except TimeoutError:
            line = b""
        if not line.strip().isdigit():
            await self.close()
            raise ConfigError(
                "the lab's DynamoDB (moto) did not start; expected a port on its output, got "
                f"{line.decode(errors='replace')!r} and errors:\n{self._log.decode(errors='replace')}"
                "(are the lab's packages installed? pip install 'raylens[lab]')"
            )
        self.base_url = f"http://127.0.0.1:{int(line)}"

    async def close(self) -> None:
        """End the child and wait for it."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.kill()  # it keeps everything in memory: nothing is lost by not asking politely
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._errors is not None:
            await self._errors
        self._process = None

    async def _keep_errors(self, stream: asyncio.StreamReader) -> None:
        """Read the child's errors so that its pipe never fills; keep the last of them for the message above."""
        while chunk := await stream.read(65_536):
            self._log = (self._log + chunk)[-_KEPT_LOG_BYTES:]
