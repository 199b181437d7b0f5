from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from raylens.api.lab_door import LabDoor
from raylens.errors import InvalidRequest, LabNotRunning, NotFound


class Names(msgspec.Struct, frozen=True):
    names: tuple[str, ...]


def asked(answer: Any, *path: str, method: str = "GET", **options: Any) -> tuple[Any, list[httpx.Request]]:
    """What a door gives that is answered so, and what it sent."""
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    async def run() -> Any:
        door = LabDoor("http://127.0.0.1:2081", transport=httpx.MockTransport(handle))
        try:
            return await door.ask(Names, method, *path, **options)
        finally:
            await door.close()

    return asyncio.run(run()), sent


def test_names_are_encoded_and_members_that_nobody_asked_for_ignored() -> None:
    answer = httpx.Response(200, json={"names": ["a"], "more": 1})
    seen, (request,) = asked(answer, "stacks", "한 글/../x?y#z", "events", parameters={"tag": "Week=13-2&"})
    assert seen == Names(("a",))
    assert request.url.raw_path == b"/stacks/%ED%95%9C%20%EA%B8%80%2F..%2Fx%3Fy%23z/events?tag=Week%3D13-2%26"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_be_another_path_is_not_sent(name: str) -> None:
    with pytest.raises(NotFound):
        asked(AssertionError("sent"), "stacks", name)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (httpx.Response(404, json={"code": "X", "message": "Function f does not exist"}), NotFound, "^Function f"),
        (httpx.Response(400, json={"code": "X", "message": "no such fault"}), InvalidRequest, "^no such fault$"),
        (httpx.Response(400, text="Invalid host header"), InvalidRequest, "the lab answered 400"),
        (httpx.Response(500, text="oops"), LabNotRunning, "answered 500.*raylens lab quicktable"),
        (httpx.Response(302, headers={"location": "http://elsewhere.test/"}), LabNotRunning, "answered 302"),
        (httpx.Response(200, json={"other": 1}), LabNotRunning, "cannot be read"),
        (httpx.Response(200, content=b"\xff"), LabNotRunning, "cannot be read"),
        (httpx.ConnectError("refused"), LabNotRunning, "ConnectError.*raylens lab quicktable"),
        (httpx.ReadTimeout("slow"), LabNotRunning, "ReadTimeout"),
    ],
)
def test_what_the_lab_cannot_answer_is_told(answer: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        asked(answer, "functions")


def test_without_an_address_no_lab_is_looked_for() -> None:
    async def run() -> bool:
        door = LabDoor("")
        try:
            with pytest.raises(LabNotRunning, match="lab_url is empty"):
                await door.ask(Names, "GET", "functions")
            return await door.is_open()
        finally:
            await door.close()

    assert asyncio.run(run()) is False
