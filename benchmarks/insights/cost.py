"""What the detector costs: milliseconds of one core a bin, and memory, of a large application."""

from __future__ import annotations

import argparse
import time

import numpy as np

from raylens.insights.detector import Detector
from raylens.insights.incidents import Incidents
from raylens.model.figures import RESPONSE_MEASURES, Entity, Figures
from raylens.model.service import ServiceId

SERVICES, EDGES, BINS = 500, 2_000, 200


def main() -> None:
    """Print the cost of quiet bins, and of bins in which every tenth entity is slow and failing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bins", type=int, default=BINS)
    bins = parser.parse_args().bins
    rng = np.random.default_rng(1)
    services = [ServiceId(f"service-{n}", "AWS::Lambda") for n in range(SERVICES)]
    pairs = rng.integers(0, SERVICES, (4 * EDGES, 2))
    # callers have lower numbers than callees
    calls = list(dict.fromkeys((services[a], services[b]) for a, b in np.sort(pairs) if a < b))[:EDGES]
    entities = (*(Entity(each) for each in services), *(Entity(callee, caller) for caller, callee in calls))
    detector, incidents = Detector(60), Incidents()

    def run(name: str, first: int, slow_part: float) -> None:
        spent, judged, anomalies = [], [], 0
        slow = np.arange(len(entities)) < slow_part * SERVICES
        for n in range(first, first + bins):
            figures = _figures(rng, entities, n, slow)
            began = time.process_time()
            judgement = detector.observe(figures)
            judged.append(time.process_time() - began)
            incidents.advance(judgement, calls)
            spent.append(time.process_time() - began)
            anomalies += len(judgement.anomalies)
        print(
            f"{name:28} {1e3 * np.mean(judged):7.1f} ms judging {1e3 * np.mean(spent):7.1f} ms in all a bin"
            f" {1e3 * np.max(spent):7.1f} ms at most {anomalies / bins:7.1f} anomalies a bin"
        )

    run("learning", 0, 0.0)
    run("quiet", bins, 0.0)
    run("every tenth service fails", 2 * bins, 0.1)
    began = time.process_time()
    detector.copy()
    print(f"copy {1e3 * (time.process_time() - began):.1f} ms, memory {detector.nbytes / 1e6:.1f} MB of baselines")


def _figures(rng: np.random.Generator, entities: tuple[Entity, ...], n: int, slow: np.ndarray) -> Figures:
    count = len(entities)
    requests = rng.poisson(200, count).astype(float)
    noise = rng.normal(0, 0.1, (count, len(RESPONSE_MEASURES)))
    response_s = 0.05 * np.exp(noise + np.array([0.1, 0.0, 0.4, 0.6, 0.9]) + 1.0 * slow[:, None])
    faults = rng.binomial(requests.astype(int), np.where(slow, 0.3, 0.002)).astype(float)
    return Figures(60 * n, entities, requests, faults, np.zeros(count), np.zeros(count), response_s)


if __name__ == "__main__":
    main()
