"""snapferry check on the Pi: what it says of the backup disk, and that it changes nothing."""

import os
import shutil
import subprocess
import time

from harness import stream, subvolume
from harness.case import case
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, write_file

NEEDS = ("snapshot-receive", "snapferry")
ARRIVALS = "/var/lib/snapferry/arrivals"
OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3  # exit codes that monitors know
DAY = 86400  # seconds
PATIENCE = 60.0  # seconds


def _check(world, *arguments):
    return world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving",
                              *arguments)


def _scrubbed(world):
    subprocess.run(["btrfs", "scrub", "start", "-B", world.pi.path], check=True,
                   stdout=subprocess.DEVNULL)


def _with_backup(world, name="small"):
    lane = world.lane()
    lane.receive(bytes(stream.small(name))).expect_well()
    world.ssh.authorize_for(lane.tag)
    return lane


@case(needs=NEEDS)
def a_disk_with_fresh_backups_that_was_scrubbed_is_well(world):
    lane = _with_backup(world)
    _scrubbed(world)
    result = _check(world).expect_well()
    check_says(result.out, "SNAPFERRY OK", f"{lane.tag}: the newest backup arrived",
               "was last scrubbed", "in reserve", "no device is missing or has counted errors")


@case(needs=NEEDS)
def a_disk_that_was_never_scrubbed_or_long_ago_is_a_warning_but_not_at_once(world):
    lane = _with_backup(world)
    for name in os.listdir("/var/lib/btrfs") if os.path.isdir("/var/lib/btrfs") else ():
        os.unlink(os.path.join("/var/lib/btrfs", name))
    check_says(_check(world, lane.tag).expect_well().out, "SNAPFERRY OK", "was not scrubbed yet")
    time.sleep(1.1)  # the check counts in whole seconds
    check_says(_check(world, "--max-scrub-age", "0s", lane.tag).expect(WARNING).out,
               "SNAPFERRY WARNING", "never scrubbed")
    _scrubbed(world)
    _check(world, lane.tag).expect(OK)
    time.sleep(1.1)
    check_says(_check(world, "--max-scrub-age", "0s", lane.tag).expect(WARNING).out,
               "was last scrubbed")


@case(needs=NEEDS)
def a_backup_that_is_too_old_is_critical(world):
    lane = _with_backup(world)
    _scrubbed(world)
    _check(world, lane.tag).expect(OK)
    time.sleep(1.1)  # the check counts in whole seconds
    check_says(_check(world, "--max-age", "0s", lane.tag).expect(CRITICAL).out,
               "SNAPFERRY CRITICAL", lane.tag, "does its sender run")


@case(needs=NEEDS)
def a_tag_that_is_configured_and_has_no_backup_is_critical(world):
    _with_backup(world)
    _scrubbed(world)
    with world.receiver_configured("[tags.music]\nkeep = 7\n"):
        check_says(_check(world).expect(CRITICAL).out, "music: there is no backup")


@case(needs=NEEDS)
def what_lies_beside_the_tags_is_not_taken_for_one(world):
    _with_backup(world)
    _scrubbed(world)
    os.mkdir(os.path.join(world.pi.path, "photos"))
    try:
        check("photos" not in _check(world).expect_well().out, "a plain directory was judged")
    finally:
        os.rmdir(os.path.join(world.pi.path, "photos"))


