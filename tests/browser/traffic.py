"""Architectures of any size and what goes on in them, as X-Ray documents: what the console is shown in tests and
benchmarks. The same arguments always give the same traces.

    python -m tests.browser.traffic http://127.0.0.1:2080 --nodes 60 --traces 400
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random
from typing import Any

import httpx

Document = dict[str, Any]

# PutTraceSegments takes at most 50 documents (X-Ray API reference, a quota of the service).
_DOCUMENTS_A_CALL = 50
_REGION = "ap-northeast-2"
_ACCOUNT = "123456789012"
_SUBJECTS = (
    "orders", "carts", "payments", "users", "catalog", "prices", "stock", "shipments", "reviews", "search", "coupons",
    "invoices", "returns", "sessions", "mails", "reports", "images", "ratings", "wishes", "taxes", "points", "stores",
)  # fmt: skip
_VERBS = ("create", "list", "update", "cancel", "check", "export")
_HOSTS = ("api.maps.test", "pay.bank.test", "sms.carrier.test", "geo.test", "fraud.test", "fx-rates.test")


@dataclass(frozen=True)
class Service:
    """One node. `kind` is the type that it has on the map; what it calls begins in that order.

    `usual_ms` is how long it works itself, the rates are shares of its requests.
    """

    name: str
    kind: str
    usual_ms: float
    fault_rate: float = 0.0
    error_rate: float = 0.0
    throttle_rate: float = 0.0
    calls: list[Service] = field(default_factory=list)

    @property
    def reports(self) -> bool:
        """Whether it sends segments; others are known from their callers."""
        return self.kind in _REPORTING


_REPORTING = {
    "AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::ECS::Container", "AWS::EKS::Container", "AWS::EC2::Instance",
}  # fmt: skip
# What of a hundred services behind the entries is of which kind, and how long such a one works.
_KINDS: tuple[tuple[str, int, float], ...] = (
    ("AWS::Lambda", 30, 18.0),
    ("AWS::ECS::Container", 14, 22.0),
    ("AWS::DynamoDB::Table", 20, 6.0),
    ("AWS::EKS::Container", 8, 15.0),
    ("AWS::SQS::Queue", 8, 9.0),
    ("Database::SQL", 6, 12.0),
    ("remote", 6, 90.0),
    ("AWS::S3", 7, 25.0),
    # All topics are one node, so there is one.
    ("AWS::SNS", 1, 14.0),
)


@dataclass(frozen=True)
class Architecture:
    """Services by how they are reached: `entries` from outside, `workers` by messages in a queue."""

    entries: list[Service]
    workers: list[tuple[Service, Service]]
    services: list[Service]


def architecture(nodes: int, seed: int = 1) -> Architecture:
    """An application of so many nodes on the map (at least 4), its one client and every service counted, each Lambda
    function once."""
    random = Random(f"architecture {nodes} {seed}")
    wanted = nodes - 1
    entries = [_service("AWS::ApiGateway::Stage", number, 3.0, random) for number in range(max(1, wanted // 14))]
    numbers: dict[str, Iterator[int]] = defaultdict(count)
    inner = [_service(kind, next(numbers[kind]), ms, random) for kind, ms in _kinds(wanted - len(entries))]
    callers = list(entries)
    for service in inner:
        # Functions are called by entries, the rest by anything that reports; depth stays small that way.
        behind_entry = service.kind == "AWS::Lambda" or len(callers) == len(entries)
        choices = entries if behind_entry else callers[len(entries) :]
        caller = min(random.sample(choices, min(3, len(choices))), key=lambda each: len(each.calls))
        caller.calls.append(service)
        if not service.reports and random.random() < 0.35:
            other = random.choice(choices)
            if service not in other.calls:
                other.calls.append(service)
        if service.reports:
            callers.append(service)
    functions = [service for service in inner if service.kind == "AWS::Lambda"]
    queues = [service for service in inner if service.kind == "AWS::SQS::Queue"]
    workers = list(zip(queues, reversed(functions), strict=False))[: max(1, len(queues) // 2)]
    return Architecture(entries, workers, [*entries, *inner])


def traces(
    shape: Architecture, *, number: int, start: float, seconds: float, seed: int = 1
) -> Iterator[tuple[Document, ...]]:
    """So many traces whose requests begin evenly from `start` (epoch seconds) over `seconds`, oldest first.

    As many as there are services are enough to have gone through each of them.
    """
    random = Random(f"traces {seed}")
    ids = count(1)
    routes = _routes(shape)
    for at, (entry, via) in zip(range(number), cycle(routes), strict=False):
        begins = start + seconds * at / number
        walk = _Walk(_trace_id(begins, random), random, ids, thorough=via)
        walk.request(entry, begins, None, http=_request(entry, random))
        yield tuple(walk.documents)
        for queue, worker in shape.workers:
            for sent_by, sent_at in walk.sent.get(queue.name, ())[:1]:
                later = _Walk(_trace_id(sent_at, random), random, ids, thorough=frozenset())
                later.request(worker, sent_at + random.uniform(0.02, 1.5), None, link=(walk.trace_id, sent_by))
                yield tuple(later.documents)


def send(endpoint: str, sent: Iterable[Sequence[Document]]) -> int:
    """Post documents to a server; how many there were. Raises httpx.HTTPError where it does not take them all."""
    documents = [document for trace in sent for document in trace]
    with httpx.Client(base_url=endpoint, timeout=60) as client:
        for at in range(0, len(documents), _DOCUMENTS_A_CALL):
            part = documents[at : at + _DOCUMENTS_A_CALL]
            body = {"TraceSegmentDocuments": [json.dumps(document) for document in part]}
            answer = client.post("/TraceSegments", json=body).raise_for_status().json()
            if answer.get("UnprocessedTraceSegments"):
                raise httpx.HTTPError(f"not taken: {answer['UnprocessedTraceSegments'][0]}")
    return len(documents)


class _Walk:
    """One request through an architecture, and the documents that it leaves behind."""

    def __init__(self, trace_id: str, random: Random, ids: Iterator[int], thorough: frozenset[str]) -> None:
        self.trace_id = trace_id
        self.documents: list[Document] = []
        self.sent: dict[str, list[tuple[str, float]]] = {}
        self._random = random
        self._ids = ids
        self._thorough = thorough

    def request(
        self,
        service: Service,
        start: float,
        parent: str | None,
        http: Document | None = None,
        link: tuple[str, str] | None = None,
    ) -> tuple[float, Document]:
        """What a reporting service does with one request: when it has answered, and what that came to."""
        if service.kind == "AWS::Lambda":
            return self._function(service, start, parent, link)
        document = self._document(service.name, start)
        end, inner = self._work(service, start, document["id"])
        flags = self._flags(service)
        document |= {"origin": service.kind, "end_time": end, "subsegments": inner, **_without_status(flags)}
        if parent is not None:
            document["parent_id"] = parent
        if http is not None:
            document["http"] = {"request": http, "response": {"status": flags["status"]}}
            document["annotations"] = {"tenant": self._random.choice(("gold", "silver", "free"))}
        self.documents.append({"trace_id": self.trace_id, **document})
        return end, flags

    def _function(
        self, service: Service, start: float, parent: str | None, link: tuple[str, str] | None
    ) -> tuple[float, Document]:
        """The two segments of a Lambda function, the second one inside the first."""
        outer, code = self._document(service.name, start), self._document(service.name, start + 0.002)
        is_cold = self._random.random() < 0.04
        begins = start + (0.45 if is_cold else 0.003)
        end, inner = self._work(service, begins, code["id"])
        flags = self._flags(service)
        initialization = [{**self._document("Initialization", start + 0.003), "end_time": begins}] if is_cold else []
        invocation = {**self._document("Invocation", begins), "end_time": end, "subsegments": inner}
        code |= {"origin": "AWS::Lambda::Function", "end_time": end + 0.001, "parent_id": outer["id"]}
        code |= {"subsegments": [*initialization, invocation], **_without_status(flags)}
        arn = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{service.name}"
        outer |= {"origin": "AWS::Lambda", "end_time": end + 0.002, "resource_arn": arn, **_without_status(flags)}
        outer["http"] = {"response": {"status": flags["status"]}}
        if parent is not None:
            outer["parent_id"] = parent
        if link is not None:
            outer["links"] = [{"trace_id": link[0], "id": link[1]}]
        self.documents += [{"trace_id": self.trace_id, **document} for document in (outer, code)]
        return end + 0.002, flags

    def _work(self, service: Service, start: float, own_id: str) -> tuple[float, list[Document]]:
        """Own time and calls one after the other: when it is done, and the subsegments."""
        now = start + self._took_s(service) / 2
        inner = []
        for called in service.calls:
            if called.name not in self._thorough and self._random.random() < 0.55:
                continue
            end, call = self._call(called, now)
            inner.append(call)
            now = end
        return now + self._took_s(service) / 2, inner

    def _call(self, called: Service, start: float) -> tuple[float, Document]:
        call = self._document(called.name, start)
        if called.reports:
            end, flags = self.request(called, start + 0.001, call["id"])
            end += 0.001
        else:
            end, flags = start + self._took_s(called), self._flags(called)
        call |= {"end_time": end, **_without_status(flags), **_about(called)}
        call["http"] = {**call.get("http", {}), "response": {"status": flags["status"]}}
        if called.kind == "AWS::SQS::Queue":
            self.sent.setdefault(called.name, []).append((call["id"], end))
        return end, call

    def _document(self, name: str, start: float) -> Document:
        return {"id": f"{next(self._ids):016x}", "name": name, "start_time": start}

    def _took_s(self, service: Service) -> float:
        slow = 12 if self._random.random() < 0.015 else 1
        return service.usual_ms / 1000 * slow * self._random.lognormvariate(0, 0.45)

    def _flags(self, service: Service) -> Document:
        chance = self._random.random()
        if chance < service.fault_rate:
            return {"status": 500, "fault": True}
        if chance < service.fault_rate + service.throttle_rate:
            return {"status": 429, "error": True, "throttle": True}
        if chance < service.fault_rate + service.throttle_rate + service.error_rate:
            return {"status": 404, "error": True}
        return {"status": 200}


def _kinds(number: int) -> list[tuple[str, float]]:
    """So many kinds in their proportions; those that report come first, to be called before they call."""
    found = [(kind, ms) for kind, share, ms in _KINDS for _ in range(number * share // 100)]
    has_topic = number > len(_KINDS)
    found = [("AWS::SNS", _KINDS[-1][2])] * has_topic + [each for each in found if each[0] != "AWS::SNS"]
    spare = cycle((kind, ms) for kind, _, ms in _KINDS[:-1])
    while len(found) < number:
        found.append(next(spare))
    return sorted(found, key=lambda each: (each[0] != "AWS::Lambda", each[0] not in _REPORTING))


def _service(kind: str, number: int, ms: float, random: Random) -> Service:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    again = number // len(_SUBJECTS)
    suffix = f"-{again + 1}" if again else ""
    names = {
        "AWS::ApiGateway::Stage": f"{subject}-api{suffix}/prod",
        "AWS::Lambda": f"shop-{_VERBS[number % len(_VERBS)]}-{subject}{suffix}",
        "AWS::ECS::Container": f"{subject}-service{suffix}",
        "AWS::EKS::Container": f"{subject}-engine{suffix}",
        "AWS::DynamoDB::Table": f"{subject.capitalize()}{suffix}",
        "AWS::SQS::Queue": f"https://sqs.{_REGION}.amazonaws.com/{_ACCOUNT}/{subject}-queue{suffix}",
        "Database::SQL": f"{subject}{suffix}@db.internal",
        "remote": f"{subject}{suffix}.{random.choice(_HOSTS)}",
        "AWS::S3": f"{subject}-files{suffix}",
        "AWS::SNS": f"arn:aws:sns:{_REGION}:{_ACCOUNT}:{subject}-events{suffix}",
    }
    troubled = random.random()
    return Service(
        name=names[kind],
        kind=kind,
        usual_ms=ms * random.uniform(0.6, 2.2),
        fault_rate=random.uniform(0.02, 0.3) if troubled < 0.12 else 0.002,
        error_rate=random.uniform(0.02, 0.15) if 0.12 <= troubled < 0.26 else 0.004,
        throttle_rate=random.uniform(0.05, 0.25) if kind == "AWS::DynamoDB::Table" and troubled > 0.7 else 0.0,
    )


def _routes(shape: Architecture) -> list[tuple[Service, frozenset[str]]]:
    """For each service an entry and what must be called from there to get to it."""
    found: dict[str, tuple[Service, frozenset[str]]] = {}
    for entry in shape.entries:
        waiting = [(entry, frozenset({entry.name}))]
        while waiting:
            service, via = waiting.pop(0)
            if service.name not in found:
                found[service.name] = (entry, via)
                waiting += [(called, via | {called.name}) for called in service.calls]
    return list(found.values())


def _about(called: Service) -> Document:
    """What a caller's subsegment says of whom it calls."""
    aws: dict[str, tuple[str, str, str]] = {
        "AWS::Lambda": ("Lambda", "Invoke", "function_name"),
        "AWS::DynamoDB::Table": ("DynamoDB", "Query", "table_name"),
        "AWS::SQS::Queue": ("SQS", "SendMessage", "queue_url"),
        "AWS::S3": ("S3", "GetObject", "bucket_name"),
        "AWS::SNS": ("SNS", "Publish", "topic_arn"),
    }
    if called.kind in aws:
        name, operation, resource = aws[called.kind]
        about = {"operation": operation, "region": _REGION, resource: called.name}
        return {"name": name, "namespace": "aws", "aws": about}
    if called.kind == "Database::SQL":
        query = "SELECT * FROM items WHERE id = ?"
        return {"namespace": "remote", "sql": {"database_type": "PostgreSQL", "sanitized_query": query}}
    return {"namespace": "remote", "http": {"request": {"method": "GET", "url": f"https://{called.name}/v1/items"}}}


def _request(entry: Service, random: Random) -> Document:
    host = entry.name.split("/")[0]
    return {
        "method": random.choice(("GET", "GET", "GET", "POST")),
        "url": f"https://{host}.shop.test/{random.choice(_SUBJECTS)}",
        "user_agent": "Mozilla/5.0",
        "client_ip": f"203.0.113.{random.randrange(1, 255)}",
    }


def _without_status(flags: Document) -> Document:
    return {name: value for name, value in flags.items() if name != "status"}


def _trace_id(start: float, random: Random) -> str:
    return f"1-{int(start):08x}-{random.getrandbits(96):024x}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Send the traffic of a made-up application to a server.")
    parser.add_argument("endpoint")
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--traces", type=int, default=400)
    parser.add_argument("--minutes", type=float, default=50, help="how far back the traffic begins; it ends now")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    seconds = given.minutes * 60
    sent = traces(
        architecture(given.nodes, given.seed),
        number=given.traces,
        start=time.time() - seconds - 5,
        seconds=seconds,
        seed=given.seed,
    )
    print(f"sent {send(given.endpoint, sent)} documents")


if __name__ == "__main__":
    main()
