"""A receiver on the NAS itself: a second disk there, without SSH and without sudo."""

import json
import os
import time

from harness import data, processes, send_toml, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_that, daemon
from harness.data import MIB
from harness.lane import check_same_tree
from harness.usb_disk import QUIET, LocalJob, usb_disks
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

SEGMENTS = 'checkpoint_every = "1MiB"\n'
LARGE = 16 * MIB
CONFIGURATION, DISK_AWAY = 1, 2  # exit codes


def _day(lane, number):
    lane.write("diary", f"day {number}")
    return lane.snapshot()


@case(needs=ALL_PROGRAMS)
def a_disk_at_the_nas_gets_full_and_incremental_backups_manifests_and_pruning(world):
    lane = world.lane()
    with usb_disks(world, "usb") as disk, disk, world.pi_is_away():
        job = LocalJob(lane, disk.path, lines=QUIET.replace("keep = 7", "keep = 2"))
        data.fill(lane.source)
        days = [_day(lane, 1)]
        check_says(job.send().expect_well().out, "in full")
        for number in (2, 3):
            days.append(_day(lane, number))
            check_says(job.send().expect_well().out, f"incrementally from {days[-2]}")
            check_same_tree(lane.at_nas(days[-1]), disk.backup(lane.tag, days[-1]))
        check_equal(disk.complete(lane.tag), days[1:], "what is kept")
        check_says(job.send().expect_well().out, days[-1])
        manifests = os.listdir(os.path.join(disk.path, ".snapferry", f"{lane.tag}.manifests"))
        check_equal(len(manifests), 2, "the manifests beside them")
        last = json.loads(world.commands.run("/usr/local/sbin/snapferry", "status", "--json")
                          .expect_well().out)
        check(job.config in json.dumps(last), "the history does not say where it went")


@case(needs=ALL_PROGRAMS)
def nothing_is_written_where_the_disk_is_not_mounted_or_the_snapshots_are(world):
    lane = world.lane()
    _day(lane, 1)
    with usb_disks(world, "usb") as disk:
        job = LocalJob(lane, disk.path)
        check_says(job.send().expect_trouble(DISK_AWAY).err, "nothing is mounted at", disk.path,
                   job.config)
        check_equal(os.listdir(disk.path), [], "what lies beneath the mount point")
    beneath = os.path.join(world.nas.path, "beneath")
    os.mkdir(beneath, 0o700)
    job = LocalJob(lane, beneath)
    check_says(job.send().expect_trouble(CONFIGURATION).err, "is on the filesystem of",
               lane.snapshot_dir, "mount the backup disk")
    check_equal([name for name in os.listdir(beneath) if name != ".snapferry"], [],
                "what was written to the snapshots' own disk")


@case(needs=ALL_PROGRAMS)
def the_words_of_ssh_are_refused_for_a_local_receiver(world):
    lane = world.lane()
    _day(lane, 1)
    job = LocalJob(lane, "/somewhere")
    for line, where in (('host = "pi.lan"\n', "config ="), ('cipher = "auto"\n', "config ="),
                        ('bandwidth_limit = "1MiB/s"\n', "config ="), ('key = "/k"\n', "dest_tag ="),
                        ('protocol = "raw"\n', "dest_tag =")):
        write_file(SEND_CONFIGURATION, job.text.replace(where, line + where, 1), 0o600)
        check_says(job.send().expect_trouble(CONFIGURATION).err, line.partition(" ")[0])
    write_file(SEND_CONFIGURATION, job.text.replace("local = true\n", ""), 0o600)
    check_says(job.send().expect_trouble(CONFIGURATION).err, "config")


class _Amid:
    """A large snapshot whose sending has come to a second checkpoint: so the first is on the disk."""

    def __init__(self, lane, disk, job, size=LARGE):
        self.lane, self.disk, self.job = lane, disk, job
        lane.write("large", data.noise(size, len(lane.tag)))
        self.name = lane.snapshot()
        self.run = job.start("--retries", "0")
        self.checkpoint = os.path.join(disk.path, ".snapferry", f"{lane.tag}.checkpoint")
        seen = set()
        while len(seen) < 2 and not self.run.ended:
            seen |= {self.held()} - {0}
            time.sleep(0.002)
        check(not self.run.ended, "the send had ended before it could be broken")

    def held(self):
        if not os.path.exists(self.checkpoint):
            return 0
        with open(self.checkpoint, encoding="utf-8") as file:
            return json.load(file)["shares"][-1]["end"]

    def check_goes_on(self):
        held = self.held()
        check(held > 0, "nothing is held")
        told = self.job.send().expect_well()
        check_says(told.out, "an interrupted send", "is finished first")
        check("starting over" not in told.out, "it began anew")
        check_same_tree(self.lane.at_nas(self.name), self.disk.backup(self.lane.tag, self.name))


