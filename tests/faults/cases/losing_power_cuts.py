"""Power cuts at a Pi whose disk also loses one write of each send: whatever it is, data or the
filesystem's own, and whenever. What was said to be durable is whole all the same.
"""

import errno
import random

from harness.case import case
from harness.data import MIB
from harness.life import SEED

from .power_cuts import SETTINGS, PowerCuts, pi_of

WORLD = {"pi_size": 2 << 30, "pi_may_fail": True}
MOST_BEFORE = 6 * MIB  # bytes that a send of these days writes, about, before the loss


class LosingPowerCuts(PowerCuts):
    def __init__(self, world, machine):
        super().__init__(world, machine)
        self._disk = machine.disk
        self._chance = random.Random(SEED + 1)
        self.lost = 0

    def _send_and_cut(self, after_success):
        self._disk.failing.lose(1, self._chance.choice((errno.EIO, errno.ENOSPC)),
                                after=self._chance.randrange(MOST_BEFORE), data_only=False)
        before = self._disk.failing.lost
        sent, result = super()._send_and_cut(after_success)
        self.lost += self._disk.lost_before_power_came_back > before
        return sent, result

    def _send_well_or_not(self):
        return self._lane.send("--retries", "0")


def _cut_power(world, times):
    with world.receiver_configured(SETTINGS):
        cuts = LosingPowerCuts(world, pi_of(world))
        cuts.strike(times)
        world.notes.append(f"{cuts.lost} of {times} disks had lost a write\n{cuts.tally}")


@case
def five_power_cuts_on_a_disk_that_loses_a_write_are_never_a_success_that_differs(world):
    _cut_power(world, 5)


@case(long=True)
def fifty_power_cuts_on_a_disk_that_loses_a_write_are_never_a_success_that_differs(world):
    _cut_power(world, 50)
