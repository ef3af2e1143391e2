"""A job is which snapshots go where: all of that, and not what it is called or where it goes alone."""

import contextlib
import json
import os
import time

from harness import subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.second_pi import SecondPi
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

HISTORY = "/var/lib/snapferry/history.db"
SIZE = 4 * MIB  # of what a full send moves
NO_CONNECTION = (10, 18)


def _ready(world, *tags):
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    lane = world.lane(*tags)
    lane.write("base", noise(SIZE))
    return lane


def _next_day(lane, keep=2):
    """Takes a snapshot, and lets rotation take all but the newest."""
    lane.write("news", noise(10_000, len(os.listdir(lane.snapshot_dir))) + os.urandom(8))
    name = lane.snapshot()
    for old in sorted(subvolume.inside(lane.snapshot_dir))[:-keep]:
        subvolume.delete(lane.at_nas(old))
    return name


def _snapferry(world, *arguments):
    return world.commands.run(os.path.join(PROGRAM_DIRECTORY, "snapferry"), *arguments)


def _status(world):
    jobs = json.loads(_snapferry(world, "status", "--json").expect_well().out)["jobs"]
    return {one["job"]: one for one in jobs}


def _states(world, *arguments):
    """{job: what `snapferry check` says of it: "OK", "WARNING" or "CRITICAL"}"""
    lines = _snapferry(world, "check", "--sending", *arguments).out.splitlines()
    said = [line.split(" | ")[0].removeprefix("SNAPFERRY ").split(": ") for line in lines
            if " said " not in line]
    return {parts[1]: parts[0] for parts in said}


