"""Pins: made when they are needed, where they can be, and gone when they serve nobody."""

import contextlib
import os

from harness import mounts, subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says
from harness.world import write_file

SIZE = 4 * MIB  # of what a full send moves


def _ready(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.snapshot()
    return lane


def _next_day(lane):
    lane.write("news", os.urandom(10_000))
    return lane.snapshot()


@contextlib.contextmanager
def _read_only(filesystem):
    mounts.mount("none", filesystem.path, None, mounts.REMOUNT | mounts.RDONLY)
    try:
        yield
    finally:
        mounts.mount("none", filesystem.path, None, mounts.REMOUNT)


@case
def a_refused_run_leaves_no_pin(world):
    lane = _ready(world)
    lane.send_well()
    (pinned,) = lane.pins
    with world.receiver_configured('reserve = "500GiB"\n'):
        for _ in range(3):
            _next_day(lane)
            lane.send().expect_trouble(16)
            check_equal(list(lane.pins), [pinned], "the pins")
    newest = _next_day(lane)
    lane.send_well()
    check_equal(list(lane.pins), [newest], "the pins")


@case
def a_run_that_finds_no_receiver_leaves_no_pin_and_takes_none(world):
    lane = _ready(world)
    lane.send_well()
    (pinned,) = lane.pins
    with world.pi_is_away():
        for _ in range(2):
            _next_day(lane)
            lane.send("--retries", "0").expect_trouble(10, 18)
    check_equal(list(lane.pins), [pinned], "the pins")


@case
def what_is_interrupted_is_pinned_beside_the_newest_and_nothing_else(world):
    lane = _ready(world)
    with world.receiver_configured('checkpoint_every = "1MiB"\n'):
        lane.send_well()
        (first,) = lane.pins
        lane.write("large", noise(2 * SIZE, 2))
        second = lane.snapshot()
        lane.interrupt(SIZE, SIZE)
        check_equal(list(lane.pins), [first, second], "the pins")
        with world.pi_is_away():
            _next_day(lane)
            lane.send("--retries", "0").expect_trouble(10, 18)
        check_equal(list(lane.pins), [first, second], "the pins after a run without a receiver")
        subvolume.delete(lane.at_nas(first))
        subvolume.delete(lane.at_nas(second))
        newest = _next_day(lane)
        lane.send_well()
    check_equal(list(lane.pins), [newest], "the pins at last")
    lane.check_complete(first, second, newest)


@case
def a_nas_that_is_read_only_is_sent_without_a_pin_and_with_a_warning(world):
    lane = _ready(world)
    lane.send_well()
    newest = _next_day(lane)
    with _read_only(world.nas):
        result = lane.send().expect(0)
        check_says(result.err, "cannot pin", "sent without", "in full")
    lane.check_arrived(newest)
    lane.send_well()
    check_equal(list(lane.pins), [newest], "the pins when it can be written again")


@case
def the_newest_that_is_there_already_gets_the_pin_that_it_lacks(world):
    lane = _ready(world)
    lane.send_well("--no-pin")
    check_equal(lane.pins, {}, "the pins of a run that makes none")
    check_says(lane.send_well().out, "nothing to send")
    (pinned,) = lane.pins
    subvolume.delete(lane.at_nas(pinned))
    newest = _next_day(lane)
    lane.send_well()
    check(world.link.sent < SIZE // 2, f"{world.link.sent} bytes were sent")
    check_equal(list(lane.pins), [newest], "the pins")


@case
def a_raw_run_that_fails_leaves_no_pin(world):
    lane = _ready(world)
    with world.classic_receiver():
        lane.send_well("--protocol", "raw")
        (pinned,) = lane.pins
    broken = os.path.join(world.directory, "broken", "snapshot-receive")
    os.makedirs(os.path.dirname(broken), exist_ok=True)
    with open(broken, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\ncat >/dev/null\necho 'ERROR: no such thing' >&2\nexit 1\n")
    os.chmod(broken, 0o755)
    with world.receiver_is(broken):
        for _ in range(3):
            _next_day(lane)
            check(lane.send("--protocol", "raw").code != 0, "a broken receiver is believed")
    check_equal(list(lane.pins), [pinned], "the pins")


@case
def a_snapshot_that_rotation_takes_before_it_could_be_read_is_no_failure(world):
    lane = _ready(world)
    first = os.listdir(lane.snapshot_dir)[0]
    second = _next_day(lane)
    rotation = os.path.join(world.directory, "rotation")
    path = lane.at_nas(second)
    write_file(rotation, f"#!/bin/sh\n[ ! -e '{path}' ] || btrfs subvolume delete '{path}' >&2\n",
               0o755)
    with world.receiver_configured(f'before_receive = ["{rotation}"]\n'):
        check_says(lane.send().expect(0).out, second, "looking anew")
    lane.check_complete(first)
    check_equal(list(lane.pins), [first], "the pins")
