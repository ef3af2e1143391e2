"""Power that fails at either machine, at any moment: what was said to be durable is, and the next
plain run mends the rest.

A power cut is a copy of the machine's disk that is taken in the middle. The machine goes on with
that copy, and the other one with its memory of what came after.
"""

import random
from dataclasses import dataclass

from harness import processes
from harness.case import case
from harness.filesystem import Filesystem
from harness.life import SEED, Life
from harness.tally import BreakTally
from harness.verdict import check, check_equal, told_of_failures

KEEP = 3
SETTINGS = f'checkpoint_every = "1MiB"\n[defaults]\nkeep = {KEEP}\n'


@dataclass(frozen=True)
class Machine:
    disk: Filesystem
    programs: tuple

    def lose_power(self):
        """Ends what runs there, and gives the disk back as it was a moment before."""
        copy = self.disk.image + ".copy"
        with processes.stopped(*self.programs):  # so that the disk is left alone for a moment
            self.disk.copy_image(copy)
            for program in self.programs:
                processes.kill(program)
        return copy


class PowerCuts:
    """A lane whose every send meets a power cut at one machine, and is then repeated."""

    def __init__(self, world, machine):
        self._world, self._lane, self._machine = world, world.lane(), machine
        self._life = Life(self._lane, random.Random(SEED), KEEP)
        self.tally = BreakTally(f"seed {SEED}")

    def strike(self, times):
        for number in range(times):
            self._world.commands.transcript.clear()
            with told_of_failures(f"cut {number} of seed {SEED}"):
                self._round(in_full=number % 2 == 0, after_success=number % 5 == 3)
        self._life.check_all()

    def _round(self, in_full, after_success):
        self._life.next_day()
        if in_full:
            self._life.lose_the_past()
        kind = "in full" if in_full else "as an increment"
        complete = self._lane.complete
        sent, result = self._send_and_cut(after_success)
        self._life.check_kept(complete)
        self._life.check_all()
        is_complete = self._life.newest in self._lane.complete
        if result.code == 0 or self._lane.last_sent == self._life.newest:
            check(is_complete, f"{self._life.newest} was said to be durable, and is not")
        self.tally.count_break(kind, sent, is_complete, succeeded=result.code == 0)
        held = self._lane.held
        self.tally.count_resumed(kind, self._life.mend(), held)
        check_equal(self._lane.last_sent, self._life.newest, "the note")
        check_equal(list(self._lane.pins), [self._life.newest], "the pins")

    def _send_well_or_not(self):
        return self._lane.send_well()

    def _send_and_cut(self, after_success):
        """Returns how much had been sent at the cut, and the end of the run."""
        if after_success:
            result = self._send_well_or_not()
            copy = self._machine.lose_power()
            sent = self._world.link.sent
        else:
            run = self._life.send_until_some_moment()
            copy = self._machine.lose_power()
            sent = self._world.link.sent
            self._world.link.cut()
            result = run.finish()
        self._world.await_quiet()
        self._machine.disk.go_on_from(copy)
        return sent, result


def _cut_power(world, machine, times):
    with world.receiver_configured(SETTINGS):
        cuts = PowerCuts(world, machine)
        cuts.strike(times)
        world.notes.append(str(cuts.tally))


def pi_of(world):
    return Machine(world.pi, (processes.RECEIVER, processes.BTRFS))


def _nas(world):
    return Machine(world.nas, (processes.SENDER,))


@case
def four_power_cuts_at_the_pi_lose_nothing_that_was_durable(world):
    _cut_power(world, pi_of(world), 4)


@case
def two_power_cuts_at_the_nas_are_each_mended_by_a_plain_run(world):
    _cut_power(world, _nas(world), 2)


@case(long=True)
def fifty_power_cuts_at_the_pi_lose_nothing_that_was_durable(world):
    _cut_power(world, pi_of(world), 50)


@case(long=True)
def ten_power_cuts_at_the_nas_are_each_mended_by_a_plain_run(world):
    _cut_power(world, _nas(world), 10)
