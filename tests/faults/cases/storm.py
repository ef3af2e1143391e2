"""Break after break, of any kind and at any moment: no backup is lost, and a plain run mends it."""

import random

from harness import processes
from harness.case import case
from harness.life import SEED, Life
from harness.tally import BreakTally
from harness.verdict import check, told_of_failures

KEEP = 3
SETTINGS = f'checkpoint_every = "1MiB"\n[defaults]\nkeep = {KEEP}\n'
BREAKS = {  # each returns how many it hit
    "sender killed": lambda world: processes.kill(processes.SENDER),
    "receiver killed": lambda world: processes.kill(processes.RECEIVER),
    "btrfs receive killed": lambda world: processes.kill(processes.BTRFS),
    "sshd killed": lambda world: processes.kill(processes.SSHD),
    "link cut": lambda world: world.link.cut(),
}
AGAIN = 0.25  # how probable it is that the run that mends is broken, too
NEWER = 0.25  # and that there is a newer snapshot before it starts


class Storm:
    """A lane whose every send is broken, and then repeated."""

    def __init__(self, world):
        self._world, self._lane = world, world.lane()
        self._random = random.Random(SEED)
        self._life = Life(self._lane, self._random, KEEP)
        self._kinds = []
        self.tally = BreakTally(f"seed {SEED}")

    def blow(self, rounds):
        for number in range(rounds):
            self._world.commands.transcript.clear()
            with told_of_failures(f"round {number} of seed {SEED}"):
                self._round(in_full=number % 2 == 0)
        self._life.check_all()

    def _round(self, in_full):
        self._life.next_day()
        if in_full:
            self._life.lose_the_past()
        broken = True
        while broken:
            kind = self._break()
            broken = self._random.random() < AGAIN
        if self._random.random() < NEWER:
            self._life.next_day()
        self._mend(kind)

    def _break(self):
        """Breaks a send by the next kind; returns that."""
        kind = self._next_kind()
        with told_of_failures(kind):
            complete, held = self._lane.complete, self._lane.held
            run = self._life.send_until_some_moment()
            hit = 0
            while not hit and not run.ended:
                hit = BREAKS[kind](self._world)
            sent = self._world.link.sent
            result = run.finish()
            self._world.await_quiet()
            self._life.check_kept(complete)
            self._check_told_the_truth(result)
            self.tally.count_break(kind, sent, self._life.newest in self._lane.complete,
                                   succeeded=not hit)
            self.tally.count_resumed(kind, result, held)
        return kind

    def _check_told_the_truth(self, result):
        if result.code == 0:
            self._life.check_arrived(self._life.newest)
        elif result.code > 0:
            check(result.err.strip(), "the send was broken, and the sender has no word about it")

    def _mend(self, kind):
        with told_of_failures(f"the run after: {kind}"):
            held = self._lane.held
            self.tally.count_resumed(kind, self._life.mend(), held)

    def _next_kind(self):
        """Every kind comes as often as the others, in any order."""
        if not self._kinds:
            self._kinds = self._random.sample(sorted(BREAKS), len(BREAKS))
        return self._kinds.pop()


def _storm(world, rounds):
    with world.receiver_configured(SETTINGS):
        storm = Storm(world)
        storm.blow(rounds)
        world.notes.append(str(storm.tally))


@case
def ten_breaks_at_random_are_each_mended_by_a_plain_run(world):
    _storm(world, 10)


@case(long=True)
def two_hundred_breaks_at_random_are_each_mended_by_a_plain_run(world):
    _storm(world, 200)
