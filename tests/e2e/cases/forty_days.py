"""Weeks with two Pis, three jobs and a classic cron line on one source tag, and Pis that are off."""

import contextlib
import json
import os
import random
import time

from harness import subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.second_pi import SecondPi
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

HISTORY = "/var/lib/snapferry/history.db"
SIZE = 4 * MIB  # of what a full send moves
KEPT_AT_THE_NAS = 2
SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")


class _Job:
    """What it is called, how it is run, and what has become of it."""

    def __init__(self, name, tag, pi, run):
        self.name, self.tag, self.pi, self._run = name, tag, pi, run
        self.days = []  # that its Pi has

    def send(self, day, away):
        result = self._run()
        if day in away:
            result.expect_trouble(10, 18)
            return
        result.expect_well()
        check(not self.days or self.pi.link.sent < SIZE // 2,
              f"{self.name}: {self.pi.link.sent} bytes were sent")
        self.days.append(day)


class _NearPi:
    """The Pi of the world, in the way that SecondPi is one."""

    def __init__(self, world):
        self.world, self.link, self.address = world, world.link, world.address

    def run(self, *arguments):
        return self.world.start_sender(*arguments).finish()

    def complete(self, tag):
        found = subvolume.inside(os.path.join(self.world.pi.path, tag))
        return [name for name, backup in found.items() if backup.complete]


class _Weeks:
    def __init__(self, world, far, lane, others):
        self.world, self.lane = world, lane
        self.names, self.taken = [], []  # of the snapshots, and by when each was taken
        near = _NearPi(world)
        write_file(SEND_CONFIGURATION,
                   receiver(world) + receiver(world, "far", port=far.link.port) +
                   job(lane, "near") + job(lane, "far", to='"far"') +
                   job(lane, "second", dest_tag=f'"{others[0].tag}"'))
        cron = (lane.snapshot_dir, lane.source_tag, others[1].tag, world.ssh.login_key, far.address)
        self.jobs = [
            _Job("near", lane.tag, near, lambda: near.run("--retries", "0", "--job", "near")),
            _Job("far", lane.tag, far, lambda: far.run("--retries", "0", "--job", "far")),
            _Job("second", others[0].tag, near,
                 lambda: near.run("--retries", "0", "--job", "second")),
            _Job(others[1].tag, others[1].tag, far, lambda: far.run("--retries", "0", *cron)),
        ]
        self.far = far
        self.stale_checks = 0

    def live(self, days, near_away, far_away):
        for day in range(days):
            with told_of_failures(f"day {day}"):
                self._take_snapshot(day)
                for one in self.jobs:
                    away = far_away if one.pi is self.far else near_away
                    with self.world.pi_is_away() if day in away else contextlib.nullcontext():
                        one.send(day, away)
                self._check_pins()
                self._check_what_is_said()
        check(self.stale_checks > days // 4, f"only {self.stale_checks} backups were ever too old")

    def _take_snapshot(self, day):
        self.lane.write("news", f"of day {day}" + "." * 10_000)
        self.names.append(self.lane.snapshot())
        self.taken.append(time.time())
        for old in sorted(subvolume.inside(self.lane.snapshot_dir))[:-KEPT_AT_THE_NAS]:
            subvolume.delete(self.lane.at_nas(old))

    def _check_pins(self):
        home = os.path.join(self.lane.snapshot_dir, ".snapferry")
        for entry in os.scandir(home):
            rooms = os.listdir(entry.path) if entry.is_dir() else []
            check(len(rooms) <= 1, f"the pins in {entry.name}: {rooms}")

    def _check_what_is_said(self):
        status = self.world.commands.run(SNAPFERRY, "status", "--json").expect_well().out
        said = {one["job"]: one["newest"] and one["newest"]["name"]
                for one in json.loads(status)["jobs"]}
        truth = {one.name: one.days and self.names[one.days[-1]] or None for one in self.jobs}
        check_equal(said, truth, "the newest backups")
        for one in self.jobs:
            check_equal(one.pi.complete(one.tag), [self.names[day] for day in one.days][-7:],
                        f"what there is of {one.name}")
            self._check_state_of(one)

    def _check_state_of(self, one):
        """Too old is what is older than a limit that its newest backup is past for certain."""
        newest = one.days[-1] if one.days else None
        if newest == len(self.names) - 1:
            check_equal(self._state(one, "1d"), "OK", f"the state of {one.name}")
            return
        check(self._state(one, "1d") != "OK", f"{one.name}, whose last run failed, is OK")
        limit = int(time.time() - self.taken[newest]) - 1 if newest is not None else 0
        if limit >= 0:
            self.stale_checks += 1
            check_equal(self._state(one, f"{limit}s"), "CRITICAL", f"the state of {one.name}")

    def _state(self, one, max_age):
        said = self.world.commands.run(SNAPFERRY, "check", "--sending", "--max-age", max_age).out
        for line in said.replace("SNAPFERRY ", "").splitlines():
            if line.split(": ")[1] == one.name:
                return line.split(": ")[0]
        return "not told of"


def _live(world, days, near_away, far_away):
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    lane, others = world.lane(), [world.lane(), world.lane()]
    lane.write("base", noise(SIZE))
    with SecondPi(world) as far:
        _Weeks(world, far, lane, others).live(days, near_away, far_away)


@case(needs=ALL_PROGRAMS)
def a_week_with_two_pis_and_four_jobs_is_never_sent_in_full_again_nor_said_to_be_what_it_is_not(
        world):
    _live(world, 7, near_away={1, 2}, far_away={2, 3, 4, 5})


@case(long=True, needs=ALL_PROGRAMS)
def forty_days_with_two_pis_and_four_jobs_are_never_sent_in_full_again(world):
    chance = random.Random(int(os.environ.get("SNAPFERRY_SEED", "7")))
    _live(world, 40, near_away={day for day in range(1, 39) if chance.random() < 0.3},
          far_away={day for day in range(1, 39) if chance.random() < 0.4} | set(range(10, 20)))
