"""Snapshots are made and rotated at the NAS, by hand, from cron and by the daemon."""

import datetime
import os
import re
import subprocess

from harness import subvolume, wrong_clock
from harness.case import case
from harness.daemon import await_that, daemon
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import Skipped, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

PROGRAM = "/usr/local/sbin/snapferry"
CONFIGURATION, DIRECTORY_MISSING, BUSY = 1, 2, 15  # exit codes
WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d-@daily$")


def _rotate(lane, keep, *options, **how):
    return lane.world.commands.run(PROGRAM, "rotate", lane.source, lane.snapshot_dir,
                                   lane.source_tag, str(keep), *options, **how)


def _rotate_well(lane, keep, *options, **how):
    """Returns the name of the new one."""
    before = set(subvolume.inside(lane.snapshot_dir))
    _rotate(lane, keep, *options, **how).expect_well()
    (new,) = set(subvolume.inside(lane.snapshot_dir)) - before
    return new


def _receive(stream, directory):
    subprocess.run(("btrfs", "receive", "--quiet", directory), input=stream, check=True)


def _there(lane):
    return sorted(subvolume.inside(lane.snapshot_dir))


@case
def rotate_makes_a_read_only_snapshot_and_keeps_as_many_as_are_asked_for(world):
    lane = world.lane()
    names = []
    for number in range(4):
        lane.write("file", f"number {number}")
        names.append(_rotate_well(lane, 3))
    check_equal(_there(lane), names[1:], "what is there")
    check_equal(sorted(names), names, "the order of the names")
    for number, name in enumerate(names[1:], start=1):
        check(WITH_OFFSET.match(name), f"{name} is no name of the rotation")
        check(subvolume.inspect(lane.at_nas(name)).read_only, f"{name} is writable")
        with open(os.path.join(lane.at_nas(name), "file"), encoding="utf-8") as file:
            check_equal(file.read(), f"number {number}", f"what {name} holds")


@case
def a_dry_run_of_rotate_changes_nothing_and_says_why_each_stays_or_goes(world):
    lane = world.lane()
    names = [_rotate_well(lane, 9) for _ in range(3)]
    result = _rotate(lane, 2, "--dry-run").expect(0)
    check_says(result.out, "would be made", f"{names[0]} would be deleted: 2 newer ones are kept",
               f"{names[2]} stays: 2 of the newest 2", "nothing was made or deleted")
    check_equal(_there(lane), names, "what is there")


@case
def rotate_goes_on_with_the_names_of_the_directory_in_the_zones_own_time(world):
    lane = world.lane()
    subvolume.snapshot(lane.source, lane.at_nas("2021-08-17--07-00-01-@daily"))
    name = _rotate_well(lane, 1, env={"TZ": "Asia/Kolkata"})
    check(re.match(r"\d{4}-\d\d-\d\d--\d\d-\d\d-\d\d-@daily$", name), f"{name} has another form")
    check_equal(_there(lane), [name], "what is there")


@case
def rotate_leaves_alone_what_is_not_its_own_and_says_so(world):
    lane = world.lane()
    other = lane.source + "-other"
    subvolume.create(other)
    foreign = "2020-01-01T00:00:00+00:00-@daily"
    by_hand = "before-the-upgrade-@daily"
    writable = "2020-01-02T00:00:00+00:00-@daily"
    other_tag = "2020-01-03T00:00:00+00:00-@weekly"
    subvolume.snapshot(other, lane.at_nas(foreign))
    subvolume.snapshot(lane.source, lane.at_nas(by_hand))
    subvolume.snapshot(lane.source, lane.at_nas(writable), read_only=False)
    subvolume.snapshot(lane.source, lane.at_nas(other_tag))
    os.mkdir(lane.at_nas("2020-01-04T00:00:00+00:00-@daily"))
    subvolume.create(os.path.join(lane.source, "nested"))
    first = _rotate_well(lane, 1)
    result = _rotate(lane, 1).expect(0)
    check_says(result.out, f"{foreign} stays: it is a snapshot of another subvolume",
               f"{by_hand} stays", f"{writable} stays: it is writable",
               "nested is a subvolume of its own", f"{first} deleted")
    check(other_tag not in result.text, "another tag's snapshot is named")
    (new,) = set(_there(lane)) - {foreign, by_hand, writable, other_tag}
    check(new != first, "the first one is still there")
    check(os.path.isdir(lane.at_nas("2020-01-04T00:00:00+00:00-@daily")), "a directory is gone")


