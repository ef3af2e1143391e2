"""A backup disk that cannot be written to, or goes away: the check and the sender say so."""

import contextlib
import errno
import os
import subprocess

from harness import data, mounts, stream, subvolume
from harness.automount import Automount
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB
from harness.journal import HungJournal, Journal
from harness.loop_device import LoopDevice
from harness.verdict import check, check_equal, check_says

WORLD = {"pi_size": 1 << 30, "pi_may_fail": True}
CRITICAL = 2  # exit code that monitors know
RATE = 4 * MIB  # bytes a second: slow enough for something to happen amid a send
SMALL = 256 * MIB  # bytes of a disk


def _check(world):
    return world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving")


def _check_critical(world, *words):
    result = _check(world).expect(CRITICAL)
    told = [line for line in result.out.splitlines() if "CRITICAL" in line]
    check_says("\n".join(told), *words)


def _backed_up(world):
    lane = world.lane()
    lane.write("file", data.noise(MIB))
    lane.snapshot()
    lane.send_well()
    return lane


def _refused(lane, *words):
    """A send of something new ends at once with exit code 2, and nothing of it has travelled."""
    lane.write("file", data.noise(4 * MIB, 2))
    lane.snapshot()
    result = lane.send().expect_trouble(2)
    check_says(result.err, *words)
    check(lane.world.link.sent < MIB, f"{lane.world.link.sent} bytes were sent for nothing")


def _broken_amid(lane, happens, *words):
    """The disk goes amid a send, which ends with exit code 2."""
    lane.write("file", data.noise(16 * MIB, 3))
    lane.snapshot()
    run = lane.start("--retries", "0")
    lane.world.link.rate = RATE
    lane.world.link.await_sent(2 * MIB, run)
    happens()
    lane.world.link.rate = None
    check_says(run.finish().expect_trouble(2).err, *words)


@contextlib.contextmanager
def _read_only(world):
    mounts.mount(None, world.pi.path, None, mounts.REMOUNT | mounts.RDONLY)
    try:
        yield
    finally:
        mounts.mount(None, world.pi.path, None, mounts.REMOUNT | mounts.NOSUID | mounts.NODEV)


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_read_only_is_critical_and_refused(world):
    lane = _backed_up(world)
    with _read_only(world):
        _check_critical(world, "the backup disk is read-only")
        _refused(lane, "the backup disk is read-only")
    lane.send_well()


@contextlib.contextmanager
def _done_and_undone(path, done, undone):
    """Two commands; None in them stands for the path."""
    def run(command):
        subprocess.run([path if word is None else word for word in command], check=True)
    run(done)
    try:
        yield
    finally:
        run(undone)


@case(needs=ALL_PROGRAMS)
def a_directory_of_backups_that_cannot_be_changed_is_critical_and_refused(world):
    lane = _backed_up(world)
    for path in (lane.received_dir, lane.staging):
        with _done_and_undone(path, ("chattr", "+i", None), ("chattr", "-i", None)):
            _check_critical(world, "nothing can be written into", path, "chattr -i")
            _refused(lane, "nothing can be written into", path, "chattr -i")
    lane.send_well()


@case(needs=ALL_PROGRAMS)
def a_target_in_a_read_only_subvolume_is_critical_and_refused(world):
    target = os.path.join(world.pi.path, "@backups")
    subvolume.create(target)
    with world.pi_is(target):
        lane = world.lane()
        lane.write("file", data.noise(MIB))
        lane.snapshot()
        lane.send_well()
        ro = ("btrfs", "property", "set", "-ts", None, "ro")
        with _done_and_undone(target, (*ro, "true"), (*ro, "false")):
            _check_critical(world, "nothing can be written into", target, "read-only")
            _refused(lane, "nothing can be written into", target, "read-only")
        lane.send_well()


@case(needs=ALL_PROGRAMS)
def a_disk_that_becomes_read_only_amid_a_send_is_said(world):
    lane = _backed_up(world)
    disk = world.pi.failing
    _broken_amid(lane, lambda: disk.lose(1 << 40, errno.EIO, data_only=False), "the backup disk")
    _check_critical(world, "the backup disk")
    disk.be_well()
    world.pi.unmount()
    world.pi.mount()
    lane.send_well()


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_unmounted_amid_a_send_is_said(world):
    lane = _backed_up(world)
    _broken_amid(lane, lambda: mounts.detach(world.pi.path), "nothing is mounted at")
    _check_critical(world, "nothing is mounted at")
    world.await_quiet()
    check_equal(os.listdir(world.pi.path), [], "what was written beneath")
    world.pi.mount()
    lane.send_well()


