"""One thing that cannot be sent, or gone on with, or built on, holds nothing else up."""

import json
import os
import subprocess

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.other_btrfs import no_btrfs, other_btrfs
from harness.stream import Stream
from harness.verdict import check, check_equal, check_says

SIZE = 4 * MIB  # of what a full send moves
ENOUGH_RUNS = 6  # each way fails twice at most
KILLED = '[ "$2" = receive ] && kill -9 $$'  # instead of btrfs, as where memory runs out


def _make_unreadable(world, mark):
    world.nas.sync()
    world.nas.unmount()
    subprocess.run(["sync", world.nas.image], check=True)
    with open(world.nas.device, "r+b") as device:
        place, offset = -1, 0
        while place < 0:
            device.seek(offset)
            piece = device.read(16 * MIB)
            check(piece, "the file is not on the disk")
            found = piece.find(mark)
            place = offset + found if found >= 0 else -1
            offset += len(piece) - len(mark)
        device.seek(place)
        device.write(b"?" * len(mark))
        device.flush()
        os.fsync(device.fileno())
    world.nas.mount()


@case
def a_snapshot_with_an_unreadable_file_is_named_and_does_not_hold_up_the_next(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    first = lane.snapshot()
    lane.send_well()
    mark = os.urandom(8192)
    with open(os.path.join(lane.source, "cannot be read"), "wb") as file:
        file.write(mark * 8)
    bad = lane.snapshot()
    _make_unreadable(world, mark)
    for _ in range(ENOUGH_RUNS):
        result = lane.send("--retries", "0").expect_trouble(13)
        check_says(result.err, "cannot be read")
    check_says(result.err, bad, "failed twice")
    check(world.link.sent < 100_000, "it is sent over and over")

    os.unlink(os.path.join(lane.source, "cannot be read"))
    lane.write("news", noise(10_000, 9))
    good = lane.snapshot()
    result = lane.send("--retries", "0").expect_trouble(13)  # until the bad one is gone
    check_says(result.err, bad, "failed twice")
    lane.check_arrived(good)
    subvolume.delete(lane.at_nas(bad))
    lane.send_well()
    check_equal(lane.complete, [first, good], "the backups")


@case
def a_missed_day_that_cannot_be_read_holds_up_none_of_the_others(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    first = lane.snapshot()
    lane.send_well()
    mark = os.urandom(8192)
    with open(os.path.join(lane.source, "cannot be read"), "wb") as file:
        file.write(mark * 8)
    bad = lane.snapshot()
    os.unlink(os.path.join(lane.source, "cannot be read"))
    good = [lane.snapshot() for _ in range(3)]
    _make_unreadable(world, mark)
    for _ in range(ENOUGH_RUNS):
        result = lane.send("--send", "all", "--retries", "0").expect_trouble(13)
    check_says(result.err, bad, "failed twice")
    check_equal(lane.complete, [first, *good], "the backups")
    for name in good:
        lane.check_arrived(name)
    subvolume.delete(lane.at_nas(bad))
    lane.send_well("--send", "all")


@case
def an_interrupted_send_that_cannot_be_finished_is_given_up_for_the_newest(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.snapshot()
    lane.send_well()
    lane.write("more", noise(SIZE, 2))
    mark = os.urandom(8192)
    with open(os.path.join(lane.source, "zz cannot be read"), "wb") as file:
        file.write(mark * 8)
    bad = lane.snapshot()
    lane.interrupt(SIZE // 2, SIZE)
    check(lane.held > 0, "nothing is held of the interrupted send")
    _make_unreadable(world, mark)
    os.unlink(os.path.join(lane.source, "zz cannot be read"))
    newest = lane.snapshot()
    for _ in range(ENOUGH_RUNS):
        lane.send("--retries", "0")
        if newest in lane.complete:
            break
    lane.check_arrived(newest)
    check(bad not in lane.complete, "what cannot be read has arrived")


@case
def a_partial_that_was_damaged_at_the_pi_is_given_up_after_two_tries(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.write("more", noise(SIZE, 2))
    name = lane.snapshot()
    lane.interrupt(SIZE, SIZE)
    check(lane.held > 0, "nothing is held of the interrupted send")
    for found in subvolume.inside(lane.staging).values():
        with subvolume.changed_quietly(found.path):  # where the rest of the stream would go
            subprocess.run(["find", found.path, "-mindepth", "1", "-delete"], check=True)
    for _ in range(ENOUGH_RUNS):
        if lane.send("--retries", "0").code == 0:
            break
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def a_parent_that_is_empty_at_the_pi_is_built_on_no_more_after_two_failures(world):
    """What a thief of the key plants under a uuid of which this NAS remembers nothing."""
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.write("to go", "x")
    first = lane.snapshot()
    planted = subvolume.inspect(lane.at_nas(first)).uuid
    lane.receive(bytes(Stream(own=planted).subvol(first).end())).expect_well()
    os.unlink(os.path.join(lane.source, "to go"))
    lane.write("base", noise(SIZE, 3)[:SIZE // 2])
    for _ in range(ENOUGH_RUNS):
        newest = lane.snapshot()
        if lane.send("--retries", "0").code == 0:
            break
    lane.check_arrived(newest)


@case
def a_forced_send_builds_on_nothing_and_finishes_nothing(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.snapshot()
    lane.send_well()
    lane.write("more", noise(SIZE, 2))
    lane.snapshot()
    lane.interrupt(SIZE // 2, SIZE)
    lane.write("news", "x")
    newest = lane.snapshot()
    result = lane.send("--force").expect(0)
    check_says(result.out, "in full", "a forced send builds on nothing")
    lane.check_arrived(newest)
    check(world.link.sent > 2 * SIZE, "it was not sent in full")


@case
def what_failed_is_forgotten_when_it_is_gone(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    mark = os.urandom(8192)
    with open(os.path.join(lane.source, "cannot be read"), "wb") as file:
        file.write(mark * 8)
    bad = lane.snapshot()
    _make_unreadable(world, mark)
    for _ in range(2):
        lane.send("--retries", "0").expect_trouble(13)
    subvolume.delete(lane.at_nas(bad))
    os.unlink(os.path.join(lane.source, "cannot be read"))
    lane.snapshot()
    lane.send_well()
    with open(lane.memory, encoding="utf-8") as file:
        check_equal(json.load(file)["failed"], [], "what is held against anything")


def _is_held_against_nothing(lane, trouble, code, *words):
    """While the receiver's own trouble lasts nothing is given up for it; then all is as before."""
    lane.write("base", noise(SIZE))
    lane.snapshot()
    lane.send_well()
    lane.write("news", "x")
    newest = lane.snapshot()
    with trouble:
        for _ in range(ENOUGH_RUNS // 2):
            result = lane.send("--retries", "0").expect_trouble(code)
            check_says(result.err, *words)
            check("cannot be sent" not in result.err, "it is held against the snapshot")
    lane.send_well()
    check(lane.world.link.sent < SIZE // 2, "it is held against the parent")
    lane.check_arrived(newest)


@case
def a_btrfs_receive_that_cannot_begin_is_held_against_nothing(world):
    broken = other_btrfs('[ "$2" = receive ] && { echo no libzstd >&2; exit 127; }')
    _is_held_against_nothing(world.lane(), broken, 14, "could not begin", "no libzstd")


@case
def a_btrfs_receive_that_is_killed_is_held_against_nothing(world):
    _is_held_against_nothing(world.lane(), other_btrfs(KILLED), 14, "cut off", "memory")


@case
def what_a_killed_btrfs_receive_was_going_on_with_is_given_up_after_two_tries(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    name = lane.snapshot()
    lane.interrupt(SIZE // 2, SIZE)
    check(lane.held > 0, "nothing is held of the interrupted send")
    with other_btrfs(KILLED):
        for _ in range(2):
            check(lane.held > 0, "it was given up at the first try")
            result = lane.send("--retries", "0").expect_trouble(14)
        check_says(result.err, "failed twice, and another way is tried")
    lane.send("--retries", "0").expect_well()
    lane.check_complete(name)


@case
def a_program_that_is_missing_at_the_pi_is_named_and_held_against_nothing(world):
    _is_held_against_nothing(world.lane(), no_btrfs(), 14, "the program btrfs is not installed")
