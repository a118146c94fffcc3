"""Processor time of work in this process."""

import statistics
from collections.abc import Callable
from time import process_time


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """The median processor milliseconds of a piece of work, after one unmeasured run."""
    work()
    taken = []
    for _time in range(times):
        start = process_time()
        work()
        taken.append((process_time() - start) * 1000)
    return round(statistics.median(taken), 3)
