"""What is there already is not sent again, unless somebody insists."""

import os

from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says

SIZE = 3 * MIB  # of what a full send moves


def _sent_once(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.name = lane.snapshot()
    lane.send_well()
    lane.check_complete(lane.name)
    return lane


@case
def nothing_new_is_said_and_sends_nothing(world):
    lane = _sent_once(world)
    before = lane.received
    result = lane.send_well()
    check_says(result.out, lane.name)
    lane.check_sent_only(0)
    check_equal(lane.received, before, "what is at the receiver")
    check_equal(lane.last_sent, lane.name, "what the sender noted as sent last")


@case
def nothing_new_is_known_from_the_receiver_when_the_senders_note_is_gone(world):
    lane = _sent_once(world)
    os.unlink(lane.last_sent_file)
    lane.send_well()
    lane.check_sent_only(0)
    lane.check_complete(lane.name)
    check_equal(lane.last_sent, lane.name, "the note made anew")


@case
def a_note_that_says_sent_does_not_hide_that_the_receiver_has_nothing(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    name = lane.snapshot()
    with open(lane.last_sent_file, "w", encoding="ascii") as file:
        file.write(name + "\n")
    lane.send_well()
    lane.check_arrived(name)


@case
def force_send_in_the_environment_sends_again_and_replaces(world):
    lane = _sent_once(world)
    _check_replaced(lane, lambda: lane.send_well(env={"FORCE_SEND": "1"}))


@case
def the_option_force_sends_again_and_replaces(world):
    lane = _sent_once(world)
    _check_replaced(lane, lambda: lane.send_well("--force"))


def _check_replaced(lane, send_again):
    before = lane.received[lane.name].uuid
    send_again()
    check(lane.world.link.sent > SIZE, f"only {lane.world.link.sent} bytes were sent")
    check(lane.received[lane.name].uuid != before, "the old copy is still the one")
    aside = f"{lane.name}.replaced-1"
    lane.check_complete(lane.name, aside)  # the former one is a backup like any other
    check_equal(lane.received[aside].uuid, before, "the copy set aside")
    lane.check_arrived(lane.name)


@case
def an_empty_force_send_forces_nothing(world):
    lane = _sent_once(world)
    before = lane.received
    lane.send_well(env={"FORCE_SEND": ""})
    lane.check_sent_only(0)
    check_equal(lane.received, before, "what is at the receiver")


@case
def a_forced_send_that_breaks_leaves_the_old_copy(world):
    lane = _sent_once(world)
    before = lane.received[lane.name]
    run = lane.start("--force", "--retries", "0")
    world.link.cut_after = SIZE // 2
    run.finish().expect_trouble(10)
    check_equal(lane.received[lane.name], before, "the copy that was to be replaced")
    lane.check_arrived(lane.name)
    lane.send_well("--force")
    lane.check_complete(lane.name, f"{lane.name}.replaced-1")


@case
def after_a_forced_send_the_next_day_is_an_increment(world):
    lane = _sent_once(world)
    lane.send_well("--force")
    lane.write("news", "of the day")
    second = lane.snapshot()
    lane.send_well()
    lane.check_sent_only(lane.increment_size(second, lane.name))
    lane.check_arrived(second)


@case
def forcing_the_newest_of_several_replaces_that_one_alone(world):
    lane = _sent_once(world)
    lane.write("news", "of the day")
    second = lane.snapshot()
    lane.send_well()
    before = lane.received
    lane.send_well("--force")
    check_equal(lane.received[lane.name], before[lane.name], "the day before")
    check(lane.received[second].uuid != before[second].uuid, "the old copy is still the one")
    lane.check_complete(lane.name, second, f"{second}.replaced-1")
    lane.check_arrived(second)
