"""The main job: a snapshot goes over in full once, and after that only what is new."""

import os

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says


@case(needs=())
def the_classic_pair_itself_sends_in_full_and_then_only_the_increment(world):
    with world.classic_receiver():
        _first_in_full_then_the_increment(world.lane(), lambda lane: lane.send_classic())


@case
def a_first_send_is_full_and_the_next_ones_only_increments(world):
    _first_in_full_then_the_increment(world.lane(), lambda lane: lane.send())


def _first_in_full_then_the_increment(lane, send):
    link = lane.world.link
    lane.write("big", noise(8 * MIB))
    first = lane.snapshot()
    send(lane).expect_well()
    check(link.sent > 8 * MIB, f"only {link.sent} bytes went over the link")
    lane.check_arrived(first)
    lane.write("small", "one more")
    second = lane.snapshot()
    send(lane).expect_well()
    lane.check_sent_only(lane.increment_size(second, first))
    lane.write("another", noise(MIB))
    third = lane.snapshot()
    send(lane).expect_well()
    lane.check_sent_only(lane.increment_size(third, second))
    check(link.sent > MIB, f"only {link.sent} bytes went over the link")
    for name in (first, second, third):
        lane.check_arrived(name)
    lane.check_complete(first, second, third)
    check_equal(lane.last_sent, third, "what the sender noted as sent last")


@case
def the_newest_by_name_goes_whatever_else_lies_in_the_directory(world):
    lane = world.lane()
    lane.write("file", "the one")
    name = lane.snapshot()
    _litter(lane)
    lane.send_well()
    lane.check_complete(name)
    lane.check_arrived(name)


def _litter(lane):
    """Names that sort later and end alike, or are snapshots that end otherwise."""
    os.mkdir(lane.at_nas("2099-01-01-directory-@daily"))
    with open(lane.at_nas("2099-01-02-file-@daily"), "w", encoding="ascii") as file:
        file.write("no snapshot")
    os.symlink(lane.source, lane.at_nas("2099-01-03-link-@daily"))
    subvolume.snapshot(lane.source, lane.at_nas("2099-01-05-@hourly"))
    subvolume.snapshot(lane.source, lane.at_nas("2099-01-06-@daily-not"))


@case
def skipped_days_are_made_up_by_one_increment_to_the_newest(world):
    lane = world.lane()
    lane.write("base", noise(4 * MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("second-day", "a")
    lane.snapshot()
    lane.write("third-day", "b")
    third = lane.snapshot()
    lane.send_well()
    lane.check_sent_only(lane.increment_size(third, first))
    lane.check_complete(first, third)
    lane.check_arrived(third)


@case
def two_tags_take_the_same_snapshots_each_in_increments(world):
    lane, other = world.lane(), world.lane()
    lane.write("base", noise(4 * MIB))
    first = lane.snapshot()
    other.snapshot_dir = lane.snapshot_dir
    lane.send_well()
    other.send_well()
    for day in range(2):
        lane.write("news", f"of day {day}")
        newest = lane.snapshot()
        for one in (lane, other):
            one.send_well()
            one.check_sent_only(lane.increment_size(newest, first))
            one.check_arrived(newest)
    check_equal(lane.complete, other.complete, "the backups of the two tags")


@case
def the_receivers_words_come_back_to_the_senders_stdout(world):
    lane = world.lane()
    names = []
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        for day in range(2):
            lane.write("file", f"day {day}")
            names.append(lane.snapshot())
            result = lane.send_well()
    lane.check_complete(names[1])
    check_says(result.out, *names)  # what was sent, and what was pruned


@case
def quiet_says_nothing_at_all(world):
    lane = world.lane()
    lane.write("file", "contents")
    name = lane.snapshot()
    check_equal(lane.send_well("--quiet").out, "", "stdout of a quiet run")
    lane.check_arrived(name)


@case
def verbose_says_more_and_still_nothing_on_stderr(world):
    lane = world.lane()
    lane.write("file", "contents")
    first = lane.snapshot()
    plain = lane.send_well()
    lane.write("file", "changed")
    lane.snapshot()
    verbose = lane.send_well("--verbose")
    check(len(verbose.out) > len(plain.out), "--verbose says no more than a plain run")
    check_says(verbose.out, first)
