"""A backup disk that loses what is written to it: nothing of that is ever said to be a backup."""

import errno
import os

from harness import data
from harness.case import case
from harness.data import MIB
from harness.verdict import check, check_equal, check_says

WORLD = {"pi_size": 1 << 30, "pi_may_fail": True}
FORMS = ("v1", "v2", "v2-compressed")
SIGNS = (errno.EIO, errno.ENOSPC)  # what the device says: only the first is counted
RATE = 16 * MIB  # bytes a second: slow enough to be cut at a chosen place
ONE_BACKUP = "[defaults]\nkeep = 1\n"
TEXT = b"the quick brown fox jumps over the lazy dog\n"


class Day:
    """What one day adds to a lane: files that are compressed on the NAS's disk, or noise."""

    def __init__(self, lane, form):
        self._lane, self._compressed, self._count = lane, form == "v2-compressed", 0
        self._directory = os.path.join(lane.source, "files")
        if self._compressed:
            data.compressing_directory(self._directory, "zstd")
        else:
            os.mkdir(self._directory)

    def next(self):
        """The name of a snapshot with 2 MiB on the line that are new in it."""
        self._count += 1
        seed = self._count * 1000
        for number in range(4):
            block = data.noise(MIB // 2, seed + number)
            if self._compressed:  # every other page is text: it shrinks to about a half
                pages = (block[i:i + 4096] + (TEXT * 94)[:4096] for i in range(0, len(block), 4096))
                block = b"".join(pages)
            with open(os.path.join(self._directory, f"{self._count}-{number}"), "wb") as file:
                file.write(block)
        return self._lane.snapshot()


def _check_lost(result):
    check_equal(result.code, 14, "the exit code")
    check_says(result.err, "the backup disk loses what is written to it", "dmesg", "scrub")


def _check_only(lane, name):
    lane.check_complete(name)
    lane.check_arrived(name)
    check_equal(lane.last_sent, name, "the note")


def _lose_in_each_form(world, *signs):
    """Full sends and increments, whose disk loses a part of the data."""
    for form in FORMS:
        for sign in signs:
            lane = world.lane()
            day = Day(lane, form)
            first = day.next()
            with world.pi.failing.losing(MIB // 2, sign):
                _check_lost(lane.send("--stream", form))
            check_equal(lane.all_received, [], f"the backups of {form}")
            lane.send_well("--stream", form)
            _check_only(lane, first)
            second = day.next()
            with world.pi.failing.losing(MIB // 2, sign):
                _check_lost(lane.send("--stream", form))
            _check_only(lane, first)
            lane.send_well("--stream", form)
            _check_only(lane, second)


@case
def data_that_the_disk_does_not_take_is_never_a_backup_and_prunes_none(world):
    with world.receiver_configured(ONE_BACKUP):
        _lose_in_each_form(world, errno.EIO)


@case
def data_for_which_there_is_no_room_beneath_is_never_a_backup_and_prunes_none(world):
    with world.receiver_configured(ONE_BACKUP):
        _lose_in_each_form(world, errno.ENOSPC)


@case
def a_disk_that_fails_for_days_is_never_held_against_what_was_sent(world):
    lane = world.lane()
    day = Day(lane, "v1")
    first = day.next()
    lane.send_well("--stream", "v1")
    second = day.next()
    for _ in range(3):  # twice in the same way would be the end of what is at fault itself
        with world.pi.failing.losing(MIB // 2, errno.EIO):
            _check_lost(lane.send("--stream", "v1"))
    result = lane.send_well("--stream", "v1")
    check_says(result.out, f"sending {second} incrementally from {first}")
    lane.check_arrived(second)


def _lose_a_single_block(world, form, sign):
    for after in (MIB // 2, MIB // 8, 0):  # of a large write, in pieces, only the first is counted
        lane = world.lane()
        name = Day(lane, form).next()
        before = world.pi.failing.lost
        world.pi.failing.lose(1, sign, after)
        result = lane.send("--stream", form)
        world.pi.failing.be_well()
        if world.pi.failing.lost > before:
            break
        result.expect_well()  # it had no write that late: nothing was lost
        lane.check_arrived(name)
    check(world.pi.failing.lost > before, "the disk was given nothing that it could lose")
    _check_lost(result)
    check_equal(lane.all_received, [], f"the backups of {form}")
    lane.send_well("--stream", form)
    lane.check_arrived(name)


@case
def a_single_block_that_is_lost_is_noticed(world):
    _lose_a_single_block(world, "v1", errno.ENOSPC)
    _lose_a_single_block(world, "v2-compressed", errno.ENOSPC)


@case
def what_was_lost_after_a_checkpoint_costs_no_more_than_that_and_is_sent_again(world):
    _resume_onto_a_losing_disk(world, "v1", errno.EIO)
    _resume_onto_a_losing_disk(world, "v2-compressed", errno.ENOSPC)


@case(long=True)
def whatever_the_form_and_the_error_nothing_that_is_lost_is_a_backup(world):
    for form in FORMS:
        for sign in SIGNS:
            _lose_a_single_block(world, form, sign)
            _resume_onto_a_losing_disk(world, form, sign)


def _resume_onto_a_losing_disk(world, form, sign):
    with world.receiver_configured('checkpoint_every = "1MiB"\n' + ONE_BACKUP):
        lane = world.lane()
        day = Day(lane, form)
        first = day.next()
        lane.send_well("--stream", form)
        for _ in range(2):
            name = day.next()
        lane.interrupt(5 * MIB // 4, RATE, "--stream", form)
        held = lane.held
        check(held > 0, f"nothing of {form} is held")
        with world.pi.failing.losing(MIB // 4, sign):
            _check_lost(lane.send("--stream", form))
        check(lane.held >= held, f"of {held} bytes held {lane.held} are left")
        _check_only(lane, first)
        result = lane.send_well("--stream", form)
        check_says(result.out, "going on with")
        _check_only(lane, name)


@case
def what_a_killed_receive_had_lost_is_told_and_harms_nothing_that_comes(world):
    lane = world.lane()
    day = Day(lane, "v1")
    day.next()
    name = day.next()
    with world.pi.failing.losing(64 * MIB, errno.EIO):
        lane.interrupt(2 * MIB, RATE)
        world.pi.sync()
    check_equal(lane.all_received, [], "the backups")
    lane.send_well()
    lane.check_arrived(name)


@case
def a_raw_stream_onto_a_disk_that_loses_it_is_no_backup(world):
    lane = world.lane()
    Day(lane, "v1").next()
    with world.pi.failing.losing(MIB // 2, errno.EIO):
        result = lane.send_classic()
    check(result.code != 0, "it was said to be well")
    check_equal(lane.all_received, [], "the tag's directory")
    lane.send_well()


@case
def a_disk_on_a_full_one_loses_nothing_that_was_said_to_be_there(world):
    """The backup disk is a sparse file, and what that lies on is full."""
    for form in FORMS:
        with world.thin_disk() as store, world.pi_is(store.path):
            lane = world.lane()
            lane.received_dir = os.path.join(store.path, lane.tag)
            day = Day(lane, form)
            first = day.next()
            lane.send_well("--stream", form)
            store.fill()
            day.next()
            name = day.next()
            check(lane.send("--stream", form).code != 0, "it was said to be well")
            store.make_room()
            lane.check_complete(first)
            lane.check_arrived(first)
            lane.send_well("--stream", form)
            lane.check_arrived(name)
