"""What a person waits for in the console, measured inside a real Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.traffic import architecture, send, traces

from benchmarks.lab_traffic import Loaded
from benchmarks.read import KEPT, TRACES, store_of
from benchmarks.report import Row
from benchmarks.server import Server, running_server

_ROUNDS = int(os.environ.get("RAYLENS_BENCH_ROUNDS", "7"))
_SETTLE_S = 100
_JOBS_S = 40
_SEGMENTS, _SUBSEGMENTS = 100, 99
# What is listed before, and filters that nothing of it satisfies: the first row has to be another one.
_BEFORE = 'annotation.restaurantName = "강남 맛집" AND http.method = "GET"'
_FILTERS = (
    'annotation.restaurantName = "이태원 맛집"',
    'annotation.restaurantName = "이태원 맛집" AND http.method = "POST"',
    'responsetime > 0.03 AND http.method = "POST"',
    'service(id(name: "Reservations", type: "AWS::DynamoDB::Table")) AND http.status = 201',
)

# Notes, from the first frame on, when so many elements were to be seen, and how long the main thread was held.
_WATCH = """([selector, wanted]) => {
  window.raylensSeen = null;
  window.raylensLong = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.raylensLong.push([task.startTime, task.duration]);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    const shown = [...document.querySelectorAll(selector)]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }));
    if (shown.length >= wanted) window.raylensSeen = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
_SCROLL = """async (selector) => {
  const scroller = [document.querySelector(selector), ...document.querySelectorAll(selector + ' *')]
    .find((e) => e.scrollHeight > e.clientHeight + 1000 && getComputedStyle(e).overflowY !== 'visible');
  window.raylensLong.length = 0;
  const frames = [];
  let before = performance.now();
  for (let step = 0; step < 240; step += 1) {
    scroller.scrollTop += 437;
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    frames.push(now - before);
    before = now;
  }
  return { frames, longest: Math.max(0, ...window.raylensLong.map(([, length]) => length)), top: scroller.scrollTop };
}"""
# From the key that applies the filter to the first row that was not there before.
_FIRST_ROW = """() => {
  const first = () => document.querySelector('table tbody tr a')?.textContent;
  const before = first();
  window.raylensRow = null;
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const entered = performance.now();
    const look = () => {
      const now = first();
      if (now && now !== before) window.raylensRow = performance.now() - entered;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}"""


def measure_console() -> list[Row]:
    """The map of 50 nodes, a trace of 10,000 spans, and a filter over TRACES traces; warm, medians."""
    with _browser() as browser:
        return [*_small(browser), *_filters(browser)]


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(lambda: playwright.chromium.executable_path)
        started = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        try:
            yield started
        finally:
            started.close()


