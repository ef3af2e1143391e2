"""A control group for each machine: systemd wants one that is all its own."""

import glob
import os
import time

from harness import mounts

WHERE = "/sys/fs/cgroup"
HIERARCHIES = (WHERE, "/sys/fs/cgroup/unified")  # where the host may have the unified one
PATIENCE = 20.0  # seconds until the kernel has let go of the dead


def name_for(pid):
    """Of the group of a run, by its first process: see remove_those_of_the_dead."""
    return f"snapferry-two-machines-{pid}"


def make_private():
    """In mount and network namespaces of our own: the unified hierarchy, whatever the host shows.

    Debian 13's systemd does not boot with the old one.
    """
    mounts.mount("sysfs", "/sys", "sysfs", mounts.NOSUID | mounts.NODEV | mounts.NOEXEC)
    mounts.mount("cgroup2", WHERE, "cgroup2", mounts.NOSUID | mounts.NODEV | mounts.NOEXEC)


def make(group, name):
    """The directory of a machine's group."""
    path = os.path.join(WHERE, group, name)
    os.makedirs(path, exist_ok=True)
    return path


def enter(path):
    with open(os.path.join(path, "cgroup.procs"), "w", encoding="ascii") as file:
        file.write("0")


def remove_those_of_the_dead():
    """Of this run, whose machines are gone, and of such as were killed themselves."""
    for hierarchy in HIERARCHIES:
        for path in glob.glob(os.path.join(hierarchy, name_for("*"))):
            pid = path.rpartition("-")[2]
            if pid == str(os.getpid()) or not os.path.exists(f"/proc/{pid}"):
                _remove(path)


def _remove(path):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            for directory, _, _ in os.walk(path, topdown=False):
                os.rmdir(directory)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
