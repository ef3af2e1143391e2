"""A flood of junk, and a NAS whose files were encrypted: nothing is pruned until a person looks."""

import os

from harness import stream
from harness.case import case
from harness.journal import Journal
from harness.verdict import check, check_equal, check_says
from harness.world import write_file

NEEDS = ("snapshot-receive", "snapferry")
CRITICAL = 2  # of a check
DAYS = 9
JUNK = 500
FILES = 50
HOOK = "/usr/local/sbin/alarm-hook"
TOLD = "/run/alarm-told"


def _snapferry(world, *arguments):
    return world.commands.run("/usr/local/sbin/snapferry", *arguments)


def _clear(world, lane):
    check_says(_snapferry(world, "check", "--receiving", lane.tag).expect(CRITICAL).out, "ALARM",
               f"snapferry clear-alarm {lane.tag}")
    check_says(_snapferry(world, "list", lane.tag).expect_well().out, "ALARM")
    check_says(_snapferry(world, "clear-alarm", lane.tag).expect_well().out, "is cleared")
    check("ALARM" not in _snapferry(world, "check", "--receiving", lane.tag).out, "still alarmed")
    check_says(_snapferry(world, "clear-alarm", lane.tag).expect_well().out, "no alarm")


def _send_files(lane, numbers, text):
    for number in numbers:
        lane.write(f"photograph-{number:03}", text * 100)
    name = lane.snapshot()
    return name, lane.send()


def _burgle(world, count):
    """Default configuration, so many daily backups, and then junk as fast as it goes."""
    lane = world.lane()
    with world.receiver_configured('[alarm]\n[defaults]\nkeep = 7\nmin_age = "5d"\n'):
        honest = [f"2021-08-{day:02}T07:00:01+00:00-@daily" for day in range(1, DAYS + 1)]
        for name in honest:
            lane.receive(bytes(stream.small(name))).expect_well()
        results = [lane.receive(bytes(stream.small(f"junk-{number}"))).expect(0)
                   for number in range(count)]
        check(set(honest) <= set(lane.complete), f"lost: {set(honest) - set(lane.complete)}")
        told = [result for result in results if "ALARM" in result.err]
        check(told, "the sender was told of no alarm")
        check_says(told[0].err, "backups arrived within a day")
        _clear(world, lane)
        lane.receive(bytes(stream.small("after"))).expect_well()


@case(needs=NEEDS)
def a_flood_of_junk_loses_none_of_the_last_days_and_raises_the_alarm(world):
    _burgle(world, 40)


@case(needs=NEEDS, long=True)
def five_hundred_junk_snapshots_lose_none_of_the_last_days(world):
    _burgle(world, JUNK)


@case
def rewriting_much_of_what_was_there_raises_the_alarm_and_adding_does_not(world):
    lane = world.lane()
    write_file(HOOK, f'#!/bin/sh\nenv > {TOLD}\n', 0o755)
    with Journal() as journal, world.receiver_configured(
            f'on_alarm = ["{HOOK}"]\n[alarm]\n[defaults]\nkeep = 1\nmin_age = "0s"\n'):
        first, result = _send_files(lane, range(FILES), "sea")
        result.expect_well()
        second, result = _send_files(lane, range(FILES, 4 * FILES), "mountain")
        result.expect_well()
        lane.check_complete(second)
        lane.write("photograph-001", "mended")
        third = lane.snapshot()
        lane.send_well()
        lane.check_complete(third)
        fourth, result = _send_files(lane, range(FILES * 4 * 40 // 100), "ENCRYPTED")
        check_says(result.expect_trouble(0).err, "ALARM", "of about 200 files", "80 were rewritten",
                   f"sudo snapferry clear-alarm {lane.tag}")
        lane.check_complete(third, fourth)
        with open(TOLD, encoding="utf-8") as file:
            check_says(file.read(), f"SNAPFERRY_TAG={lane.tag}", f"SNAPFERRY_SNAPSHOT={fourth}",
                       "SNAPFERRY_ALARM=of about 200 files")
        check_says(lane.send().expect_trouble(0).err, "ALARM")
        world.await_quiet()
        lane.check_complete(third, fourth)
        _clear(world, lane)
    lines = "\n".join(entry["MESSAGE"] for entry in journal.of("snapshot-receive"))
    check_says(lines, "ALARM", f"pruned {first}", f"received {fourth}")


@case
def files_that_are_deleted_or_moved_are_counted_and_a_directory_moved_is_one(world):
    lane = world.lane()
    home = lane.source
    os.mkdir(os.path.join(home, "album"))
    for number in range(FILES):
        lane.write(f"album/{number}", f"photograph {number}")
        lane.write(f"{number}", f"photograph {number}")
    with world.receiver_configured("[alarm]\n"):
        lane.snapshot()
        lane.send_well()
        os.rename(os.path.join(home, "album"), os.path.join(home, "album of the sea"))
        lane.snapshot()
        lane.send_well()
        for number in range(20):
            os.unlink(os.path.join(home, str(number)))
        for number in range(20, 35):
            os.rename(os.path.join(home, str(number)), os.path.join(home, f"{number}.locked"))
        lane.snapshot()
        check_says(lane.send().expect_trouble(0).err, "of about 100 files", "0 were rewritten",
                   "15 renamed and 20 deleted")
    check_equal(len(lane.complete), 3, "how many there are")


@case(needs=NEEDS)
def a_note_of_an_alarm_that_is_damaged_is_an_alarm(world):
    lane = world.lane()
    for name in ("one", "two"):
        lane.receive(bytes(stream.small(name))).expect_well()
    with open(os.path.join(world.pi.path, ".snapferry", f"{lane.tag}.alarm"), "wb") as file:
        file.write(b"\0" * 50)
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        lane.receive(bytes(stream.small("three"))).expect(0)
        lane.check_complete("one", "three", "two")
        _clear(world, lane)
        lane.receive(bytes(stream.small("four"))).expect_well()
    lane.check_complete("four")
