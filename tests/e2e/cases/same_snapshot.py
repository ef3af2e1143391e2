"""Which snapshots at the two ends are the same: a uuid alone does not tell, and a wrong answer is a
backup that is silently wrong, or never made again."""

import json
import os
import subprocess

from harness import stream, subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.lane import check_same_tree
from harness.verdict import check, check_equal, check_says

SIZE = 4 * MIB  # of what a full send moves


def _sent(world, days):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.days = []
    for day in range(days):
        lane.write(f"of day {day}", noise(10_000, day))
        lane.days.append(lane.snapshot())
        lane.send_well()
    return lane


def _change(path):
    with subvolume.changed_quietly(path):
        os.unlink(os.path.join(path, "of day 0"))
        with open(os.path.join(path, "base"), "r+b") as file:
            file.write(b"this was changed after it was sent")


def _check_holds(lane, name):
    """Some complete backup at the Pi is what name is at the NAS now."""
    same = [found for found in lane.complete
            if found.startswith(name) and not _differs(lane.at_nas(name), lane.at_pi(found))]
    check(same, f"no backup of {name} is what it is at the NAS: {lane.complete}")


def _differs(one, other):
    try:
        check_same_tree(one, other)
        return False
    except Exception:
        return True


@case
def a_sent_snapshot_that_was_changed_at_the_nas_is_no_parent_and_its_pin_still_is(world):
    lane = _sent(world, 2)
    last = lane.days[-1]
    lane.write("news", noise(10_000, 9))
    third = lane.snapshot()
    increment = lane.increment_size(third, last)
    _change(lane.at_nas(last))
    check_says(lane.send().expect(0).err, last, "changed since it was sent")
    lane.check_arrived(third)
    lane.check_sent_only(increment)