@case(needs=ALL_PROGRAMS)
def a_local_run_that_is_killed_at_either_end_goes_on_where_it_stopped(world):
    with usb_disks(world, "usb") as disk, disk:
        for victim in (processes.SENDER, processes.LOCAL_RECEIVER, processes.BTRFS):
            lane = world.lane()
            job = LocalJob(lane, disk.path, settings=SEGMENTS)
            amid = _Amid(lane, disk, job)
            while not processes.kill(victim) and not amid.run.ended:
                time.sleep(0.001)  # between two segments there is no btrfs receive
            result = amid.run.finish()
            check(result.code != 0, f"{victim} was killed, and all is well")
            world.await_quiet()
            check_equal(disk.complete(lane.tag) if os.path.isdir(disk.backup(lane.tag, "")) else [],
                        [], "what counts as a backup")
            amid.check_goes_on()
            name = _day(lane, 2)
            check_says(job.send().expect_well().out, f"incrementally from {amid.name}")
            check_same_tree(lane.at_nas(name), disk.backup(lane.tag, name))


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_pulled_amid_a_local_run_is_gone_on_with_when_it_is_back(world):
    lane = world.lane()
    with usb_disks(world, "usb", may_fail=True) as disk:
        job = LocalJob(lane, disk.path, settings=SEGMENTS)
        with disk:
            amid = _Amid(lane, disk, job, 4 * LARGE)  # far from its end when the disk is pulled
            with disk.pulled():
                result = amid.run.finish()
                check(result.code != 0, "the disk was pulled, and all is well")
                world.await_quiet()
        job.send().expect_trouble(DISK_AWAY)
        check_equal(os.listdir(disk.path), [], "what was written beneath the mount point")
        with disk:
            amid.check_goes_on()


@case(needs=ALL_PROGRAMS)
def what_was_seeded_at_the_nas_goes_on_by_increments_behind_ssh(world):
    lane = world.lane()
    with usb_disks(world, "usb") as disk, disk:
        data.fill(lane.source)
        lane.write("large", data.noise(LARGE))
        first = lane.snapshot()
        LocalJob(lane, disk.path).send().expect_well()
        second = _day(lane, 2)
        size = lane.increment_size(second, first)
        subvolume.delete(lane.at_nas(first))  # the pin of it is what is left
        write_file(RECEIVE_CONFIGURATION, f'target_dir = "{disk.path}"\n{QUIET}')
        write_file(SEND_CONFIGURATION, send_toml.receiver(world) + send_toml.job(lane), 0o600)
        result = world.start_sender("--job", lane.tag).finish().expect_well()
        check_says(result.out, f"incrementally from {first}")
        lane.check_sent_only(size)
        check_equal(disk.complete(lane.tag), [first, second], "the backups of both ways")
        check_same_tree(lane.at_nas(second), disk.backup(lane.tag, second))
    world.configure_receiver()


@case(needs=ALL_PROGRAMS)
def the_daemon_sends_to_a_disk_at_the_nas_and_goes_on_when_it_is_back(world):
    lane = world.lane()
    with usb_disks(world, "usb") as disk:
        LocalJob(lane, disk.path, extra='settle = "1s"\n')
        days = [_day(lane, 1)]
        with disk, daemon(world):
            _await_all_of(lane, disk, days)
            disk.unmount()
            days.append(_day(lane, 2))
            await_that(lambda: _last_run(world)["exit_code"] == DISK_AWAY, "that the disk is away is noted")
            check_equal(_last_run(world)["error"].count("nothing is mounted"), 1, "how often why is said")
            check_equal(os.listdir(disk.path), [], "what was written beneath the mount point")
            disk.mount()
            days.append(_day(lane, 3))  # which tells the daemon to look before it would try again
            await_that(lambda: days[-1] in disk.complete(lane.tag), f"{days[-1]} arrives")
            check_same_tree(lane.at_nas(days[-1]), disk.backup(lane.tag, days[-1]))


def _await_all_of(lane, disk, days):
    """With their manifests: nobody is at the disk any more."""
    manifests = os.path.join(disk.path, ".snapferry", f"{lane.tag}.manifests")
    await_that(lambda: days[-1] in disk.complete(lane.tag), f"{days[-1]} arrives")
    await_that(lambda: os.path.isdir(manifests) and len(os.listdir(manifests)) == len(days), "their manifests")
    processes.await_none(processes.LOCAL_RECEIVER)


def _last_run(world):
    told = json.loads(world.commands.run("/usr/local/sbin/snapferry", "status", "--sending", "--json").expect(0).out)
    (job,) = [one for one in told["jobs"] if one["configured"]]
    return job["last_run"] or {"exit_code": None}