@case
def rotate_leaves_alone_what_was_received_on_top_of_the_subvolume(world):
    lane = world.lane()
    sent, copies = lane.source + "-sent", lane.source + "-copies"
    os.mkdir(sent)
    os.mkdir(copies)
    names = ["2020-01-01T00:00:00+00:00-@daily", "2020-01-02T00:00:00+00:00-@daily"]
    first, second = (os.path.join(sent, name) for name in names)
    subvolume.snapshot(lane.source, first)
    lane.write("file", "of the second")
    subvolume.snapshot(lane.source, second)
    copy = os.path.join(copies, names[0])
    _receive(subvolume.send(first), copies)
    rotate = (PROGRAM, "rotate", copy, lane.snapshot_dir, "daily", "1")
    with subvolume.changed_quietly(copy):  # somebody goes on with what was received
        _receive(subvolume.send(second, first), lane.snapshot_dir)
        check_equal(subvolume.inspect(lane.at_nas(names[1])).parent_uuid, subvolume.inspect(copy).uuid,
                    "what it was received on top of")
        world.commands.run(*rotate).expect_well()
        (made,) = set(_there(lane)) - {names[1]}
        check_says(world.commands.run(*rotate).expect(0).out, f"{names[1]} stays", f"{made} deleted")
    check(names[1] in _there(lane) and made not in _there(lane), f"there is {_there(lane)}")


@case
def rotate_never_deletes_what_the_receiver_has_as_its_last(world):
    lane = world.lane()
    lane.write("file", noise(MIB, 1))
    sent = _rotate_well(lane, 1)
    lane.send_well("--no-pin")
    later = [_rotate_well(lane, 1) for _ in range(3)]
    check_equal(_there(lane), sorted([sent, later[-1]]), "what is there")
    lane.write("more", noise(MIB, 2))
    newest = _rotate_well(lane, 1)
    lane.send_well("--no-pin")
    lane.check_sent_only(lane.increment_size(newest, sent))
    last = _rotate_well(lane, 1)
    check_equal(_there(lane), sorted([newest, last]), "what is there when another has arrived")
    check_says(_rotate(lane, 1, "--dry-run").out, f"{newest} stays: the receiver of {lane.tag}")


@case
def rotate_never_deletes_what_an_interrupted_send_goes_on_with(world):
    lane = world.lane()
    lane.write("file", noise(16 * MIB, 1))
    begun = _rotate_well(lane, 1)
    lane.interrupt(4 * MIB, 4 * MIB, "--no-pin")
    newer = [_rotate_well(lane, 1) for _ in range(2)]
    check_equal(_there(lane), sorted([begun, newer[-1]]), "what is there")
    world.link.rate = None
    lane.send_well("--no-pin")
    lane.check_complete(begun, newer[-1])
    last = _rotate_well(lane, 1)
    check(begun not in _there(lane), "what has arrived, and is not the last, is still there")
    check(last in _there(lane), "the newest is gone")


@case
def rotate_leaves_to_the_kernels_send_what_it_reads(world):
    lane = world.lane()
    lane.write("file", noise(32 * MIB, 1))
    read = _rotate_well(lane, 1)
    with subprocess.Popen(("btrfs", "send", "--quiet", lane.at_nas(read)), stdout=subprocess.PIPE) as send:
        send.stdout.read(1)  # and no more: the pipe is full, and the kernel waits
        result = _rotate(lane, 1).expect(0)
        send.kill()
    check_says(result.out, f"{read} stays: it is being sent")
    check(read in _there(lane), "it is gone")
    _rotate_well(lane, 1)
    check(read not in _there(lane), "it is still there")


