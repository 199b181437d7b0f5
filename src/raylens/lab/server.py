"""The lab, whole: everything is built, started and stopped here, in the order written."""

from __future__ import annotations

import asyncio
import contextlib
import shutil

from raylens.lab.control.routes import control_app
from raylens.lab.data_lock import DataLock
from raylens.lab.dynamodb import DynamoDbEndpoint
from raylens.lab.faults import FaultSwitches
from raylens.lab.function_logs import FunctionLogs
from raylens.lab.functions import HostSettings, LambdaHost
from raylens.lab.gateway import Gateway, GatewaySettings
from raylens.lab.loopback import LoopbackServer
from raylens.lab.sampler import CentralSampler
from raylens.lab.settings import LabSettings
from raylens.lab.stacks import Deployer, Platform, Stack, local_value


class Lab:
    """API Gateway, Lambda and DynamoDB on this machine, and the stacks deployed on them.

    Use it from one event loop: `start`, then `deployer`, `faults`, `host`, `dynamodb` and `logs`, then `close`.
    """

    def __init__(self, settings: LabSettings) -> None:
        data_dir = settings.data_dir
        self.settings = settings
        self._lock = DataLock(data_dir)
        self._scratch_dir = data_dir / "scratch"
        self.dynamodb = DynamoDbEndpoint(
            data_dir,
            region=settings.region,
            account_id=settings.account_id,
            endpoint_url=settings.dynamodb_url,
        )
        self.logs = FunctionLogs(data_dir / "logs")
        self.host = LambdaHost(
            HostSettings(
                region=settings.region,
                account_id=settings.account_id,
                daemon_address=settings.daemon_address,
                scratch_dir=self._scratch_dir,
                log_sink=self.logs,
                dynamodb_url=lambda: self.dynamodb.base_url,
            )
        )
        self._sampler = CentralSampler(settings.daemon_address, sample_all=settings.sample_all)
        self.gateway = Gateway(
            GatewaySettings(daemon_address=settings.daemon_address, port=settings.gateway_port),
            self.host,
            self._sampler,
        )
        self.deployer = Deployer(
            Platform(
                region=settings.region,
                account_id=settings.account_id,
                data_dir=data_dir,
                host=self.host,
                gateway=self.gateway,
                dynamodb=self.dynamodb,
            )
        )
        self.faults = FaultSwitches(self.host, self.dynamodb, self._first_invoke_url)
        self._control = LoopbackServer(control_app(self), port=settings.control_port)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def control_url(self) -> str:
        """The control API's address, once started."""
        return self._control.base_url

    def addresses(self) -> dict[str, str]:
        """Every door's address, as the ready file has them."""
        return {
            "control": self.control_url,
            "gateway": self.gateway.base_url,
            "dynamodb": self.dynamodb.base_url,
            "daemon": self.settings.daemon_address,
            "region": self.settings.region,
        }

    def outputs(self, stack: Stack) -> dict[str, str]:
        """A stack's outputs, addresses rewritten to this machine's."""
        return {output.key: local_value(output.value, self.gateway.base_url) for output in stack.outputs}

    async def start(self) -> None:
        """Open every door and bring the stacks back. Raises ConfigError or OSError, with nothing left running."""
        try:
            self._lock.acquire()
            shutil.rmtree(self._scratch_dir, ignore_errors=True)
            self._scratch_dir.mkdir(parents=True)
            await self.dynamodb.start()
            await self.gateway.start()
            await self.deployer.restore()
            self._tasks.append(asyncio.create_task(self._sampler.run()))
            await self._control.start()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every door and end every process; what was deployed comes back with the next `start`."""
        await self._control.close()
        await self.deployer.close()
        await self.faults.turn_all_off()
        await self.gateway.close()
        await self.host.close()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        await self._sampler.close()
        await self.dynamodb.close()
        self.logs.close()
        self._lock.release()

    def _first_invoke_url(self) -> str:
        stages = self.gateway.stages()
        return self.gateway.stage_url(stages[0].api_id, stages[0].stage_name) if stages else self.gateway.base_url
