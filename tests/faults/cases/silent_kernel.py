"""A line that breaks while the kernel has nothing to say: its disk answers nothing."""

import contextlib
import os
import time

from harness import data, processes
from harness.case import case
from harness.data import MIB
from harness.verdict import check

PATIENCE = 120.0  # seconds
WORLD = {"nas_size": 1 << 30, "nas_may_fail": True}


def _breaks_amid_silence(world, *options):
    lane = world.lane()
    lane.write("file", data.noise(24 * MIB))
    name = lane.snapshot()
    with world.nas.away():
        pass  # nothing of it is in memory afterwards
    run = lane.start(*options)
    world.link.rate = 4 * MIB
    world.link.await_sent(2 * MIB, run)
    with world.nas.failing.asleep():
        world.link.rate = None
        _await_silence(world)
        connected = _connections(run.pid)
        check(connected, "it has no connection")
        world.link.cut()
        _await_end_of(connected, run)
    run.finish().expect(0)
    lane.check_arrived(name)


def _connections(pid):
    """The TCP sockets that a process has open, by their inodes."""
    with open(f"/proc/{pid}/net/tcp", encoding="ascii") as file:
        known = {line.split()[9] for line in list(file)[1:]}
    links = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return {link for link in links if link[len("socket:["):-1] in known}


def _await_end_of(connected, run):
    """Until it has noticed that the line is broken, and closed its end."""
    deadline = time.monotonic() + PATIENCE
    while connected & _connections(run.pid):
        check(time.monotonic() < deadline, "it has not noticed that the line is broken")
        time.sleep(processes.POLL)


def _await_silence(world):
    before = -1
    while world.link.sent != before:
        before = world.link.sent
        time.sleep(0.5)


@case
def a_broken_line_is_noticed_while_the_kernel_is_silent(world):
    _breaks_amid_silence(world, "--retries", "5")


@case
def a_broken_line_is_noticed_while_the_kernel_is_silent_in_a_raw_stream_too(world):
    _breaks_amid_silence(world, "--retries", "5", "--protocol", "raw")
