"""A NAS whose disk loses what is written to it: what is there is backed up all the same."""

import os

from harness import data
from harness.case import case
from harness.data import MIB
from harness.verdict import check, check_equal, check_says

WORLD = {"nas_size": 1 << 30, "nas_may_fail": True}


@case
def a_nas_that_loses_writes_is_backed_up_and_keeps_its_older_pin(world):
    lane = world.lane()
    lane.write("file", data.noise(4 * MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("more", data.noise(4 * MIB, 2))
    second = lane.snapshot()
    run = lane.start()
    world.link.rate = 2 * MIB  # bytes a second: the pin is made, and what follows comes amid it
    world.link.await_sent(MIB, run)
    with world.nas.failing.losing(64 * MIB):
        with open(os.path.join(world.nas.path, "somebody-elses"), "wb") as file:
            file.write(data.noise(MIB, 3))
        world.nas.sync()
    world.link.rate = None
    result = run.finish()
    check_equal(result.code, 0, "the exit code")
    check_says(result.err, "older pins are kept", "loses what is written to it")
    lane.check_arrived(second)
    check(first in lane.pins, f"the older pin is gone: {list(lane.pins)}")
    lane.send_well("--force")
    check_equal(list(lane.pins), [second], "the pins once all is well")
