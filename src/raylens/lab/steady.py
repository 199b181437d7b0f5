"""Real requests at a steady rate, as many clients that know nothing of each other send them."""

from __future__ import annotations

import asyncio
import time
from random import Random

from raylens.lab.history import KIND_WEIGHTS
from raylens.lab.traffic import TrafficPlan, send_traffic

# Others every ten minutes: what is read must not grow for as long as the lab runs.
_USERS, _USERS_LIFE_S = 30, 600
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
            plan = _one(random.choices(kinds, weights)[0], random)
            task: asyncio.Task[object] = asyncio.create_task(send_traffic(invoke_url, plan))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
    finally:
        for each in waiting:
            each.cancel()


def _one(kind: str, random: Random) -> TrafficPlan:
    user = f"user-{int(time.time()) // _USERS_LIFE_S}-{random.randrange(_USERS)}"
    create, read, invalid = (int(kind == each) for each in ("create", "read", "invalid"))
    return TrafficPlan(create_count=create, read_count=read, invalid_count=invalid, users=(user,))