@case
def rotate_deletes_nothing_where_that_would_be_far_more_than_is_likely_to_be_meant(world):
    lane = world.lane()
    names = [_rotate_well(lane, 99) for _ in range(6)]
    result = _rotate(lane, 1).expect_trouble(CONFIGURATION)
    check_says(result.err, "it would delete 6 of 7 snapshots", "--yes")
    check_equal(len(_there(lane)), 7, "how many are there")
    _rotate(lane, 1, "--yes").expect(0)
    check_equal(len(_there(lane)), 1, "how many are there when it is meant")
    check(names[0] not in _there(lane), "the oldest is still there")


@case
def rotate_deletes_nothing_where_a_job_s_notes_cannot_be_read(world):
    lane = world.lane()
    lane.write("file", "something")
    first = _rotate_well(lane, 1)
    lane.send_well()
    write_file(lane.memory, "no notes any more")
    result = _rotate(lane, 1).expect_trouble(CONFIGURATION)
    check_says(result.err, "was made", "cannot be understood")
    check_equal(len(_there(lane)), 2, "how many are there")
    check(first in _there(lane), "the first is gone")
    lane.send()  # begins them anew
    _rotate(lane, 1).expect(0)


@case
def two_rotates_at_once_make_two_snapshots_of_two_names(world):
    lane = world.lane()
    runs = [world.commands.start(PROGRAM, "rotate", lane.source, lane.snapshot_dir, "daily", "9")
            for _ in range(3)]
    for run in runs:
        run.finish().expect_well()
    check_equal(len(_there(lane)), 3, "how many are there")


@case
def rotate_refuses_what_cannot_be_meant(world):
    lane = world.lane()
    command = world.commands.run
    for words, code, said in (
            ((lane.source, lane.snapshot_dir, "daily"), CONFIGURATION, "SUBVOLUME SNAPSHOT_DIR TAG KEEP"),
            ((lane.source, lane.snapshot_dir, "daily", "0"), CONFIGURATION, "not from 1 to"),
            ((lane.source, lane.snapshot_dir, "daily", "all"), CONFIGURATION, "none of the words"),
            ((lane.source, lane.snapshot_dir, "a/b", "3"), 4, "tag"),
            (("source", lane.snapshot_dir, "daily", "3"), CONFIGURATION, "absolute"),
            ((lane.source, lane.snapshot_dir + "-none", "daily", "3"), DIRECTORY_MISSING, "is no directory"),
            ((lane.snapshot_dir, lane.snapshot_dir, "daily", "3"), DIRECTORY_MISSING, "no btrfs subvolume"),
            (("/proc", lane.snapshot_dir, "daily", "3"), DIRECTORY_MISSING, "no btrfs subvolume"),
            ((lane.source, world.pi.path, "daily", "3"), 13, "one btrfs")):
        check_says(command(PROGRAM, "rotate", *words).expect_trouble(code).err, said)
    check_equal(_there(lane), [], "what is there")
    result = command(PROGRAM, "rotate", lane.source, lane.snapshot_dir, "daily", "3", user=world.login)
    result.expect_trouble(5)


@case
def forty_days_of_rotation_keep_what_the_words_say(world):
    library = wrong_clock.library()
    if not library:
        raise Skipped("libfaketime is not installed")
    lane = world.lane()
    first = datetime.datetime(2027, 2, 1, 0, 30)
    for day in range(40):
        when = first + datetime.timedelta(days=day)
        lane.write("file", f"day {day}")
        _rotate_well(lane, "3 7d 4w 2m", "--quiet",
                     env={"LD_PRELOAD": library, "FAKETIME": f"{when:@%Y-%m-%d %H:%M:%S}", "TZ": "UTC0",
                          "DONT_FAKE_MONOTONIC": "1"})
    days = [name[:10] for name in _there(lane)]
    newest = [f"2027-03-{day:02}" for day in range(6, 13)]
    check_equal(days, ["2027-02-01", "2027-02-15", "2027-02-22", "2027-03-01", *newest], "what is kept")


# The daemon, and [snapshots.NAME]


def _snapshots(lane, name="data", **changed):
    keys = {"subvolume": f'"{lane.source}"', "snapshot_dir": f'"{lane.snapshot_dir}"', "tag": '"daily"',
            "keep": "3", "calendar": '"*:*:0/2"', **changed}
    return f"[snapshots.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value)


