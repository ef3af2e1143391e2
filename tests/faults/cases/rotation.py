"""Snapshots that are made and rotated away while a run is at work: each exchange looks anew."""

from harness import data, subvolume
from harness.case import case
from harness.data import MIB
from harness.verdict import check_says

LARGE = 16 * MIB
RATE = 8 * MIB  # bytes a second: slow enough for a rotation in the middle
SETTINGS = 'checkpoint_every = "1MiB"\n[defaults]\nkeep = 7\n'
PATIENT = ("--retries", "20")


def _ready(world):
    """A lane with a first snapshot, which is large."""
    lane = world.lane()
    lane.write("file", data.noise(LARGE))
    lane.first = lane.snapshot()
    return lane


def _rotate(lane, old):
    """Deletes a snapshot and takes another; returns its name."""
    subvolume.delete(lane.at_nas(old))
    lane.write("news", f"after {old}")
    return lane.snapshot()


@case
def a_run_that_could_not_connect_at_first_sends_what_is_the_newest_when_it_can(world):
    lane = _ready(world)
    world.ssh.stop()
    try:
        refused = world.link.refused
        run = lane.start(*PATIENT)
        world.link.await_refused(refused + 1)
        second = _rotate(lane, lane.first)
    finally:
        world.ssh.start()
    check_says(run.finish().expect_well().out, "trying again")
    lane.check_complete(second)
    lane.check_arrived(second)


@case
def a_snapshot_that_is_gone_after_a_broken_connection_is_given_up_in_the_same_run(world):
    lane = _ready(world)
    with world.receiver_configured(SETTINGS):
        run = lane.start(*PATIENT, "--no-pin")
        world.link.rate = RATE
        world.link.await_sent(LARGE // 2)
        world.ssh.stop()
        try:
            refused = world.link.refused
            world.link.cut()
            world.link.await_refused(refused + 1)
            second = _rotate(lane, lane.first)
        finally:
            world.ssh.start()
        result = run.finish().expect_well()
    check_says(result.out, "given up: it is no longer here")
    lane.check_complete(second)
    lane.check_arrived(second)


@case
def a_newest_that_goes_while_an_interrupted_send_is_finished_makes_way_for_a_newer_one(world):
    lane = _ready(world)
    with world.receiver_configured(SETTINGS):
        lane.interrupt(LARGE // 4, RATE)
        lane.write("news", "of the second day")
        second = lane.snapshot()
        world.link.reset()
        run = lane.start(*PATIENT)
        world.link.rate = RATE
        world.link.await_sent(LARGE // 4)
        third = _rotate(lane, second)
        result = run.finish().expect_well()
    check_says(result.out, "is finished first")
    lane.check_complete(lane.first, third)
    lane.check_arrived(third)
