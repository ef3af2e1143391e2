"""The receiving side on processors as slow as those of a Raspberry Pi 4, of which each process gets one."""

import contextlib
import os
import threading
import time

from .processes import descendants

DECRYPTED = 80_000_000  # bytes a second that a core of a Pi 4 does of chacha20-poly1305 in sshd: 60 to 100 MB/s
OTHERS = 0.25  # of a processor here, for all else: about what a core of a Pi 4 does of ordinary work
PERIOD = 10_000  # microseconds: short, so that a process is slow rather than stopped now and then
LEAST = 1_000  # microseconds, that the kernel takes as a quota
LOOK = 0.02  # seconds between looks for new processes
GROUPS = ("/sys/fs/cgroup/cpu", "/sys/fs/cgroup")  # where the first version has its controller; the second
WORK = "snapferry-bench"


@contextlib.contextmanager
def one_each(sshd, share):
    """Within, each process that descends from `sshd` (a pid) gets a part of a processor of this machine at
    most, and no other's: `share` where it is one of sshd's own, else OTHERS. What the kernel's own threads do
    for the disk is not slowed."""
    top = os.path.join(_controller(), WORK)
    os.mkdir(top)
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(sshd, share, top, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        _remove(top)


def _controller():
    for directory in GROUPS:
        if os.path.exists(os.path.join(directory, "cpu.cfs_quota_us")):
            return directory
        controllers = os.path.join(directory, "cgroup.subtree_control")
        if os.path.exists(controllers):
            _write(controllers, "+cpu")
            return directory
    raise RuntimeError("no control group limits processors here")


def _watch(sshd, share, top, over):
    placed = {}  # which are sshd's own: what it starts is called sshd until it has become another program
    while not over.wait(LOOK):
        for pid in descendants(sshd):
            is_sshd = _is_sshd(pid)
            if placed.get(pid) != is_sshd:
                placed[pid] = is_sshd
                _place(pid, share if is_sshd else OTHERS, os.path.join(top, str(pid)))


def _is_sshd(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().startswith("sshd")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _place(pid, share, group):
    os.makedirs(group, exist_ok=True)
    quota = max(int(share * PERIOD), LEAST)
    if os.path.exists(os.path.join(group, "cpu.max")):
        _write(os.path.join(group, "cpu.max"), f"{quota} {PERIOD}")
    else:
        _write(os.path.join(group, "cpu.cfs_period_us"), str(PERIOD))
        _write(os.path.join(group, "cpu.cfs_quota_us"), str(quota))
    with contextlib.suppress(ProcessLookupError):  # it may have ended meanwhile
        _write(os.path.join(group, "cgroup.procs"), str(pid))


def _remove(top):
    """A group can be removed a moment after its last process has ended."""
    deadline = time.monotonic() + 30
    for directory in [*(os.path.join(top, name) for name in os.listdir(top)
                        if os.path.isdir(os.path.join(top, name))), top]:
        while os.path.isdir(directory):
            try:
                os.rmdir(directory)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