@case
def the_daemon_makes_snapshots_and_sends_them(world):
    lane = world.lane()
    lane.write("file", noise(MIB, 1))
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, settle='"1s"') + _snapshots(lane))
    with daemon(world):
        await_that(lambda: len(lane.complete) >= 3, "three backups arrive")
        await_that(lambda: len(_there(lane)) in (3, 4), "old snapshots are deleted")
    check(len(_there(lane)) <= 5, f"{len(_there(lane))} snapshots are there")


@case
def the_daemon_makes_up_for_what_was_missed_and_for_no_more(world):
    lane = world.lane()
    subvolume.snapshot(lane.source, lane.at_nas("2021-08-17T07:00:01+00:00-@daily"))
    other = world.lane()
    write_file(SEND_CONFIGURATION, _snapshots(lane, calendar='"*-01-01"') + _snapshots(other, "other"))
    for start in range(2):
        done = len(_there(other))
        with daemon(world):
            await_that(lambda: len(_there(lane)) == 2, "the one that was missed is made")
            await_that(lambda: set(_there(other)) and len(_there(other)) > min(done, 2), "others are made")
        check_equal(len(_there(lane)), 2, f"how many are there after start {start + 1}")


@case
def a_rotation_of_the_daemon_that_fails_is_told_and_tried_again(world):
    lane = world.lane()
    told = os.path.join(world.directory, "told")
    hook = os.path.join(world.directory, "tell")
    write_file(hook, f'#!/bin/sh\necho "$SNAPFERRY_EVENT $SNAPFERRY_JOB $SNAPFERRY_ERROR" >>{told}\n', 0o755)
    hidden = lane.source + "-hidden"
    os.rename(lane.source, hidden)
    write_file(SEND_CONFIGURATION, f'[hooks]\non_failure = ["{hook}"]\n' + _snapshots(lane))
    with daemon(world) as run:
        await_that(lambda: os.path.exists(told), "the hook is called")
        os.rename(hidden, lane.source)
        await_that(lambda: _there(lane), "a snapshot is made")
    with open(told, encoding="utf-8") as file:
        check_says(file.read(), f"failure data {lane.source} is no btrfs subvolume")
    check_says(run.result.err, "is no btrfs subvolume")


@case
def rotate_does_what_the_configuration_says_by_name_or_all_of_it(world):
    lane, other = world.lane(), world.lane()
    write_file(SEND_CONFIGURATION, _snapshots(lane, calendar=None) +
               _snapshots(other, "other", calendar=None, keep='"2 7d"'))
    world.commands.run(PROGRAM, "rotate", "data").expect_well()
    check_equal((len(_there(lane)), len(_there(other))), (1, 0), "how many are there")
    world.commands.run(PROGRAM, "rotate", "--all", "--quiet").expect_well()
    check_equal((len(_there(lane)), len(_there(other))), (2, 1), "how many are there")
    result = world.commands.run(PROGRAM, "rotate", "othr").expect_trouble(CONFIGURATION)
    check_says(result.err, "has no [snapshots.othr]", "other")


@case
def a_rotation_that_cannot_be_meant_is_no_configuration(world):
    lane = world.lane()
    for changed, words in (({"keep": None}, "keep"), ({"keep": "0"}, "keep"), ({"keep": '"7x"'}, "7x"),
                           ({"subvolume": '"data"'}, "absolute"), ({"tag": '"a/b"'}, "tag"),
                           ({"calendar": '"now and then"'}, "no calendar expression"),
                           ({"keeep": "3"}, "keeep")):
        write_file(SEND_CONFIGURATION, _snapshots(lane, **changed))
        result = world.commands.run(PROGRAM, "rotate", "data").expect_trouble(CONFIGURATION)
        check_says(result.err, words, "send.toml:")
    for again in (lane.snapshot_dir, lane.snapshot_dir + "/", lane.snapshot_dir + "//."):
        write_file(SEND_CONFIGURATION, _snapshots(lane) + _snapshots(lane, "again", snapshot_dir=f'"{again}"'))
        result = world.commands.run(PROGRAM, "rotate", "data").expect_trouble(CONFIGURATION)
        check_says(result.err, "[snapshots.again] and [snapshots.data] both make snapshots")
