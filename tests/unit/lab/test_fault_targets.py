from __future__ import annotations

import pytest

from raylens.errors import InvalidRequest
from raylens.lab.control.fault_targets import fault_named
from raylens.lab.faults import Fault


def test_a_fault_is_known_by_its_name_and_throttling_as_throttle_too() -> None:
    assert [fault_named(fault.value) for fault in Fault] == list(Fault)
    assert fault_named("throttle") is Fault.THROTTLING


def test_an_unknown_fault_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequest, match=r"fault 'gremlins'; expected one of: slow-query, throttling, "):
        fault_named("gremlins")
