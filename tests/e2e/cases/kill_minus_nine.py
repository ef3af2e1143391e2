"""kill -9 at any moment: the next plain run succeeds, and no complete backup is ever lost."""

import random
import signal
import time

from harness import processes
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import Failed, check, check_equal

SIZE = 40 * MIB  # of each increment
RATE = 40 * MIB  # bytes a second, so that a run lasts long enough to be killed at many points
SEED = 2  # of the moments at which it is killed
SHARES = -0.2, 1.0  # of the stream that has gone then; below 0: seconds after the start
TRIES = 6  # runs to hit one victim; a moment may come after the run's end


class Series:
    """A lane whose every run is killed once and then repeated."""

    def __init__(self, world):
        self.world, self.lane = world, world.lane()
        self.random = random.Random(SEED)
        self.complete = []
        self._next_day(1 * MIB)
        self.lane.send_well()
        self._next_day(SIZE)
        self.lane.send_well()
        self.complete = self.lane.complete

    def kill(self, program):
        """Kills program somewhere in a run; then a plain run must mend everything."""
        for _ in range(TRIES):
            name = self._next_day(SIZE)
            share = self.random.uniform(*SHARES)
            hit = self._run_and_kill(program, share, name)
            self._check_nothing_lost(f"{program} killed at {share:.0%} of the stream")
            self._check_next_run_succeeds(name)
            if hit:
                return
        raise Failed(f"{program} was never running when it was to be killed")

    def _next_day(self, size):
        self.lane.write("large", noise(size, self.random.random()))
        self.lane.write("diary", str(self.random.random()))
        return self.lane.snapshot()

    def _run_and_kill(self, program, share, name):
        """Whether the run was hit before it had ended by itself."""
        run = self.lane.start("--retries", "0")  # no mending before we have looked
        self.world.link.rate = RATE
        if share < 0:  # while it connects
            time.sleep(-share)
        else:
            self.world.link.await_sent(int(share * SIZE), run)
        hit = 0
        while not hit and not run.ended:
            hit = processes.kill(program)
        result = run.finish()
        self.world.await_quiet()
        if result.code == 0:
            self.lane.check_arrived(name)  # whoever was killed: success must be true
        if hit and program != processes.SENDER and result.code != 0:
            check(result.err.strip(), f"{program} killed, and the sender has no word about it")
        return hit > 0

    def _check_nothing_lost(self, what):
        lost = set(self.complete) - set(self.lane.complete)
        check(not lost, f"{what}: lost {lost}")

    def _check_next_run_succeeds(self, name):
        self.lane.send_well()
        self.lane.check_arrived(name)
        self._check_nothing_lost("the run after")
        self.complete = self.lane.complete
        self.lane.check_complete(*self.complete)  # and nothing half done beside them


@case
def the_sender_killed_four_times(world):
    _kill(world, processes.SENDER, 4)


@case
def the_receiver_killed_three_times(world):
    _kill(world, processes.RECEIVER, 3)


@case
def btrfs_receive_killed_three_times(world):
    _kill(world, processes.BTRFS, 3)


@case
def a_first_full_send_killed_in_the_middle_leaves_no_half_backup(world):
    lane = world.lane()
    lane.write("large", noise(SIZE))
    name = lane.snapshot()
    for program in (processes.SENDER, processes.RECEIVER, processes.BTRFS):
        run = lane.start("--retries", "0")
        world.link.rate = RATE
        world.link.await_sent(SIZE // 8)  # what has come stays for the next
        check(processes.kill(program), f"{program} does not run")
        check(run.finish().code != 0, f"{program} was killed, and the sender says all is well")
        world.await_quiet()
        check_equal(lane.all_received, [], f"the tag's directory after {program} was killed")
    lane.send_well()
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def a_killed_btrfs_receive_is_told_as_a_failure_to_receive(world):
    lane = world.lane()
    lane.write("large", noise(SIZE))
    lane.snapshot()
    run = lane.start()
    world.link.rate = RATE
    world.link.await_sent(SIZE // 2)
    check(processes.kill(processes.BTRFS), "btrfs receive does not run")
    run.finish().expect_trouble(14)


@case
def an_interrupted_sender_says_so_and_leaves_nothing_half_done(world):
    lane = world.lane()
    lane.write("large", noise(SIZE))
    name = lane.snapshot()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        run = lane.start()
        world.link.rate = RATE
        world.link.await_sent(SIZE // 8)
        run.process.send_signal(number)
        run.finish().expect_trouble(19)
        world.await_quiet()
        check_equal(lane.all_received, [], "the tag's directory")
    lane.send_well()
    lane.check_arrived(name)


def _kill(world, program, times):
    with world.receiver_configured("[defaults]\nkeep = 100\n"):
        series = world.once(Series)
        for _ in range(times):
            series.kill(program)
