"""`python -m benchmarks [NAME ...]`: run some or all measurements and print a table."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.console import measure_console
from benchmarks.ingest import measure_http, measure_udp, measure_visibility
from benchmarks.read import measure_growth, measure_reads
from benchmarks.report import Row, machine, markdown

MEASUREMENTS: dict[str, Callable[[], list[Row]]] = {
    "http": measure_http,
    "udp": measure_udp,
    "visibility": measure_visibility,
    "reads": measure_reads,
    "growth": measure_growth,
    "console": measure_console,
}


def main() -> None:
    names = sys.argv[1:] or [name for name in MEASUREMENTS if name != "growth"]
    for name in names:
        if name not in MEASUREMENTS:
            sys.exit(f"'{name}' is not measured here, expected {', '.join(MEASUREMENTS)}")
    print(machine(), flush=True)
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += MEASUREMENTS[name]()
    print(markdown(rows))


if __name__ == "__main__":
    main()
