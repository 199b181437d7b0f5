"""Real requests at a steady rate, as many clients that know nothing of each other send them."""

from __future__ import annotations

import asyncio
from random import Random

from raylens.lab.history import KIND_WEIGHTS
from raylens.lab.traffic import TrafficPlan, send_traffic

_ONE_OF = {
    "create": TrafficPlan(create_count=1, read_count=0, invalid_count=0),
    "read": TrafficPlan(create_count=0, read_count=1, invalid_count=0),
    "invalid": TrafficPlan(create_count=0, read_count=0, invalid_count=1),
}
_MAX_WAITING = 8


async def send_steadily(invoke_url: str, per_minute: float, random: Random) -> None:
    """Send requests until cancelled. While too many wait for their answers, none is sent."""
    kinds, weights = list(KIND_WEIGHTS), list(KIND_WEIGHTS.values())
    waiting: set[asyncio.Task[object]] = set()
    try:
        while True:
            await asyncio.sleep(random.expovariate(per_minute / 60))
            if len(waiting) >= _MAX_WAITING:
                continue
            plan = _ONE_OF[random.choices(kinds, weights)[0]]
            task: asyncio.Task[object] = asyncio.create_task(send_traffic(invoke_url, plan))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
    finally:
        for each in waiting:
            each.cancel()
