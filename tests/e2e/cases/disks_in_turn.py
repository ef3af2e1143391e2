"""Disks that are in by turns under one tag: each is known by its filesystem, and gets increments."""

import json
import os
import re

from harness import data, send_toml, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB
from harness.lane import check_same_tree
from harness.usb_disk import QUIET, LocalJob, usb_disks
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

SNAPFERRY = "/usr/local/sbin/snapferry"


class _Days:
    """A NAS that keeps two snapshots, and disks of which one is in each day."""

    def __init__(self, world, lane, send):
        self.world, self.lane, self._send = world, lane, send
        self.last = {}  # what each disk got last
        self.full = []  # the days of full sends
        data.fill(lane.source)
        lane.write("large", data.noise(8 * MIB))

    def day(self, disk):
        """A snapshot and a run with this disk in. Returns the run."""
        self.lane.write("diary", f"written before {disk}")
        name = self.lane.snapshot()
        for old in sorted(subvolume.inside(self.lane.snapshot_dir))[:-2]:
            subvolume.delete(self.lane.at_nas(old))
        with disk:
            result = self._send().expect_well()
            check_same_tree(self.lane.at_nas(name), disk.backup(self.lane.tag, name))
        if disk in self.last:
            check_says(result.out, f"incrementally from {self.last[disk]}")
        else:
            check_says(result.out, "in full")
        self.last[disk] = name
        return result


def _ssh_job(world, lane, path):
    """A job to a Pi whose disk is whatever is mounted there."""
    write_file(RECEIVE_CONFIGURATION, f'target_dir = "{path}"\n{QUIET}')
    write_file(SEND_CONFIGURATION, send_toml.receiver(world) + send_toml.job(lane), 0o600)
    return lambda *options: world.start_sender(*options, "--job", lane.tag).finish()


@case(needs=ALL_PROGRAMS)
def two_usb_disks_in_turn_for_six_days_get_a_full_send_each_and_then_increments(world):
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        days = _Days(world, lane, LocalJob(lane, one.path).send)
        for disk in (one, two, two, two, one, two):
            days.day(disk)
        check_equal(sorted(lane.pins), sorted(days.last.values()), "the pins, one for each disk")


@case(needs=ALL_PROGRAMS)
def a_pi_whose_disk_changes_each_week_gets_increments_on_both(world):
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        days = _Days(world, lane, _ssh_job(world, lane, one.path))
        for disk in (one, one, two, two, two, one, two):
            days.day(disk)
    world.configure_receiver()


@case(needs=ALL_PROGRAMS)
def what_was_remembered_before_disks_were_told_costs_no_full_send(world):
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        days = _Days(world, lane, _ssh_job(world, lane, one.path))
        days.day(one)
        with open(lane.memory, encoding="utf-8") as file:
            memory = json.load(file)
        for key in ("disk", "absent", "pins", "days_away", "last_day_away"):
            del memory[key]
        write_file(lane.memory, json.dumps(memory), 0o600)
        days.day(two)  # which it is not of
        days.day(one)
        days.day(two)
    world.configure_receiver()


@case(needs=ALL_PROGRAMS)
def what_is_interrupted_on_one_disk_goes_on_when_that_is_back(world):
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        send = _ssh_job(world, lane, one.path)
        write_file(RECEIVE_CONFIGURATION,
                   f'target_dir = "{one.path}"\ncheckpoint_every = "1MiB"\n{QUIET}')
        days = _Days(world, lane, send)
        days.day(one)
        lane.write("more", data.noise(24 * MIB, 7))
        begun = lane.snapshot()
        with one:
            run = world.start_sender("--retries", "0", "--job", lane.tag)
            world.link.rate = 8 * MIB
            world.link.await_sent(12 * MIB, run)
            world.link.cut()
            check(run.finish().code != 0, "the send was broken, and says that all is well")
            world.await_quiet()
        days.day(two)
        days.day(two)  # and with it the begun one is rotated away
        check(not os.path.exists(lane.at_nas(begun)), "the begun one is still there")
        lane.write("diary", "the last")
        name = lane.snapshot()
        with one:
            result = send().expect_well()
            check_says(result.out, f"an interrupted send of {begun} is finished first",
                       f"incrementally from {begun}")
            check("starting over" not in result.out, "it began anew")
            check_same_tree(lane.at_nas(name), one.backup(lane.tag, name))
            check(begun in one.complete(lane.tag), "what was interrupted is no backup")
    world.configure_receiver()


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_forgotten_holds_nothing_back(world):
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        job = LocalJob(lane, one.path)
        days = _Days(world, lane, job.send)
        days.day(one)
        days.day(two)
        told = world.commands.run(SNAPFERRY, "forget-disk", job.name).expect_well().out
        check_says(told, days.last[one], days.last[two])
        (away,) = re.findall(r"^(\S+)  away", told, re.M)
        with open(lane.memory, encoding="utf-8") as file:
            memory = json.load(file)
        check("has not been in" not in world.commands.run(SNAPFERRY, "check", "--sending").out, "a day is long")
        for disk in memory["absent"]:
            disk["days_away"] = 61
        write_file(lane.memory, json.dumps(memory), 0o600)
        check_says(world.commands.run(SNAPFERRY, "check", "--sending").out, f"WARNING: {job.name}: the disk UUID={away}",
                   "has not been in on 61 days", f"snapferry forget-disk {job.name} {away}")
        refused = world.commands.run(SNAPFERRY, "forget-disk", job.name, "no-disk").expect_trouble(1)
        check_says(refused.err, "waits for no disk")
        world.commands.run(SNAPFERRY, "forget-disk", job.name, "UUID=" + away).expect_well()
        check_equal(list(lane.pins), [days.last[two]], "the pins")
        days.day(two)


@case(needs=ALL_PROGRAMS)
def missed_days_all_go_to_each_disk_though_it_is_changed_amid_them(world):
    size, rate = 2 * MIB, 8 * MIB
    lane = world.lane()
    with usb_disks(world, "one", "two") as (one, two):
        send = _ssh_job(world, lane, one.path)
        write_file(RECEIVE_CONFIGURATION,
                   f'target_dir = "{one.path}"\ncheckpoint_every = "1MiB"\n{QUIET.replace("keep = 7", "keep = 99")}')
        days = [_missed_day(lane, 0, 8 * MIB)]
        for disk in (one, two):
            with disk:
                check_says(send().expect_well().out, "in full")
        days += [_missed_day(lane, number, size) for number in range(1, 6)]
        with one:
            run = world.start_sender("--retries", "0", "--send", "all", "--job", lane.tag)
            world.link.rate = rate
            world.link.await_sent(size * 5 // 2, run)
            world.link.cut()
            check(run.finish().code != 0, "the send was broken, and says that all is well")
            world.await_quiet()
            check(1 < len(one.complete(lane.tag)) < 6, f"{one.complete(lane.tag)} after the break")
        world.link.reset()
        subvolume.delete(lane.at_nas(days[0]))  # of both disks the last, or the one before: there are pins
        days.append(_missed_day(lane, 6, size))
        for disk in (two, one, two):
            with disk:
                told = send("--send", "all").expect_well().out
                check(" in full" not in told and "starting over" not in told, f"not by increments: {told}")
                check_equal(disk.complete(lane.tag), days, f"the backups on {disk.path}")
                for name in days[1:]:
                    check_same_tree(lane.at_nas(name), disk.backup(lane.tag, name))
    world.configure_receiver()


def _missed_day(lane, number, size):
    lane.write("diary", f"day {number}")
    lane.write(f"photograph-{number}", data.noise(size, number + 1))
    return lane.snapshot()
