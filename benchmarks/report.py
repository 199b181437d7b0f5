"""Rows of figures and how they print."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure; `budget` is None where there is none."""

    what: str
    value: float
    unit: str
    budget: float | None
    lower_is_better: bool = False

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        met = self.value <= self.budget if self.lower_is_better else self.value >= self.budget
        return "met" if met else "missed"


def machine() -> str:
    """The machine and the versions that the figures belong to."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    memory_gb = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0.0)
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("chdb-core", "clickhouse-connect", "msgspec", "pyarrow")
    )
    return (
        f"{os.cpu_count()} x {model}, {memory_gb:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def markdown(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| What | Measured | Unit | Budget | |", "|---|---:|---|---:|---|"]
    for row in rows:
        shown = f"{row.value:,.0f}" if row.value >= 100 or row.value == int(row.value) else f"{row.value:.2f}"
        budget = "" if row.budget is None else f"{row.budget:,.0f}"
        lines.append(f"| {row.what} | {shown} | {row.unit} | {budget} | {row.verdict} |")
    return "\n".join(lines)
