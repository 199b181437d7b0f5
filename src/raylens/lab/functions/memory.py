"""How a function's MemorySize is enforced.

Lambda counts resident memory and kills what exceeds it, so a function sees no exception. The same is done here: on
Linux the host reads the process's peak resident size (VmHWM) while it works and once more when it has answered, and
kills it above MemorySize. Reading the peak, not the present value, makes the outcome sure even when the function
allocated and freed, or got a MemoryError, between two looks. RLIMIT_AS is only the ceiling for what a function could
grab between two looks: it counts address space, of which libraries and thread stacks reserve far more than they
touch, so it lies well above MemorySize. CPython with boto3 and the X-Ray SDK peaks at about 55 MB.

Other systems tell a process's size only at greater cost: there memory is neither enforced nor reported.
"""

from __future__ import annotations

import sys

LOOK_INTERVAL_S = 0.02
_MIB = 1024 * 1024
_CEILING_EXTRA_MIB = 1024


def address_space_ceiling_bytes(memory_mb: int) -> int:
    """RLIMIT_AS of a sandbox; 0, no limit, where it is not enforced."""
    return (2 * memory_mb + _CEILING_EXTRA_MIB) * _MIB if sys.platform == "linux" else 0


def peak_memory_mb(pid: int) -> int | None:
    """Peak resident size of a process in MiB, rounded up; None when it is gone or the system does not tell."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            for line in file:
                if line.startswith(b"VmHWM:"):
                    return -(-int(line.split()[1]) // 1024)
    except (OSError, ValueError, IndexError):
        return None
    return None
