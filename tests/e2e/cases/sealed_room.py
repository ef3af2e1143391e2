"""Where btrfs receive runs: of the backup disk it has the tag's staging, and no mount besides."""

import contextlib
import os
import subprocess

from harness import mount_namespace, mounts, processes, stream
from harness.case import case
from harness.verdict import check, check_equal, told_of_failures

NEEDS = ("snapshot-receive",)


def _mounts_amid_a_receive(world, lane, name):
    """What is mounted where btrfs receive runs, amid a stream that is then received well."""
    whole = bytes(stream.small(name))
    run = world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
    run.process.stdin.write(whole[:-10])
    run.process.stdin.flush()
    pid = processes.await_running(processes.BTRFS)[0]
    found = mount_namespace.mounts_of(pid)
    run.finish(whole[-10:]).expect_well()
    return found


def _device(path):
    number = os.stat(path).st_dev
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            if line.split()[4] == path:
                return line.split()[2]
    raise AssertionError(f"{path} with device {number} is no mount point")


@contextlib.contextmanager
def _mounted(*layers):
    """Within, each (source, point, kind) is mounted, one over the other."""
    with contextlib.ExitStack() as open_layers:
        for source, point, kind in layers:
            os.makedirs(point, exist_ok=True)
            mounts.mount(source, point, kind, mounts.BIND if kind is None else 0)
            open_layers.callback(mounts.unmount, point)
        yield


@case(needs=NEEDS)
def of_the_disk_only_staging_is_mounted_there_however_mounts_are_stacked(world):
    lane = world.lane()
    lane.receive(bytes(stream.small("first"))).expect_well()
    disk = _device(world.pi.path)
    pi = world.pi.path
    other = os.path.join(world.directory, "elsewhere")
    deep = os.path.join(other, "deep")
    arrangements = {
        "mounted once": (),
        "mounted twice": ((pi, other, None),),
        "hidden under a tmpfs": ((pi, other, None), ("tmpfs", other, "tmpfs")),
        "hidden twice": ((pi, other, None), (pi, other, None), ("tmpfs", other, "tmpfs")),
        "below a mount that is hidden": (
            ("tmpfs", other, "tmpfs"), (pi, deep, None), ("tmpfs", other, "tmpfs")),
        "over a tmpfs": (("tmpfs", other, "tmpfs"), (pi, other, None)),
        "where programs lie": ((pi, "/usr/local/sbin/programs", None),),
        "hidden where programs lie": ((pi, "/usr/local/sbin/programs", None),
                                      ("tmpfs", "/usr/local/sbin/programs", "tmpfs")),
    }
    for number, (what, layers) in enumerate(arrangements.items()):
        with told_of_failures(what), _mounted(*layers):
            found = _mounts_amid_a_receive(world, lane, f"small-{number}")
            of_disk = [(point, root) for device, point, root in found if device == disk]
            check_equal(len(of_disk), 1, f"mounts of the disk among {found}")
            check(of_disk[0][1].endswith(f"/.snapferry/{lane.tag}"), f"what is seen: {of_disk}")


@case(needs=NEEDS)
def what_else_is_mounted_is_not_there_either(world):
    lane = world.lane()
    other = os.path.join(world.directory, "stick")
    with _mounted(("tmpfs", other, "tmpfs")):
        found = _mounts_amid_a_receive(world, lane, "small")
    points = {point for _, point, _ in found}
    allowed = ("/", "/proc", "/run")
    strange = [point for point in points
               if point not in allowed and not point.startswith(("/usr", "/lib", "/bin", "/sbin"))]
    check_equal(strange, [], "mounts that a receive has no use for")
    check(not any(device == _device("/var/lib") for device, _, _ in found), "/var/lib is there")
