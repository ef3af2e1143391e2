"""What status, history and check say is so, also where a receiver has lost what it had."""

import contextlib
import json
import os
import sqlite3
import time

from harness import subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION

HISTORY = "/var/lib/snapferry/history.db"
UNKNOWN = 3  # exit code that monitors know
SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")


def _sent(world):
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    lane = world.lane()
    lane.write("file", noise(8 * MIB))
    lane.name = lane.snapshot()
    return lane


def _snapferry(world, *arguments):
    return world.commands.run(SNAPFERRY, *arguments)


def _job(world):
    (job,) = json.loads(_snapferry(world, "status", "--json").expect_well().out)["jobs"]
    return job


@case(needs=ALL_PROGRAMS)
def a_receiver_that_has_nothing_is_told_from_one_that_could_not_be_asked(world):
    lane = _sent(world)
    lane.send_well()
    with world.pi_is_away():
        lane.send("--retries", "0").expect_trouble(10, 18)
    check_equal(_job(world)["newest"]["name"], lane.name, "the newest, of a Pi that is off")
    subvolume.delete(lane.at_pi(lane.name))
    lane.send("--incremental-only").expect_trouble(3)
    state = _job(world)
    check_equal((state["newest"], state["newest_known"], state["kept"]), (None, True, []),
                "what a receiver has that has nothing")
    check_says(_snapferry(world, "status", "--sending").expect(22).out, "no backup", "none")
    with world.pi_is_away():
        lane.send("--retries", "0").expect_trouble(10, 18)
    check_equal((_job(world)["newest"], _job(world)["newest_known"]), (None, True),
                "the newest that was known last")
    check_says(_snapferry(world, "check", "--sending").expect(2).out, lane.tag, "has no backup")


@case(needs=ALL_PROGRAMS)
def what_is_kept_is_counted_once_after_a_send_that_was_resumed(world):
    lane = _sent(world)
    with world.receiver_configured('checkpoint_every = "1MiB"\n[defaults]\nkeep = 7\n'):
        lane.interrupt(4 * MIB, 8 * MIB)
        lane.send_well()
    check_equal(_job(world)["kept"], [lane.name], "what is kept")


@case(needs=ALL_PROGRAMS)
def a_history_that_is_moved_to_other_times_makes_no_backup_older(world):
    lane = _sent(world)
    lane.send_well()
    with contextlib.closing(sqlite3.connect(HISTORY)) as database, database:
        month = 30 * 86_400_000  # milliseconds
        database.execute(f"UPDATE run SET started = started - {month}, "
                         f"newest_taken = newest_taken - {month}")
    check_says(_snapferry(world, "check", "--sending").expect(2).out, "30 d")
    lane.send_well()
    check_says(_snapferry(world, "check", "--sending").expect_well().out, "OK")


@case(needs=ALL_PROGRAMS)
def the_newest_backup_is_no_younger_when_only_its_pin_is_left(world):
    lane = _sent(world)
    lane.send_well("--no-pin")
    taken = _job(world)["newest"]["taken"]
    time.sleep(1.1)  # so that the pin is made in another second
    lane.send_well()
    lane.write("file", "another")
    second = lane.snapshot()
    subvolume.delete(lane.at_nas(lane.name))
    with world.receiver_configured('reserve = "500GiB"\n'):
        lane.send().expect_trouble(16)
    newest = _job(world)["newest"]
    check_equal((newest["name"], newest["taken"]), (lane.name, taken), "the newest backup")
    check(second not in lane.complete, "the second one was sent")


@case(needs=ALL_PROGRAMS)
def a_check_that_cannot_be_said_is_unknown(world):
    lane = _sent(world)
    lane.send_well()
    for command in ("check --sending", "check --sending --nonsense"):
        result = world.commands.run("/bin/sh", "-c", f"{SNAPFERRY} {command} >/dev/full")
        check_equal(result.code, UNKNOWN, f"the exit code of {command}")


@case(needs=ALL_PROGRAMS)
def a_sender_without_configuration_and_history_does_not_vanish_from_the_check(world):
    lane = _sent(world)
    lane.send_well()
    os.unlink(HISTORY)
    said = _snapferry(world, "check")
    check(said.code != 0, "a machine that sends nothing any more is well")
    check_says(said.out, "backups were sent from here", HISTORY, SEND_CONFIGURATION)
    check("were sent" not in _snapferry(world, "check", "--receiving").out,
          "the receiving side tells of the sending side")