@case
def a_sent_snapshot_that_was_changed_at_the_nas_is_no_parent_without_pins_either(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.write("of day 0", "x")
    first = lane.snapshot()
    lane.send_well("--no-pin")
    _change(lane.at_nas(first))
    lane.write("news", noise(10_000, 9))
    second = lane.snapshot()
    lane.send("--no-pin").expect(0)
    lane.check_arrived(second)


@case
def the_newest_changed_after_it_was_sent_is_sent_again_as_another_snapshot(world):
    lane = _sent(world, 2)
    last = lane.days[-1]
    _change(lane.at_nas(last))
    result = lane.send().expect(0)
    check_says(result.err, last, "changed since it was sent")
    _check_holds(lane, last)
    again = lane.send().expect(0)
    check_says(again.out, "nothing to send")
    lane.write("news", noise(10_000, 9))
    third = lane.snapshot()
    lane.send().expect(0)
    lane.check_arrived(third)
    lane.check_sent_only(lane.increment_size(third, last))


@case
def what_was_forgotten_is_not_taken_for_what_was_changed_since(world):
    lane = _sent(world, 2)
    last = lane.days[-1]
    _change(lane.at_nas(last))
    os.unlink(lane.memory)
    for pin in lane.pins.values():
        subvolume.delete(pin.path)
    lane.send().expect(0)
    _check_holds(lane, last)


@case
def a_received_uuid_that_a_working_subvolume_hands_on_hides_no_snapshot(world):
    """As an older tool leaves it: restored by send and receive, made writable by the plain ioctl."""
    lane = world.lane()
    lane.write("base", noise(SIZE))
    first = lane.snapshot()
    lane.send_well()
    subvolume.delete(lane.source)
    subprocess.run(["btrfs", "receive", "-q", os.path.dirname(lane.source)], check=True,
                   input=lane_stream(lane, first))
    os.rename(os.path.join(os.path.dirname(lane.source), first), lane.source)
    with subvolume.changed_quietly(lane.source):
        for day in range(3):
            lane.write("news", noise(10_000, day))
            name = lane.snapshot()
            check_equal(subvolume.inspect(lane.at_nas(name)).received_uuid,
                        subvolume.inspect(lane.source).received_uuid, "what was handed on")
            lane.send().expect(0)
            lane.check_arrived(name)
            if day > 0:
                check(world.link.sent < SIZE // 2, "a full send where an increment was due")
        check_says(lane.send().expect(0).out, "nothing to send")


def lane_stream(lane, name):
    """As if the Pi had sent it back: with the received uuid that it has there."""
    return subvolume.send(lane.at_pi(name))


@case
def a_snapshot_that_came_back_from_the_pi_unchanged_serves_as_parent(world):
    lane = _sent(world, 2)
    last = lane.days[-1]
    back = lane_stream(lane, last)
    for name in lane.days:
        subvolume.delete(lane.at_nas(name))
    for pin in lane.pins.values():
        subvolume.delete(pin.path)
    os.unlink(lane.memory)
    subvolume.delete(lane.source)
    subprocess.run(["btrfs", "receive", "-q", lane.snapshot_dir], check=True, input=back)
    subvolume.snapshot(lane.at_nas(last), lane.source, read_only=False)
    check_says(lane.send_well().out, "nothing to send", "nothing here remembers sending")
    check("remembers" not in lane.send_well().out, "it was said a second time")
    lane.write("news", noise(10_000, 9))
    third = lane.snapshot()
    lane.send_well()
    lane.check_arrived(third)
    check(world.link.sent < SIZE // 2, "a full send where an increment was due")


@case
def one_name_for_ever_goes_as_increments_and_is_right_each_time(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    name = "latest-@daily"
    for day in range(4):
        lane.write("news", noise(10_000, day))
        if day:
            subvolume.delete(lane.at_nas(name))
        subvolume.snapshot(lane.source, lane.at_nas(name))
        lane.send().expect(0)
        lane.check_arrived(name)
        if day:
            check(world.link.sent < SIZE // 2, f"day {day} was sent in full")


@case
def a_forged_copy_under_the_same_name_and_uuid_is_not_built_on(world):
    lane = _sent(world, 2)
    last = lane.days[-1]
    honest = lane.received[last]
    forged = (stream.Stream(own=honest.received_uuid).subvol(last).mkfile("base")
              .write("base", b"junk").end())
    lane.receive(bytes(forged)).expect_well()  # as whoever has stolen the key can send it
    check(lane.received[last].uuid != honest.uuid, "the forgery is not there")
    check(honest.uuid in {found.uuid for found in lane.received.values()},
          "the honest copy is gone")
    check_says(lane.send().expect(0).out, "nothing to send")  # the honest one is still there
    lane.write("news", noise(10_000, 9))
    third = lane.snapshot()
    lane.send().expect(0)
    lane.check_arrived(third)


@case
def where_only_the_forged_copy_is_left_it_is_said_and_nothing_is_built_on_it(world):
    lane = _sent(world, 1)
    name = lane.days[0]
    honest = lane.received[name].received_uuid
    lane.receive(bytes(stream.Stream(own=honest).subvol(name).mkfile("base").end())).expect_well()
    for found, backup in lane.received.items():
        if found != name:
            subvolume.delete(backup.path)
    result = lane.send().expect(0)
    check_says(result.err, name, "not the copy that was sent from here")
    lane.check_arrived(name)
    check(world.link.sent > SIZE, "the copy that is right was not sent in full")
    lane.write("news", noise(10_000, 9))
    second = lane.snapshot()
    lane.send().expect(0)
    lane.check_arrived(second)


@case
def a_memory_that_cannot_be_read_is_said_and_costs_trust_alone(world):
    for number, damage in enumerate(("", "{", '{"format": 99}', "null", "[" * 100_000)):
        lane = _sent(world, 1)
        with open(lane.memory, "w", encoding="ascii") as file:
            file.write(damage)
        lane.write("news", noise(10_000, 9))
        second = lane.snapshot()
        result = lane.send().expect(0)
        check_says(result.err, "cannot be read", os.path.basename(lane.memory))
        lane.check_arrived(second)
        with open(lane.memory, encoding="utf-8") as file:
            check_equal(json.load(file)["format"], 2, f"the memory after damage {number}")