@case(needs=NEEDS)
def a_disk_below_its_reserve_is_critical_and_near_it_a_warning(world):
    lane = _with_backup(world)
    _scrubbed(world)
    space = os.statvfs(world.pi.path)
    free = space.f_bavail * space.f_frsize
    for reserve, code in ((free // 4, OK), (free * 3 // 4, WARNING), (free * 5 // 4, CRITICAL)):
        with world.receiver_configured(f'reserve = "{reserve}B"\n'):
            check_says(_check(world, lane.tag).expect(code).out, "in reserve")


@case(needs=NEEDS)
def a_receive_that_was_begun_and_came_no_further_is_a_warning(world):
    lane = _with_backup(world)
    _scrubbed(world)
    write_file(lane.checkpoint, "{}")
    two_days_ago = time.time() - 2 * DAY
    os.utime(lane.checkpoint, (two_days_ago, two_days_ago))
    try:
        check_says(_check(world, lane.tag).expect(WARNING).out, "unfinished", lane.tag)
    finally:
        os.unlink(lane.checkpoint)


@case(needs=NEEDS)
def a_backup_that_was_changed_is_a_warning(world):
    lane = _with_backup(world, "first")
    lane.receive(bytes(stream.small("second"))).expect_well()
    _scrubbed(world)
    with subvolume.changed_quietly(lane.at_pi("first")):
        write_file(os.path.join(lane.at_pi("first"), "file"), "changed")
    world.pi.sync()
    check_says(_check(world, lane.tag).expect(WARNING).out, "first is not counted", "changed")


@case(needs=NEEDS)
def errors_that_a_device_has_counted_are_critical(world):
    lane = _with_backup(world)
    _scrubbed(world)
    _check(world, lane.tag).expect(OK)
    with _damaged_file(world):
        result = _check(world, lane.tag).expect(CRITICAL)
        check_says(result.out, world.pi.device, "corruption errors")
        check("csum_errors" not in result.out, "a scrub found it already")
        subprocess.run(["btrfs", "scrub", "start", "-B", world.pi.path], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        check_says(_check(world, lane.tag).expect(CRITICAL).out, "csum_errors")
    _scrubbed(world)
    _check(world, lane.tag).expect(OK)


class _damaged_file:
    """Within, a file of the disk is damaged beneath it, and was read."""

    MARK = b"this is damaged on the disk" * 1000

    def __init__(self, world):
        self._pi = world.pi
        self._file = os.path.join(world.pi.path, "damaged")

    def __enter__(self):
        with open(self._file, "wb") as file:
            file.write(self.MARK)
        self._pi.sync()
        self._pi.unmount()
        subprocess.run(["sync", self._pi.image], check=True)
        with open(self._pi.device, "r+b") as device:
            place = _find(device, self.MARK[:4096])
            device.seek(place)
            device.write(b"THAT")
            device.flush()
            os.fsync(device.fileno())
        self._pi.mount()
        try:
            with open(self._file, "rb") as file:
                file.read()
        except OSError:
            return
        raise AssertionError("the damage is not noticed")

    def __exit__(self, *_):
        os.unlink(self._file)
        subprocess.run(["btrfs", "device", "stats", "-z", self._pi.path], check=True,
                       stdout=subprocess.DEVNULL)
        self._pi.sync()


def _find(device, mark):
    """Where the mark is on the device, at the beginning of a block."""
    block = 4096
    position = 0
    while piece := device.read(1 << 20):
        for at in range(0, len(piece), block):
            if piece[at:at + len(mark)] == mark:
                return position + at
        position += len(piece)
    raise AssertionError("the file's data is not found on the device")


@case(needs=NEEDS)
def a_disk_that_is_not_mounted_is_critical_with_what_to_do(world):
    _with_backup(world)
    with world.pi.away():
        result = _check(world).expect(CRITICAL)
        check_says(result.out, "nothing is mounted at", world.pi.path, "mount the backup disk")
        check_equal(os.listdir(world.pi.path), [], "beneath the mount point")


@case(needs=NEEDS)
def of_a_disk_that_is_mounted_on_demand_the_arrivals_are_known(world):
    with world.receiver_configured('before_receive = ["/bin/true"]\n'):
        lane = _with_backup(world)
        with world.pi.away():
            result = _check(world).expect_well()
            check_says(result.out, "until before_receive", f"{lane.tag}: the newest backup arrived")
            check(not os.path.ismount(world.pi.path), "the check has mounted the disk")
            time.sleep(1.1)  # the check counts in whole seconds
            check_says(_check(world, "--max-age", "0s").expect(CRITICAL).out, lane.tag)
    with world.receiver_configured('max_age = "1s"\nbefore_receive = ["/bin/true"]\n'), world.pi.away():
        time.sleep(1.1)
        check_says(_check(world).expect(CRITICAL).out, lane.tag, "does its sender run")
        for name in os.listdir(ARRIVALS):
            os.unlink(os.path.join(ARRIVALS, name))
        check_says(_check(world).expect(UNKNOWN).out, "not known here whether a backup ever arrived")


@case(needs=NEEDS)
def a_check_changes_nothing_and_a_receive_under_way_does_not_notice(world):
    lane = _with_backup(world)
    _scrubbed(world)
    whole = bytes(stream.small("next"))
    run = world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
    run.process.stdin.write(whole[:100])
    run.process.stdin.flush()
    _await(lambda: os.listdir(lane.staging), "the receive has begun")  # and waits for the rest
    before = _at_rest(world.pi.path)
    for _ in range(20):
        _check(world, lane.tag).expect_well()
    check_equal(_everything_in(world.pi.path), before, "what is on the disk")
    run.finish(whole[100:]).expect_well()
    lane.check_complete("next", "small")


@case(needs=NEEDS)
def a_check_of_an_untouched_disk_makes_nothing(world):
    empty = os.path.join(world.pi.path, "deeper")
    os.mkdir(empty)
    try:
        write_file(RECEIVE_CONFIGURATION,
                   f'target_dir = "{empty}"\nmount_point = "{world.pi.path}"\n')
        shutil.rmtree(ARRIVALS, ignore_errors=True)
        check("OK" not in _check(world).out.splitlines()[0], "a disk without any backup is well")
        check_says(_check(world).out, "no backup has arrived on this disk")
        os.makedirs(ARRIVALS, 0o700)
        write_file(os.path.join(ARRIVALS, "home"), "")
        check_says(_check(world).expect(CRITICAL).out, "there is no backup on the backup disk",
                   "some have arrived here (home)", "is it the right disk?")
        check_equal(os.listdir(empty), [], "what is in the target's directory")
    finally:
        shutil.rmtree(ARRIVALS)
        world.configure_receiver()
        os.rmdir(empty)


def _everything_in(path):
    """Each path with its mode, owner, size and times of change."""
    found = {}
    for directory, folders, files in os.walk(path):
        for name in [*folders, *files]:
            file = os.path.join(directory, name)
            is_ = os.lstat(file)
            found[file] = (oct(is_.st_mode), is_.st_uid, is_.st_gid, is_.st_size, is_.st_mtime_ns,
                           is_.st_ctime_ns)
    return found


def _at_rest(path):
    """Everything in it, once a moment has not changed it any more."""
    deadline = time.monotonic() + PATIENCE
    seen, before = _everything_in(path), None
    while seen != before:
        check(time.monotonic() < deadline, "a receive that waits does not come to rest")
        time.sleep(0.3)
        seen, before = _everything_in(path), seen
    return seen


def _await(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        check(time.monotonic() < deadline, f"waited in vain: {what}")
        time.sleep(0.01)
