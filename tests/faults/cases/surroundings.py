"""What else happens on the two machines while a send is at work, or between two of them."""

import os
import subprocess
import time

from harness import data, stream, subvolume
from harness.case import case
from harness.data import MIB
from harness.verdict import check, check_equal, check_says

LARGE = 16 * MIB
RATE = 8 * MIB  # bytes a second: a send lasts as long as several balances
SETTINGS = 'checkpoint_every = "2MiB"\n[defaults]\nkeep = 7\n'


def _two_days_sent(world):
    """A lane with files of every kind, backed up twice; a third day is in its source."""
    lane = world.lane()
    content = data.fill(lane.source)
    lane.first = lane.snapshot()
    lane.send_well()
    data.mutate(content)
    lane.second = lane.snapshot()
    lane.send_well()
    lane.write("middle", data.noise(LARGE))
    lane.write("last", "of the third day")
    return lane


def _send_while(world, lane, happens):
    """Sends a third day; something happens, again and again, until it is through."""
    lane.third = lane.snapshot()
    run = lane.start("--retries", "0")
    world.link.rate = RATE
    world.link.await_sent(MIB)
    check(not run.ended, "the send is through before anything has happened")
    while not run.ended:
        happens()
    run.finish().expect_well()


def _break_third_day(world, lane):
    """Sends a third day, and breaks that with most of it at the receiver."""
    lane.third = lane.snapshot()
    run = lane.start("--retries", "0")
    world.link.rate = RATE
    world.link.await_sent(LARGE * 3 // 4)
    world.link.cut()
    run.finish().expect_trouble(10)
    world.await_quiet()


def _change_quietly(backup):
    with subvolume.changed_quietly(backup):
        with open(os.path.join(backup, "large"), "r+b") as file:
            file.write(b"not what was sent")


# ---- the NAS -------------------------------------------------------------------------------------

@case
def rotation_and_balance_at_the_nas_while_it_sends_spoil_nothing(world):
    lane = _two_days_sent(world)

    def rotate_and_balance():
        for name in (lane.first, lane.second):
            if os.path.exists(lane.at_nas(name)):
                subvolume.delete(lane.at_nas(name))
        world.nas.balance()

    _send_while(world, lane, rotate_and_balance)
    lane.check_complete(lane.first, lane.second, lane.third)
    lane.check_arrived(lane.third)


@case
def a_balance_at_the_nas_between_a_break_and_the_next_run_spoils_nothing(world):
    lane = _two_days_sent(world)
    with world.receiver_configured(SETTINGS):
        _break_third_day(world, lane)
        world.nas.balance()
        lane.send_well()
    lane.check_complete(lane.first, lane.second, lane.third)
    lane.check_arrived(lane.third)


@case
def a_clock_of_the_nas_that_ran_years_ahead_costs_no_increment(world):
    lane = _two_days_sent(world)
    lane.let_days_pass(1000)  # not beyond the clock that this machine really has
    future = lane.snapshot()
    lane.send_well()
    lane.let_days_pass(-1000)  # somebody mends the clock, and deletes what came of it
    subvolume.delete(lane.at_nas(future))
    lane.write("last", "of a day with the right date")
    third = lane.snapshot()
    world.link.reset()
    lane.send_well()
    check(world.link.sent < MIB, f"{world.link.sent} bytes were sent for a small change")
    lane.check_complete(lane.first, lane.second, future, third)
    lane.check_arrived(third)


# ---- the Pi --------------------------------------------------------------------------------------

@case
def a_balance_at_the_pi_while_it_receives_spoils_nothing(world):
    lane = _two_days_sent(world)
    with world.receiver_configured(SETTINGS):
        _send_while(world, lane, world.pi.balance)
    lane.check_complete(lane.first, lane.second, lane.third)
    for name in lane.complete:
        lane.check_arrived(name)


@case
def an_interrupted_increment_is_finished_though_its_parent_is_deleted_at_the_pi(world):
    lane = _two_days_sent(world)
    with world.receiver_configured(SETTINGS):
        _break_third_day(world, lane)
        held = lane.held
        check(held > LARGE // 4, f"only {held} bytes are held")
        for name in (lane.first, lane.second):
            subvolume.delete(lane.at_pi(name))
        world.link.reset()
        check_says(lane.send_well().out, "going on with")
        most = LARGE - held + 2 * MIB
        check(world.link.sent < most, f"{world.link.sent} bytes were sent again, over {most}")
    lane.check_complete(lane.third)
    lane.check_arrived(lane.third)


@case
def backups_deleted_at_the_pi_before_an_increment_are_built_on_no_more_and_that_is_said(world):
    lane = _two_days_sent(world)
    subvolume.delete(lane.at_pi(lane.second))
    lane.snapshot()
    check_says(lane.send_well().out, f"incrementally from {lane.first}")
    for name in lane.complete:
        subvolume.delete(lane.at_pi(name))
    lane.write("last", "of the fourth day")
    fourth = lane.snapshot()
    check_says(lane.send_well().out, "in full", "the receiver has no snapshot of this tag")
    lane.check_complete(fourth)
    lane.check_arrived(fourth)


@case
def a_parent_changed_behind_the_back_and_made_read_only_again_is_built_on_no_more(world):
    lane = _two_days_sent(world)
    before = lane.received[lane.second]
    _change_quietly(lane.at_pi(lane.second))
    world.pi.sync()
    check_equal(lane.received[lane.second], before, "what the changed one shows of itself")
    lane.third = lane.snapshot()
    result = lane.send().expect(0)
    check_says(result.err, lane.second, "changed after it arrived")
    check_says(result.out, f"incrementally from {lane.first}")
    lane.check_arrived(lane.third)
    check(lane.second in lane.all_received, "the changed one was deleted")


@case
def a_change_of_the_parent_a_moment_ago_is_not_built_on_either(world):
    lane = _two_days_sent(world)
    _change_quietly(lane.at_pi(lane.second))  # and nobody has synced it yet
    lane.third = lane.snapshot()
    check_says(lane.send().expect(0).out, f"incrementally from {lane.first}")
    lane.check_arrived(lane.third)


@case
def a_change_of_the_parent_after_it_was_looked_at_is_not_built_on_either(world):
    lane = _two_days_sent(world)
    lane.third = lane.snapshot()
    increment = subvolume.send(lane.at_nas(lane.third), lane.at_nas(lane.second))
    mark = os.path.join(lane.staging, "mark")  # goes when what is there has been looked at
    with open(mark, "wb"):
        pass
    run = world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
    run.process.stdin.write(increment[:stream.HEADER_SIZE])
    run.process.stdin.flush()
    while os.path.exists(mark) and not run.ended:
        time.sleep(0.01)
    _change_quietly(lane.at_pi(lane.second))
    result = run.finish(increment[stream.HEADER_SIZE:]).expect_trouble(14)
    check_says(result.err, lane.second, "was changed after it arrived")
    check(lane.third not in lane.all_received, "built on a changed parent")


@case
def a_changed_copy_of_the_parent_elsewhere_on_the_disk_is_never_built_on(world):
    lane = _two_days_sent(world)
    copy = os.path.join(world.pi.path, "restored")
    subvolume.snapshot(lane.at_pi(lane.second), copy)
    _change_quietly(copy)
    # Sent anew, the backup is younger than its copy: who looks for the uuid finds the copy first.
    lane.send_well("--force")
    original = lane.received[lane.second].received_uuid
    check_equal(subvolume.inspect(copy).received_uuid, original, "the copy's received uuid")
    lane.third = lane.snapshot()
    lane.send_well("--incremental-only")
    lane.check_complete(lane.first, lane.second, f"{lane.second}.replaced-1", lane.third)
    lane.check_arrived(lane.third)


@case
def a_copy_of_the_parent_within_the_tag_confuses_nobody(world):
    lane = _two_days_sent(world)
    subvolume.snapshot(lane.at_pi(lane.second), lane.at_pi("a copy"))
    lane.third = lane.snapshot()
    lane.send_well("--incremental-only")
    lane.check_arrived(lane.third)
    subvolume.delete(lane.at_pi(lane.second))
    subvolume.delete(lane.at_pi(lane.third))
    lane.write("last", "of the fourth day")
    fourth = lane.snapshot()
    result = lane.send("--incremental-only").expect(0)  # not from what only seems to be the second
    check_says(result.err, "a copy is not the copy that was sent from here")
    check_says(result.out, f"incrementally from {lane.first}")
    lane.check_arrived(fourth)
    lane.check_complete(lane.first, "a copy", fourth)