@case
def two_pis_with_one_tag_each_keep_their_pins_and_get_increments(world):
    lane = _ready(world)
    with SecondPi(world) as other:
        first = _next_day(lane)
        lane.send_well()
        other.send(lane).expect_well()
        for _ in range(4):  # the other one is off
            newest = _next_day(lane)
            lane.send_well()
            check(world.link.sent < SIZE // 2, f"{world.link.sent} bytes were sent")
        check_equal(sorted(map(os.path.basename, lane.all_pins)), [first, newest], "the pins")
        other.send(lane).expect_well()
        check(other.link.sent < SIZE // 2, f"{other.link.sent} bytes were sent to the other")
        check_equal(other.complete(lane.tag), [first, newest], "what the other one has")
        check_equal(list(map(os.path.basename, lane.all_pins)), [newest] * 2, "the pins")


@case
def what_one_pi_was_sent_half_is_not_given_up_for_another(world):
    lane = _ready(world)
    with SecondPi(world) as other:
        with world.receiver_configured('checkpoint_every = "1MiB"\n'):
            first = _next_day(lane)
            lane.interrupt(SIZE // 2, SIZE)
        other.send(lane).expect_well()
        second = _next_day(lane)
        other.send(lane).expect_well()
        subvolume.delete(lane.at_nas(first))
        lane.send_well()
        lane.check_complete(first, second)
        lane.check_arrived(second)
        check(world.link.sent < SIZE, f"{world.link.sent} bytes were sent: nothing was gone on with")


@case(needs=ALL_PROGRAMS)
def two_classic_lines_with_one_tag_have_two_histories(world):
    lane = _ready(world)
    with SecondPi(world) as other:
        _next_day(lane)
        lane.send_well()
        other.send(lane).expect_well()
        with world.pi_is_away():
            other.send(lane, "--retries", "0").expect_trouble(*NO_CONNECTION)
        newest = _next_day(lane)
        lane.send_well()
        states = _states(world)
        one, two = (f"{lane.tag} (127.0.0.1:{link.port})" for link in (world.link, other.link))
        check_equal(states, {one: "OK", two: "WARNING"}, "what the check says")
        check_equal(_status(world)[one]["newest"]["name"], newest, "the newest at the one")
        check(_status(world)[two]["newest"]["name"] != newest, "one Pi covers for the other")
        check_says(_snapferry(world, "forget", lane.tag).expect_trouble(1).err, one, two)
        _snapferry(world, "forget", two).expect_well()
        check_equal(list(_status(world)), [lane.tag], "the jobs that are left")


@case
def a_raw_job_is_sent_though_another_job_has_sent_the_same_snapshot(world):
    lane = _ready(world)
    name = _next_day(lane)
    lane.send_well()
    other = world.lane()
    to_other = (lane.snapshot_dir, lane.source_tag, other.tag, world.ssh.login_key, world.address)
    with world.classic_receiver():
        world.start_sender("--protocol", "raw", *to_other).finish().expect_well()
        check_equal(other.complete, [name], "what the classic receiver has")
        second = _next_day(lane)
        world.start_sender("--protocol", "raw", *to_other).finish().expect_well()
        check(world.link.sent < SIZE // 2, f"{world.link.sent} bytes were sent")
        check_equal(other.complete, [name, second], "what the classic receiver has")


@case
def a_stale_job_is_told_of_though_another_has_sent_newer_ones(world):
    lane = _ready(world)
    told = os.path.join(world.directory, "told")
    hook = os.path.join(world.directory, "hook")
    write_file(hook, f'#!/bin/sh\necho "$SNAPFERRY_AGE" >"{told}"\n', 0o755)
    with SecondPi(world) as other:
        write_file(SEND_CONFIGURATION,
                   receiver(world) + receiver(world, "far", port=other.link.port) +
                   job(lane, "near") +
                   job(lane, "far", to='"far"', on_stale=f'["{hook}"]', stale_after='"2s"'))
        _next_day(lane)
        taken = time.time()
        other.run("--job", "far").expect_well()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(told)
        time.sleep(max(0, taken + 4 - time.time()))
        _next_day(lane)
        world.start_sender("--job", "near").finish().expect_well()
        with world.pi_is_away():
            world.start_sender("--retries", "0", "--job", "far").finish().expect_trouble(
                *NO_CONNECTION)
    with open(told, encoding="ascii") as file:
        age = int(file.read())
    check(age >= 3, f"it is said to be {age} s old")


@case
def two_jobs_into_one_tag_of_a_receiver_are_refused(world):
    lane = _ready(world)
    _next_day(lane)
    other = receiver(world, "same", host='"127.0.0.1"')
    for text in (receiver(world) + job(lane, "one") + job(lane, "two", source_tag='"weekly"'),
                 receiver(world) + other + job(lane, "one") + job(lane, "two", to='"same"')):
        write_file(SEND_CONFIGURATION, text)
        refused = world.start_sender("--all").finish().expect_trouble(1)
        check_says(refused.err, "[jobs.one]", "[jobs.two]", lane.tag, "prune each other")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_second_job_of_one_subvolume_is_told_what_would_cost_nothing(world):
    lane = _ready(world)
    _next_day(lane)
    weekly = "2021-08-16T00:00:01+00:00-@weekly"
    subvolume.snapshot(lane.source, lane.at_nas(weekly))
    second = {"source_tag": '"weekly"', "dest_tag": f'"{world.lane().tag}"'}
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, "one") + job(lane, "two", **second))
    told = world.start_sender("--job", "two").finish().expect(0)
    check_says(told.err, f"and {lane.tag} at the receiver", "derive", "receive.toml")
    again = world.start_sender("--job", "two").finish().expect_well()  # once is enough
    check_says(again.out, "nothing to send")


@case
def a_job_whose_receiver_has_another_address_goes_on_where_it_was(world):
    lane = _ready(world)
    first = _next_day(lane)
    lane.send_well()
    for _ in range(3):
        newest = _next_day(lane)
    with SecondPi(world, "nobody's") as door:  # another way to the same Pi
        door.link.reset()
        result = world.start_sender(*lane.arguments(to=door.address)).finish().expect_well()
        check_says(result.out, "this is the same job", "incrementally")
        check(door.link.sent < SIZE // 2, f"{door.link.sent} bytes were sent")
        lane.check_complete(first, newest)


@case
def what_a_renamed_tag_leaves_is_removed_when_nobody_has_used_it_for_long(world):
    lane, renamed = _ready(world), world.lane()
    first = _next_day(lane)
    lane.send_well()
    place = lane.pin_place
    _next_day(lane)

    def send_renamed():
        return world.start_sender(lane.snapshot_dir, lane.source_tag, renamed.tag,
                                  world.ssh.login_key, world.address).finish().expect_well()

    send_renamed()
    check_equal(list(lane.pins), [first], "the pins of the old tag")
    note = f"{place}.unused"
    write_file(note, f"38 {int(time.time()) // 86400 - 1}\n")
    for _ in range(3):
        send_renamed()
    check_equal(list(lane.pins), [first], "the pins of the old tag within the same day")
    lane.send_well()
    check(not os.path.exists(note), "a job that is run again is still counted out")
    write_file(note, f"39 {int(time.time()) // 86400 - 1}\n")
    send_renamed()
    check_equal(lane.all_pins, {}, "the pins of the old tag")
    check_equal([entry for entry in os.listdir(os.path.dirname(place)) if lane.tag + "." in entry],
                [], "what is left of the old tag")
    lane.write("news", "of another day")
    third = lane.snapshot()
    lane.send_well()
    lane.check_arrived(third)
