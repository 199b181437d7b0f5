"""The lab's traffic: reservations created and read through the gateway, over HTTP, as any client would."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from raylens.lab.trace_header import parse_trace_header

RESTAURANTS = ("강남 맛집", "홍대 파스타", "부산 횟집", "전주 비빔밥", "제주 흑돼지")
_SEND_LIMIT_S = 35.0  # above the gateway's own 29 s, so that its answer is seen


class Request(msgspec.Struct, frozen=True):
    """A request: its kind (`create`, `read`, `invalid`), its body, and of a read whose reservations are asked for."""

    kind: str
    body: dict[str, Any] | None = None
    user: str | None = None


class TrafficPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to send: creations, then reads, then creations that lack most fields.

    `rate_per_s` None sends each request when the one before it was answered. With a rate, requests start on time and
    may overlap, at most `max_concurrency` at once. Reservations are made and read for each of `users` in turn; without
    any, all for the function's own anonymous one.
    """

    create_count: int = 10
    read_count: int = 5
    invalid_count: int = 1
    rate_per_s: float | None = None
    max_concurrency: int = 8
    restaurants: tuple[str, ...] = RESTAURANTS
    users: tuple[str, ...] = ()
    sampled: bool | None = None

    def requests(self) -> tuple[Request, ...]:
        """What is sent, in order."""
        names, writers, readers = (itertools.cycle(each) for each in (self.restaurants, self.users, self.users))
        creations = []
        for number in range(self.create_count):
            body = _reservation(next(names), number)
            creations.append(Request("create", {**body, "userId": next(writers)} if self.users else body))
        reads = [Request("read", user=next(readers, None)) for _ in range(self.read_count)]
        invalid = [Request("invalid", {"restaurantName": self.restaurants[0]})] * self.invalid_count
        return (*creations, *reads, *invalid)


class SentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its answer. `status` 0: no answer came. `trace_id` is the one the gateway returned."""

    kind: str
    status: int
    trace_id: str | None
    duration_s: float


async def send_traffic(
    invoke_url: str, plan: TrafficPlan | None = None, on_sent: Callable[[SentRequest], None] | None = None
) -> tuple[SentRequest, ...]:
    """Send a plan to a stage's invoke URL; what was sent, in the plan's order.

    `on_sent` hears of each request as it is answered. With `sampled` in the plan, that decision is sent along.
    """
    plan = plan or TrafficPlan()
    requests = plan.requests()
    slots = asyncio.Semaphore(plan.max_concurrency if plan.rate_per_s else 1)
    start = time.monotonic()
    async with _client() as client:

        async def send(number: int, request: Request) -> SentRequest:
            if plan.rate_per_s:
                await asyncio.sleep(start + number / plan.rate_per_s - time.monotonic())
            async with slots:
                sent = await _send(client, invoke_url, request, plan.sampled)
            if on_sent is not None:
                on_sent(sent)
            return sent

        tasks = [send(number, request) for number, request in enumerate(requests)]
        return tuple(await asyncio.gather(*tasks))


async def send_invalid_stream(
    invoke_url: str,
    restaurant: str,
    rate_per_s: float,
    on_sent: Callable[[SentRequest], None] | None = None,
) -> None:
    """Send one restaurant's incomplete reservations until cancelled: a client with a fault of its own."""
    async with _client() as client:
        for number in itertools.count():
            body = {**_reservation(restaurant, number), "date": "", "partySize": 0}
            sent = await _send(client, invoke_url, Request("invalid", body), None)
            if on_sent is not None:
                on_sent(sent)
            await asyncio.sleep(1 / rate_per_s)


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_SEND_LIMIT_S, trust_env=False, headers={"User-Agent": "raylens-lab-traffic"})


async def _send(client: httpx.AsyncClient, invoke_url: str, request: Request, sampled: bool | None) -> SentRequest:
    url = invoke_url.rstrip("/") + "/reservations"
    headers = {} if sampled is None else {"X-Amzn-Trace-Id": f"Sampled={int(sampled)}"}
    started = time.monotonic()
    try:
        if request.body is None:
            response = await client.get(url, headers=headers, params=request.user and {"userId": request.user})
        else:
            headers["Content-Type"] = "application/json"
            response = await client.post(url, content=msgspec.json.encode(request.body), headers=headers)
    except httpx.HTTPError:
        return SentRequest(kind=request.kind, status=0, trace_id=None, duration_s=time.monotonic() - started)
    header = parse_trace_header(response.headers.get("X-Amzn-Trace-Id"))
    return SentRequest(
        kind=request.kind, status=response.status_code, trace_id=header.root, duration_s=time.monotonic() - started
    )


def _reservation(restaurant: str, number: int) -> dict[str, Any]:
    return {
        "restaurantName": restaurant,
        "date": f"2024-02-{20 + number % 8}",
        "time": f"{17 + number % 5}:00",
        "partySize": 2 + number % 5,
        "phoneNumber": "010-1234-5678",
    }
