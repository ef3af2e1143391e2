"""The sender as a daemon, and its configuration."""

import contextlib
import signal
import time

from .send_toml import job, receiver
from .verdict import Failed, check
from .world import SEND_CONFIGURATION, write_file

PATIENCE = 180.0  # seconds
QUICK = {"settle": '"1s"'}  # keys of a job


def ready_lane(world, content=b"the first"):
    """A lane with a first snapshot, its `name`."""
    lane = world.lane()
    lane.write("file", content)
    lane.name = lane.snapshot()
    return lane


def configure(world, *lanes, of_all="", **keys):
    write_file(SEND_CONFIGURATION, of_all + receiver(world) +
               "".join(job(lane, **{**QUICK, **keys}) for lane in lanes))


@contextlib.contextmanager
def daemon(world, *options, env=None):
    """Within, a daemon runs; it must not end by itself, and ends well when it is told to."""
    run = world.start_sender("--daemon", *options, env=env)
    try:
        yield run
        check(not run.ended, "the daemon has ended by itself")
    finally:
        if not run.ended:
            run.process.send_signal(signal.SIGTERM)
        run.result = run.finish(patience=PATIENCE)
    run.result.expect(0)


def await_that(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"waited in vain: {what}")
        time.sleep(0.02)


def await_arrival(lane, name):
    await_that(lambda: name in lane.complete, f"{name} has arrived")


def next_snapshot(lane, content):
    lane.write("file", content)
    return lane.snapshot()
