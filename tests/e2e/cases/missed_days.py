"""Days that the receiver has missed all go, the oldest first, each as its own increment."""

import json

from harness import processes, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_arrival, daemon
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

SIZE = 2 * MIB  # that each day adds
BASE = 8 * MIB  # what a full send would move again
KEEP_ALL = '[alarm]\n[defaults]\nkeep = 100\n'
RATE = 8 * MIB  # bytes a second, so that a run can be broken


class _Days:
    """A lane with one backup, and days that nobody sent."""

    def __init__(self, world, missed, sent=True, size=SIZE):
        self.lane, self.size = world.lane(), size
        self.lane.write("base", noise(BASE))
        self.first = self.lane.snapshot()
        if sent:
            self.lane.send_well()
        self.names = [self.pass_day(number) for number in range(missed)]

    def pass_day(self, number):
        self.lane.write("diary", f"day {number}")
        self.lane.write(f"photograph-{number}", noise(self.size, number + 1))
        return self.lane.snapshot()

    def check_in_order(self, *names):
        """They are the complete backups, equal, and have arrived in this order."""
        self.lane.check_complete(*names)
        for name in names:
            self.lane.check_arrived(name)
        ids = [self.lane.received[name].id for name in names]
        check_equal(ids, sorted(ids), "the order of arrival")

    def check_increments(self, first, *names):
        """Each stream was no larger than the step from the one before."""
        for before, name in zip((first, *names), names):
            came, step = self.came(name), self.lane.increment_size(name, before)
            check(came <= step * 11 // 10 + MIB // 10, f"{name}: {came} bytes for a step of {step}")

    def came(self, name):
        """The bytes of its stream, as the receiver has noted."""
        with open(self.lane.staging + ".arrivals", encoding="utf-8") as file:
            notes = json.load(file)
        return notes["facts"][str(self.lane.received[name].uuid)]["bytes"]


def _break_by(breaking, days, at, world):
    """Runs the sender until so much has gone, and breaks it."""
    days.lane.interrupt(at, RATE, "--send", "all", breaking=breaking)
    world.link.reset()


@case(needs=ALL_PROGRAMS)
def ten_missed_days_arrive_in_order_each_as_its_own_increment_though_broken_twice(world):
    days = _Days(world, 10)
    with world.receiver_configured(KEEP_ALL):
        _break_by(None, days, 5 * SIZE // 2, world)
        after_cut = len(days.lane.complete)
        check(1 < after_cut < 10, f"{after_cut} backups after a cut in the third day")
        _break_by(lambda: processes.kill(processes.SENDER), days, 5 * SIZE // 2, world)
        after_kill = len(days.lane.complete)
        check(after_cut < after_kill < 10, f"{after_kill} backups after the sender was killed")
        result = days.lane.send_well("--send", "all")
        check_says(result.out, "an interrupted send of", "is finished first")
        check("ALARM" not in result.text, "ten days at once raised the alarm")
        days.check_in_order(days.first, *days.names)
        days.check_increments(days.first, *days.names)
        check_equal(sorted(days.lane.manifests), sorted([days.first, *days.names]), "manifests")
        check_equal(list(days.lane.pins), days.names[-1:], "the pins that are left")
        check_says(days.lane.send_well("--send", "all").out, "nothing to send")
    told = world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving", days.lane.tag)
    check("ALARM" not in told.out, "the receiver is alarmed")


@case(needs=ALL_PROGRAMS)
def a_line_that_breaks_on_the_way_is_made_again_in_the_same_run(world):
    days = _Days(world, 4)
    with world.receiver_configured(KEEP_ALL):
        run = days.lane.start("--send", "all", "--retries", "1")
        world.link.rate = RATE
        for at in (SIZE * 3 // 2, 4 * SIZE):
            world.link.await_sent(at, run)
            world.link.cut()
        run.finish().expect(0)
        days.check_in_order(days.first, *days.names)


@case
def as_many_go_as_are_wanted_and_what_is_left_out_or_gone_is_said(world):
    days = _Days(world, 6, size=1000)
    subvolume.delete(days.lane.at_nas(days.first))
    subvolume.delete(days.lane.at_nas(days.names[0]))
    told = days.lane.send_well("--send", "all up to 3", "--dry-run").out
    check_says(told, f"{days.first}, the newest that the receiver has, is gone here",
               "5 snapshots are missing", "the 2 before it are left out",
               f"would send {days.names[3]} incrementally from {days.first}, 1 of 3", "that is about",
               f"would then send {days.names[5]} incrementally from {days.names[4]}: about")
    check_equal(days.lane.complete, [days.first], "after a dry run")
    told = days.lane.send_well("--send", "all up to 3").out
    check_says(told, ", 2 of 3", ", 3 of 3")
    check_equal(days.lane.complete, [days.first, *days.names[3:]], "the backups")
    for name in days.names[3:]:
        days.lane.check_arrived(name)


@case
def a_receiver_that_has_nothing_is_sent_all_and_prunes_between(world):
    days = _Days(world, 4, sent=False, size=1000)
    with world.receiver_configured('[defaults]\nkeep = 2\nmin_age = "0s"\n'):
        told = days.lane.send_well("--send", "all").out
        check_says(told, "5 snapshots are missing", f"sending {days.first} in full, 1 of 5",
                   f"pruned {days.first}")
        days.check_in_order(*days.names[-2:])


@case(needs=("snapshot-send",))
def a_classic_receiver_gets_them_all_too(world):
    days = _Days(world, 3, sent=False, size=1000)
    with world.classic_receiver():
        days.lane.send("--protocol", "raw").expect(0)
        days.names.append(days.pass_day(10))
        days.names.append(days.pass_day(11))
        told = days.lane.send("--protocol", "raw", "--send", "all").expect(0).out
        check_says(told, "2 snapshots are missing",
                   f"sending {days.names[3]} incrementally from {days.names[2]}, 1 of 2",
                   f"sending {days.names[4]} incrementally from {days.names[3]}, 2 of 2")
    for name in days.names[2:]:
        days.lane.check_arrived(name)
    check_equal(days.lane.last_sent, days.names[4], "the note")


@case
def the_daemon_sends_them_all_by_its_configuration_and_defaults(world):
    days = _Days(world, 3, size=1000)
    write_file(SEND_CONFIGURATION,
               '[defaults]\nsend = "all"\n' + receiver(world) + job(days.lane), 0o600)
    with daemon(world):
        await_arrival(days.lane, days.names[-1])
    check_equal(days.lane.complete, [days.first, *days.names], "what the daemon sent")
    write_file(SEND_CONFIGURATION, '[defaults]\nsend = "all"\n' + receiver(world) +
               job(days.lane, extra='send = "all up to 0"\n'), 0o600)
    check_says(world.start_sender("--all").finish().expect_trouble(1).err,
               '"all up to 30"')