class _Mirror:
    """Two devices that hold the same, mounted for the receiver."""

    def __init__(self, world):
        self._images = [os.path.join(world.directory, f"mirror-{i}.img") for i in range(2)]
        for image in self._images:
            with open(image, "wb") as file:
                file.truncate(SMALL)
        subprocess.run(["mkfs.btrfs", "-q", "-d", "raid1", "-m", "raid1", *self._images],
                       check=True)
        self.path = os.path.join(world.directory, "mirror")
        os.makedirs(self.path, exist_ok=True)
        self._device = LoopDevice(self._images[0], os.path.dirname(world.pi.device))

    def __enter__(self):
        mounts.mount(self._device.path, self.path, "btrfs", 0, "degraded")
        return self

    def __exit__(self, *_):
        mounts.unmount(self.path)
        subprocess.run(["btrfs", "device", "scan", "--forget", self._device.path], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._device.close()
        for image in self._images:
            os.unlink(image)


@case(needs=ALL_PROGRAMS)
def a_mirror_that_lacks_a_device_is_critical_and_refused(world):
    lane = _backed_up(world)
    with _Mirror(world) as mirror, world.pi_is(mirror.path):
        _check_critical(world, "device", "is missing")
        _refused(lane, "lacks a device", "is missing")


class _Pulled:
    """A disk of which nothing is left once it is pulled out, though it is mounted."""

    def __init__(self, world):
        self._image = os.path.join(world.directory, "pulled.img")
        self.path = os.path.join(world.directory, "pulled")
        os.makedirs(self.path, exist_ok=True)
        with open(self._image, "wb") as file:
            file.truncate(SMALL)
        subprocess.run(["mkfs.btrfs", "-q", self._image], check=True)
        self._device = LoopDevice(self._image, os.path.dirname(world.pi.device))

    def __enter__(self):
        mounts.mount(self._device.path, self.path, "btrfs")
        return self

    def __exit__(self, *_):
        mounts.detach(self.path)
        self._device.close()
        os.unlink(self._image)

    def pull(self):
        os.truncate(self._image, 0)
        self._device.notice_new_size()


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_pulled_out_amid_a_send_is_said(world):
    with _Pulled(world) as disk, world.pi_is(disk.path):
        lane = _backed_up(world)
        _broken_amid(lane, disk.pull, "the backup disk")
        _check_critical(world, "missing")
        _refused(lane, "the backup disk")


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_mounted_when_somebody_looks_is_looked_at(world):
    lane = _backed_up(world)
    for look in (lambda: check_says(_check(world).out, "in reserve"), lane.send_well):
        lane.write("file", data.noise(MIB, 7))
        lane.snapshot()
        with world.pi.away(), Automount(world.pi.path, world.pi.mount):
            look()
    lane.check_arrived(lane.complete[-1])


@case
def a_tag_on_another_mount_is_refused_before_anything_travels(world):
    lane = _backed_up(world)
    inside = os.path.join(world.pi.path, "elsewhere")
    os.makedirs(inside, exist_ok=True)
    for source, kind, flags in (("tmpfs", "tmpfs", 0), (inside, None, mounts.BIND)):
        for place in (lane.received_dir, os.path.dirname(lane.staging)):
            mounts.mount(source, place, kind, flags)
            lane.write("file", data.noise(4 * MIB, 2))
            lane.snapshot()
            try:
                result = lane.send().expect_trouble(1)
            finally:
                mounts.unmount(place)
            check_says(result.err, "something else is mounted", place)
            check(world.link.sent < MIB, f"{world.link.sent} bytes were sent for nothing")
    lane.send_well()
    check_equal(os.listdir(inside), [], "what was written elsewhere")


def _with_attribute(size):
    made = stream.Stream()
    made.subvol("large")
    made.add(stream.MKFILE, (stream.A_PATH, "file"), (stream.A_INO, 257))
    made.add(stream.SET_XATTR, (stream.A_PATH, "file"), (stream.A_XATTR_NAME, "user.note"),
             (stream.A_XATTR_DATA, b"x" * size))
    return bytes(made.end())


@case(needs=("snapshot-receive",))
def an_attribute_that_the_disk_cannot_take_is_named_and_the_disk_is_not_called_full(world):
    most = 16384 - 101 - 25 - 30 - len("user.note")  # of a node of 16 KiB
    world.lane().receive(_with_attribute(most)).expect_well()
    lane = world.lane()
    result = lane.receive(_with_attribute(most + 1)).expect_trouble(14)
    check_says(result.err, "user.note of 'file'", "too large for the backup disk")
    check("full" not in result.err, "the disk is called full")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def the_receiver_has_a_journal_of_its_own(world):
    with Journal() as journal, world.receiver_configured("[defaults]\nkeep = 1\n"):
        lane = world.lane()
        first = lane.snapshot()
        lane.send_well()
        lane.send_well("--force")
        second = lane.snapshot()
        lane.send_well()
        lane.receive(bytes(stream.small("small"))[:-1]).expect_trouble(17)
        lane.receive(b"neither of both, but long enough").expect_trouble(18)
    own = journal.of("snapshot-receive")
    check(all(entry["SNAPFERRY_TAG"] == lane.tag for entry in own), "a line has another tag")
    told = "\n".join(entry["MESSAGE"] for entry in own)
    check_says(told, f"received {first} in full", f"another copy had the name {first}",
               f"received {second} incrementally", f"pruned {first}", "stream refused",
               "neither snapferry's protocol")
    refusals = [entry for entry in own if entry["PRIORITY"] == "3"]
    check_equal(len(refusals), 2, "the refusals")


@case
def a_journal_that_hangs_holds_nothing_up(world):
    with HungJournal():
        lane = world.lane()
        for _ in range(4):
            lane.write("file", data.noise(MIB))
            lane.snapshot()
            lane.send_well()
