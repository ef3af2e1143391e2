"""The next increment finds a parent whatever was deleted, and wherever."""

import os

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.lane import check_same_tree
from harness.verdict import check, check_equal

SIZE = 4 * MIB  # of what a full send moves


def _two_days_sent(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.first = lane.snapshot()
    lane.send_well()
    lane.write("second", noise(10_000, 2))
    lane.second = lane.snapshot()
    lane.send_well()
    lane.write("third", noise(10_000, 3))
    return lane


@case
def a_parent_deleted_at_the_nas_is_still_pinned_so_that_an_increment_goes(world):
    lane = _two_days_sent(world)
    increment = _third_day(lane, lane.second)
    subvolume.delete(lane.at_nas(lane.first))
    subvolume.delete(lane.at_nas(lane.second))
    lane.send_well()
    lane.check_sent_only(increment)
    lane.check_arrived(lane.third)
    check_equal(lane.complete, [lane.first, lane.second, lane.third], "the backups")


@case
def every_snapshot_and_pin_deleted_at_the_nas_leads_to_a_full_send(world):
    lane = _two_days_sent(world)
    _third_day(lane, lane.second)
    for name in (lane.first, lane.second):
        subvolume.delete(lane.at_nas(name))
    for pin in lane.pins.values():
        subvolume.delete(pin.path)
    lane.send_well()
    check(world.link.sent > SIZE, "nothing is left to build on, yet an increment went")
    lane.check_arrived(lane.third)


@case
def a_parent_deleted_at_the_pi_falls_back_to_the_day_before(world):
    lane = _two_days_sent(world)
    increment = _third_day(lane, lane.first)
    subvolume.delete(lane.at_pi(lane.second))
    lane.send_well()
    lane.check_sent_only(increment)
    lane.check_complete(lane.first, lane.third)
    lane.check_arrived(lane.third)


@case
def everything_deleted_at_the_pi_leads_to_a_full_send(world):
    lane = _two_days_sent(world)
    _third_day(lane, lane.second)
    for name in (lane.first, lane.second):
        subvolume.delete(lane.at_pi(name))
    lane.send_well()
    check(world.link.sent > SIZE, "nothing is left to build on, yet an increment went")
    lane.check_complete(lane.third)
    lane.check_arrived(lane.third)


@case
def a_backup_that_somebody_made_writable_and_changed_is_no_parent(world):
    lane = _two_days_sent(world)
    _third_day(lane, lane.second)
    subvolume.set_read_only(lane.at_pi(lane.second), False)
    with open(os.path.join(lane.at_pi(lane.second), "base"), "r+b") as file:
        file.write(b"not what was sent")
    lane.send_well()
    lane.check_arrived(lane.third)
    check(lane.second in lane.all_received, "the writable one was deleted")


@case
def a_note_of_something_never_seen_heals_itself(world):
    for number, note in enumerate(("1999-01-01T00:00:00+00:00-@daily\n", "", "../../etc\n",
                                   "\x00\xff\n", "x" * 5000)):
        lane = _two_days_sent(world)
        increment = _third_day(lane, lane.second)
        with open(lane.last_sent_file, "w", encoding="latin-1") as file:
            file.write(note)
        lane.send_well()
        lane.check_sent_only(increment)
        lane.check_arrived(lane.third)
        check_equal(lane.last_sent, lane.third, f"the note after the {number}th bad one")


@case
def a_note_of_a_snapshot_that_the_receiver_lost_heals_itself(world):
    lane = _two_days_sent(world)
    increment = _third_day(lane, lane.first)
    check_equal(lane.last_sent, lane.second, "the note")
    subvolume.delete(lane.at_pi(lane.second))
    lane.send_well()
    lane.check_sent_only(increment)
    lane.check_arrived(lane.third)
    check_equal(lane.last_sent, lane.third, "the note afterwards")


@case
def demanding_an_increment_without_a_parent_is_refused(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    name = lane.snapshot()
    lane.send("--incremental-only").expect_trouble(3)
    check_equal(lane.complete, [], "the backups")
    check(world.link.sent < SIZE // 2, f"{world.link.sent} bytes were sent all the same")
    check_equal(lane.last_sent, None, "the note")
    lane.send_well()
    lane.write("more", "news")
    second = lane.snapshot()
    lane.send_well("--incremental-only")
    lane.check_complete(name, second)


@case
def pins_do_not_pile_up(world):
    lane = _two_days_sent(world)
    third = lane.snapshot()
    lane.send_well()
    check_equal(list(lane.pins), [third], "the pins after three sends")
    check(lane.pins[third].read_only, "the pin is writable")


@case
def a_snapshot_deleted_while_it_is_sent_still_arrives_whole(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    name = lane.snapshot()
    untouched = lane.at_nas("untouched")
    subvolume.snapshot(lane.source, untouched)
    run = lane.start()
    world.link.rate = SIZE  # a second, more or less
    world.link.await_sent(SIZE // 4)
    subvolume.delete(lane.at_nas(name))
    run.finish().expect_well()
    lane.check_complete(name)
    check_same_tree(untouched, lane.at_pi(name))


def _third_day(lane, parent):
    """Takes lane.third; returns the size of its increment to parent."""
    lane.third = lane.snapshot()
    return lane.increment_size(lane.third, parent)
