"""The Pi's clock goes wrong, and no backup goes for it."""

import os

from harness import wrong_clock
from harness.case import case
from harness.verdict import Skipped, check, check_equal, check_says

KEEPING_ONE = '[defaults]\nkeep = 1\nmin_age = "5d"\n'
WARNING = 1  # exit code that monitors know
DAY = 86400  # seconds


def _send_days(lane, count):
    names = []
    for day in range(count):
        lane.write("diary", f"day {day} of {len(lane.complete)}")
        names.append(lane.snapshot())
        lane.send().expect(0)  # a clock that jumps is a warning
    return names


def _with_faketime():
    if not wrong_clock.library():
        raise Skipped("libfaketime is not installed")


@case
def a_clock_that_jumps_prunes_nothing_young_and_is_told_of(world):
    _with_faketime()
    lane = world.lane()
    with world.receiver_configured(KEEPING_ONE):
        names = _send_days(lane, 4)
        for offset, direction in (("+10y", "ahead"), ("-20y", "back"), ("+6d", "ahead")):
            lane.write("diary", f"at {offset}")
            names.append(lane.snapshot())
            with wrong_clock.receiver_at(world, offset):
                check_says(lane.send().expect(0).err, f"clock went {direction} by")
            lane.check_complete(*names)
        with wrong_clock.receiver_at(world, "+10y", more=""):
            names += _send_days(lane, 1)
        lane.check_complete(*names)
        world.ssh.authorize_for(lane.tag)
        found = world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving", lane.tag)
        world.ssh.authorize()
        check_says(found.expect(WARNING).out, "this machine's clock went")


@case
def a_clock_that_jumps_between_two_boots_counts_for_a_day_at_most(world):
    _with_faketime()
    lane = world.lane()
    with world.receiver_configured(KEEPING_ONE):
        names = _send_days(lane, 4)
        for offset in ("+30y", "-40y", "+50y"):
            with wrong_clock.another_boot(world), wrong_clock.receiver_at(world, offset):
                names += _send_days(lane, 1)
            lane.check_complete(*names)


@case
def time_that_really_passes_lets_backups_go(world):
    lane = world.lane()
    with world.receiver_configured(KEEPING_ONE):
        names = _send_days(lane, 2)
        with wrong_clock.receiver_later(world, 4 * DAY):
            names += _send_days(lane, 1)
        lane.check_complete(*names)
        with wrong_clock.receiver_later(world, 6 * DAY):
            names += _send_days(lane, 1)
        lane.check_complete(*names[2:])


@case
def a_pi_that_is_off_for_most_of_each_day_ages_its_backups(world):
    _with_faketime()
    lane = world.lane()
    with world.receiver_configured(KEEPING_ONE):
        names = []
        for day in range(9):
            with wrong_clock.another_boot(world), wrong_clock.receiver_at(world, f"+{day}d"):
                names += _send_days(lane, 1)
        check(len(lane.complete) < len(names), "nothing was pruned in nine days")
        check(len(lane.complete) >= 5, f"only these are left: {lane.complete}")
        check_equal(lane.complete, names[-len(lane.complete):], "what is left")


@case
def a_record_of_time_that_is_lost_or_damaged_makes_no_backup_older(world):
    _with_faketime()
    lane = world.lane()
    records = [os.path.join(world.pi.path, ".snapferry", name)
               for name in (".clock", f"{lane.tag}.arrivals")]
    with world.receiver_configured(KEEPING_ONE):
        names = _send_days(lane, 3)
        for record in records:
            check_equal(oct(os.stat(record).st_mode & 0o777), "0o600", f"who may read {record}")
            with open(record, "wb") as file:
                file.write(b"\0" * 100)
            with wrong_clock.receiver_at(world, "+10y"):
                names += _send_days(lane, 1)
            lane.check_complete(*names)
            os.unlink(record)
            with wrong_clock.receiver_at(world, "+20y"):
                names += _send_days(lane, 1)
            lane.check_complete(*names)
    with world.receiver_configured(KEEPING_ONE.replace("keep = 1", "keep = 5")):
        with wrong_clock.receiver_later(world, 6 * DAY):
            names += _send_days(lane, 1)
        lane.check_complete(*names[-5:])
