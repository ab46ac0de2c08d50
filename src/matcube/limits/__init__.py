"""Bounds of work: how much memory and time it may take, and whether it is still wanted."""

from matcube.limits.free import free_bytes
from matcube.limits.memory import allowed, check_memory, memory_limit, size_text
from matcube.limits.stop import check_stop, steps, stopped_by
from matcube.limits.time import check_time

__all__ = [
    "allowed", "check_memory", "check_stop", "check_time", "free_bytes", "memory_limit", "size_text", "steps",
    "stopped_by",
]  # fmt: skip
