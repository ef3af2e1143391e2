"""How long, how much of the processors on each side, and how much memory."""

import os
import statistics
import subprocess
import threading
import time
from dataclasses import asdict, dataclass

from .processes import children

TICKS = os.sysconf("SC_CLK_TCK")
LOOK = 0.1  # seconds between looks at the peaks of memory, which the kernel keeps


@dataclass
class Run:
    """One run. CPU in seconds: what the kernel counts for the processes and their children."""

    wall: float
    sending_cpu: float
    receiving_cpu: float
    sending_peak: float  # MiB, of the largest process
    receiving_peak: float


def summary(runs):
    """Medians; of the peaks of memory the highest, for that is what a machine must have."""
    columns = {name: [getattr(run, name) for run in runs] for name in asdict(runs[0])}
    return {name: max(values) if name.endswith("_peak") else statistics.median(values)
            for name, values in columns.items()}


def measure(command, environment, sshd, until_durable):
    """Runs a command to its end and until_durable() after it; what descends from `sshd` (a pid) is
    the receiving side, all else the sending one. Fails where the command does."""
    receiving_before = _receiving_seconds(sshd)
    begin = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, cwd="/",
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peaks = _Peaks(process.pid, sshd)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peaks.stop()
    until_durable()
    wall = time.monotonic() - begin
    if process.returncode != 0:
        raise RuntimeError(f"exit code {process.returncode} of {command}:\n{said.decode()}")
    _await_sessions_end(sshd)
    receiving = _receiving_seconds(sshd) - receiving_before
    return Run(wall, used.ru_utime + used.ru_stime, receiving, peaks.sending / 1024,
               peaks.receiving / 1024)


class _Peaks:
    """The largest process of each side in KiB; the kernel keeps each one's peak."""

    def __init__(self, sender, sshd):
        self.sending = self.receiving = 0
        self._roots = {sender: "sending", sshd: "receiving"}
        self._sshd, self._over = sshd, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(LOOK):
            parents = {pid: _parent(pid) for pid in map(int, filter(str.isdigit, os.listdir("/proc")))}
            for pid in parents:
                side = self._side(pid, parents)
                if side and pid != self._sshd:
                    setattr(self, side, max(getattr(self, side), _peak(pid)))

    def _side(self, pid, parents):
        while pid and pid not in self._roots:
            pid = parents.get(pid, 0)
        return self._roots.get(pid)


def _await_sessions_end(sshd):
    """A session is counted once it has ended, which it does a moment after the client."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not children(sshd) and children(1) == [os.getpid()]:
            return
        time.sleep(0.02)
    raise RuntimeError("a session of sshd does not end")


def _receiving_seconds(sshd):
    """Of all that has ended: what sshd waited for, and what it left to the namespace's first
    process (the session of a user is no child of the listener's once its monitor has gone)."""
    return _children_seconds(sshd) + _children_seconds(1)


def _children_seconds(pid):
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) / TICKS  # cutime and cstime; proc(5)


def _parent(pid):
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid):
    """The fields behind the name, which may hold anything."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _peak(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0
