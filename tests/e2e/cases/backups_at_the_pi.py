"""What a person does with the backups at the Pi: list, prune, lock. Nothing is deleted unasked."""

import json
import os
import time

from harness import stream, subvolume, wire
from harness.case import case
from harness.verdict import check, check_equal, check_says

NEEDS = ("snapshot-receive", "snapferry")
CRITICAL = 2  # of a check
NOT_ROOT = 5
KEEPING_ONE = "[defaults]\nkeep = 1\n"


def _snapferry(world, *arguments, **how):
    return world.commands.run("/usr/local/sbin/snapferry", *arguments, **how)


def _with_backups(world, count):
    """A lane with so many backups, as raw streams; and their names, the oldest first."""
    lane = world.lane()
    names = [f"2021-08-{day:02}T07:00:01+00:00-@daily" for day in range(1, count + 1)]
    for name in names:
        lane.receive(bytes(stream.small(name))).expect_well()
    return lane, names


def _nothing_new(lane):
    """A sender that has nothing to send."""
    said = wire.hello() + wire.message("goodbye", up_to_date=True)
    return lane.receive(said).expect(0)


def _check_narrow(text):
    wide = [line for line in text.splitlines() if len(line) > 80]
    check(not wide, f"wider than 80 columns: {wide}")


@case(needs=NEEDS)
def keep_one_written_by_mistake_deletes_nothing_until_a_person_says_yes(world):
    with world.receiver_configured("[defaults]\nkeep = 30\n"):
        lane, names = _with_backups(world, 19)
    with world.receiver_configured(KEEPING_ONE):
        names.append("2021-08-20T07:00:01+00:00-@daily")
        result = lane.receive(bytes(stream.small(names[-1]))).expect(0)
        check_says(result.err, "19 of 20 backups", f"sudo snapferry prune {lane.tag}")
        lane.check_complete(*names)
        found = _snapferry(world, "check", "--receiving", lane.tag).expect(CRITICAL)
        check_says(found.out, "19 of 20 backups")

        shown = _snapferry(world, "prune", lane.tag, "--dry-run").expect_well()
        check_says(shown.out, "19 of 20 backups to be deleted", "dry run")
        lane.check_complete(*names)
        for answer in (b"", b"n\n", b"\n"):
            asked = _snapferry(world, "prune", lane.tag, input=answer).expect_trouble(1)
            check_says(asked.out, "Delete these 19 backups")
            check_says(asked.err, "nothing was deleted")
        lane.check_complete(*names)
        _snapferry(world, "prune", lane.tag, input=b"y\n").expect_well()
        lane.check_complete(names[-1])
        check_says(_snapferry(world, "prune", lane.tag, "--yes").expect_well().out,
                   "nothing to prune")


@case(needs=NEEDS)
def a_locked_backup_is_never_pruned_until_it_is_unlocked(world):
    lane, names = _with_backups(world, 3)
    _snapferry(world, "lock", lane.tag, names[0]).expect_well()
    with world.receiver_configured(KEEPING_ONE):
        _snapferry(world, "prune", lane.tag, "--yes").expect_well()
        lane.check_complete(names[0], names[2])
        check_says(_snapferry(world, "list", lane.tag).expect_well().out, "locked",
                   "goes when it is unlocked")
        _nothing_new(lane)
        lane.check_complete(names[0], names[2])
        _snapferry(world, "unlock", lane.tag, names[0]).expect_well()
        _nothing_new(lane)
        lane.check_complete(names[2])
    check_says(_snapferry(world, "lock", lane.tag, "nothing").expect_trouble(1).err, "nothing",
               f"snapferry list {lane.tag}")


@case(needs=NEEDS)
def what_the_policy_no_longer_keeps_goes_also_where_nothing_is_new(world):
    lane, names = _with_backups(world, 4)
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        lane.receive(wire.hello() + wire.message("goodbye")).expect(0)  # it only looked
        lane.check_complete(*names)
        _nothing_new(lane)
    lane.check_complete(*names[-2:])


