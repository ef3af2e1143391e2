"""A line that breaks while the kernel has nothing to say: its disk answers nothing."""

import time

from harness import data
from harness.case import case
from harness.data import MIB

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
        refused = world.link.refused
        world.ssh.stop()
        world.link.cut()
        world.link.await_refused(refused + 1)  # so it has noticed
    world.ssh.start()
    run.finish().expect(0)
    lane.check_arrived(name)


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