@contextlib.contextmanager
def _page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=server.http, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def _small(browser: Browser) -> list[Row]:
    with running_server() as server:
        first = _first_load_kb(browser, server)
        send(server.http, traces(architecture(50), number=600, start=time.time() - 1805, seconds=1800))
        ten, hundred = (_send_trace(server, times) for times in (1, 10))
        # What was written is worked out by jobs meanwhile, on the same cores
        time.sleep(_JOBS_S)
        with _page(browser, server) as page:
            drawn = _seen_ms(page, "/console/map", ".react-flow__node", 50)
            shown = _seen_ms(page, f"/console/traces/{ten}", "[role=treegrid] [role=row]", 10)
            scrolled: dict[str, Any] = page.evaluate(_SCROLL, "[role=treegrid]")
            frames = sorted(scrolled["frames"])
            opened = _seen_ms(page, f"/console/traces/{hundred}", "[role=treegrid] [role=row]", 10, rounds=2)
    return [
        Row("console: first load, compressed", first, "kB", 600, True),
        Row("console: map of 50 nodes after navigation", drawn, "ms", 1000, True),
        Row("console: trace of 10,000 spans after navigation", shown, "ms", 1000, True),
        Row("console: scrolling it, longest task", scrolled["longest"], "ms", 200, True),
        Row("console: scrolling it, a frame (median)", statistics.median(frames), "ms", None, True),
        Row("console: scrolling it, a frame (95 of 100)", frames[len(frames) * 95 // 100], "ms", None, True),
        Row("console: trace of 100,000 spans after navigation", opened, "ms", None, True),
    ]


def _filters(browser: Browser) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(KEPT or scratch) / f"data-{TRACES}"
        loaded = store_of(data)
        with running_server(data) as server, _page(browser, server) as page:
            time.sleep(_SETTLE_S)
            rows = [_first_row_ms(page, loaded, text) for text in _FILTERS * 2]
    warm = rows[len(_FILTERS) :]
    return [
        Row(
            f"console: filter to first row at {loaded.traces:,} traces (median)",
            statistics.median(warm),
            "ms",
            500,
            True,
        ),
        Row("console: the slowest of these filters", max(warm), "ms", None, True),
    ]


def _first_load_kb(browser: Browser, server: Server) -> float:
    """Everything that the home page of an empty store fetches, as it comes over the wire."""
    with _page(browser, server) as page:
        page.goto("/console/")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        # over HTTP and without a cache: the body as it was sent
        sizes: float = page.evaluate(
            "() => ['resource', 'navigation'].flatMap((kind) => performance.getEntriesByType(kind))"
            ".filter((entry) => entry.name.includes('/console/'))"
            ".reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
        )
    return sizes / 1000


def _seen_ms(page: Page, path: str, selector: str, wanted: int, rounds: int = _ROUNDS) -> float:
    """From the start of the navigation until so many elements are to be seen and the main thread is free again."""
    page.add_init_script(f"({_WATCH})({json.dumps([selector, wanted])})")
    seen: list[float] = []
    for _ in range(rounds + 1):
        page.goto("about:blank")
        page.goto(path, wait_until="commit")
        page.wait_for_function("() => window.raylensSeen !== null")
        page.wait_for_timeout(500)
        at, tasks = page.evaluate("() => [window.raylensSeen, window.raylensLong]")
        # a long task that was under way when they were seen, or followed at once, still keeps a person waiting
        for began, length in tasks:
            if began <= at + 50 < began + length + 50:
                at = max(at, began + length)
        seen.append(at)
    # the first fills the cache of the browser
    return statistics.median(seen[1:])


def _first_row_ms(page: Page, loaded: Loaded, text: str) -> float:
    between = "~".join(datetime.fromtimestamp(at, UTC).isoformat()[:19] + "Z" for at in (loaded.start_s, loaded.end_s))
    page.goto("/console/traces?" + urlencode({"timeRange": between, "filter": _BEFORE}))
    page.locator("table tbody tr a").first.wait_for()
    page.wait_for_load_state("networkidle")
    field = page.get_by_role("textbox", name="Filter expression")
    field.fill(text)
    page.wait_for_timeout(1000)
    page.evaluate(_FIRST_ROW)
    field.press("Enter")
    page.wait_for_function("() => window.raylensRow !== null")
    took: float = page.evaluate("() => window.raylensRow")
    return took


def _send_trace(server: Server, times: int) -> str:
    """One trace of 10,000 spans `times` over: a root and segments below it, each with its calls."""
    start = time.time() - 60
    trace_id = f"1-{int(start):08x}-{secrets.token_hex(12)}"
    root = {
        "trace_id": trace_id,
        "id": secrets.token_hex(8),
        "name": "report",
        "start_time": start,
        "end_time": start + 9,
    }
    documents: list[dict[str, Any]] = [root]
    count = _SEGMENTS * times
    for number in range(count):
        began = start + 9 * number / count
        calls = [
            {"id": secrets.token_hex(8), "name": f"step {call % 7}", "start_time": began + call / 1e4,
             "end_time": began + call / 1e4 + 0.004}
            for call in range(_SUBSEGMENTS)
        ]  # fmt: skip
        documents.append(
            {"trace_id": trace_id, "id": secrets.token_hex(8), "parent_id": root["id"], "name": f"worker-{number % 12}",
             "start_time": began, "end_time": began + 0.02, "subsegments": calls}
        )  # fmt: skip
    for first in range(0, len(documents), 50):
        body = {"TraceSegmentDocuments": [json.dumps(each) for each in documents[first : first + 50]]}
        request = urllib.request.Request(server.http + "/TraceSegments", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["UnprocessedTraceSegments"] == []
    return trace_id
