"""An application instrumented with the X-Ray SDK, run as a process of its own; prints what its trace should hold."""

from __future__ import annotations

import json
import time

from aws_xray_sdk.core import xray_recorder


def one_request() -> dict[str, object]:
    """A request with 35 parts, most of which the SDK streams ahead of the segment."""
    segment = xray_recorder.begin_segment("sdk shop", sampling=1)
    segment.put_http_meta("method", "GET")
    segment.put_http_meta("url", "http://shop.test/cart")
    segment.put_http_meta("status", 200)
    segment.put_annotation("plan", "gold")
    segment.put_annotation("items", 3)
    segment.put_annotation("beta", True)
    segment.put_metadata("cart", {"lines": [1, 2, 3]})
    segment.set_user("alice")
    names = [f"part {number}" for number in range(35)]
    for name in names:
        with xray_recorder.in_subsegment(name) as part:
            part.put_annotation("part", name)
    with xray_recorder.in_subsegment("pay.test", namespace="remote") as call:
        call.put_http_meta("status", 503)
    try:
        with xray_recorder.in_subsegment("broken"):
            raise ValueError("the cart is gone")
    except ValueError:
        pass
    xray_recorder.end_segment()
    return {"trace_id": segment.trace_id, "id": segment.id, "parts": names}


def poll_sampling() -> dict[str, object]:
    """Fetch the rules and a target the way the SDK's own threads do, without waiting for their timers."""
    sampler = xray_recorder.sampler
    deadline = time.monotonic() + 20
    while not sampler._cache.rules and time.monotonic() < deadline:
        xray_recorder.begin_segment("probe")
        xray_recorder.end_segment()
        time.sleep(0.05)
    # a decision by rule, so that there is something to report; no quota is there yet
    sampler.should_trace()
    [rule] = sampler._cache.rules
    sampler._target_poller._do_work()
    return {"rule": rule.name, "rate": rule.rate, "quota": rule.reservoir.quota, "ttl": rule.reservoir.TTL}


if __name__ == "__main__":
    xray_recorder.configure(context_missing="RUNTIME_ERROR")
    print(json.dumps({**one_request(), **poll_sampling()}))