@case
def a_sender_with_nothing_new_has_the_receiver_prune_and_a_dry_run_has_not(world):
    lane = world.lane()
    for day in range(3):
        lane.write("diary", f"day {day}")
        lane.snapshot()
        lane.send_well()
    names = lane.complete
    with world.receiver_configured(KEEPING_ONE):
        lane.send_well("--dry-run")
        lane.check_complete(*names)
        lane.send_well()
        world.await_quiet()
    lane.check_complete(names[-1])


@case(needs=NEEDS)
def a_list_says_why_each_backup_is_kept_and_what_lets_it_go(world):
    with world.receiver_configured('[defaults]\nkeep = "2 14d"\nmin_age = "5d"\n'):
        lane, names = _with_backups(world, 3)
        text = _snapferry(world, "list", lane.tag).expect_well().out
        _check_narrow(text)
        check_says(text, "3 backups", "2 14d", "free of", "scrub", "the newest",
                   "2 of the newest 2", "day 1 of 14", "younger than min_age (5 d)",
                   "14 newer days are there")
        check(text.index(names[2]) < text.index(names[0]), "the newest is not first")
        said = json.loads(_snapferry(world, "list", "--json").expect_well().out)
    found = next(tag for tag in said["tags"] if tag["tag"] == lane.tag)["backups"]
    check_equal([one["name"] for one in found], names[::-1], "the names")
    check_equal({one["keep"] for one in found}, {True}, "what is kept")
    check_equal(found[0]["new_bytes"], len(bytes(stream.small(names[2]))), "its new data")
    check_equal(found[0]["copy"], str(lane.received[names[2]].uuid), "its copy")


@case(needs=NEEDS)
def a_policy_can_be_tried_and_its_future_seen(world):
    lane, names = _with_backups(world, 6)
    tried = _snapferry(world, "prune", lane.tag, "--dry-run", "--keep", "2").expect_well().out
    check_says(tried, "4 of 6 backups to be deleted")
    said = json.loads(_snapferry(world, "prune", lane.tag, "--dry-run", "--json", "--keep",
                                 "30d 12m", "--days", "400").expect_well().out)
    found = said["tags"][0]["backups"]
    check(all(one["name"].startswith("to-come-") for one in found), "one of today is left")
    check(40 <= len(found) <= 42, f"{len(found)} backups for 30 days and 12 months")
    lane.check_complete(*names)
    for wrong in (("--keep", "3x"), ("--days", "0")):
        _snapferry(world, "prune", lane.tag, "--dry-run", *wrong).expect_trouble(1)
    _snapferry(world, "prune", lane.tag, "--keep", "2").expect_trouble(1)
    lane.check_complete(*names)


@case(needs=NEEDS)
def the_commands_at_the_pi_need_root_and_say_so(world):
    lane, names = _with_backups(world, 1)
    for command in (("list",), ("prune", lane.tag), ("lock", lane.tag, names[0]),
                    ("unlock", lane.tag, names[0])):
        result = _snapferry(world, *command, user=65534).expect_trouble(NOT_ROOT)
        check_says(result.err, "sudo")
    check_says(_snapferry(world, "list", "nowhere").expect_trouble(1).err, "nowhere",
               "snapferry list")


@case(needs=NEEDS)
def a_thousand_backups_are_listed_in_a_moment(world):
    lane, names = _with_backups(world, 1)
    for number in range(999):
        subvolume.snapshot(lane.at_pi(names[0]), lane.at_pi(f"more-{number:04}"))
    world.pi.sync()
    with world.receiver_configured('[defaults]\nkeep = "1000 14d"\n'):
        _nothing_new(lane)  # numbers them
        begin = time.monotonic()
        text = _snapferry(world, "list", lane.tag).expect_well().out
        listing = time.monotonic() - begin
        begin = time.monotonic()
        _nothing_new(lane)
        running = time.monotonic() - begin
    check_says(text, "1000 backups", "and 980 older")
    world.notes.append(f"list {listing:.2f} s, a run with nothing new {running:.2f} s")
    check_equal(len(os.listdir(lane.received_dir)), 1000, "how many there are")
