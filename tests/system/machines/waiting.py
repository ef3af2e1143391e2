"""Waiting for what must come, as long as it takes on a slow machine."""

import time

from harness.verdict import Failed

PATIENCE = 180.0  # seconds


def await_that(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise Failed(f"waited in vain: {what}")
        time.sleep(0.1)
    return found
