"""Finding, watching and killing the processes of a run, in this private process namespace."""

import contextlib
import os
import signal
import threading
import time

from .verdict import Failed

POLL = 0.005  # seconds between looks
LEAVE_PATIENCE = 120.0  # seconds a receiver may take to notice that its peer is gone

SENDER, RECEIVER, BTRFS = "snapshot-send", "snapshot-receive", "btrfs receive"
LOCAL_RECEIVER = "snapferry receive-here"  # which snapshot-send starts on its own machine
SSHD = "sshd"  # the process that serves a connection, not the one that listens


def running(program):
    """The pids of one of the programs above (never of the sudo or shell around it)."""
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
            if _program_of(pid) == program]


def kill(program):
    """kill -9; returns how many there were."""
    return _signal(signal.SIGKILL, running(program))


def tell_to_end(*programs):
    """As systemd does, to all at once, when a machine is shut down or somebody's session ends."""
    pids = [pid for program in programs for pid in running(program)]
    for number in (signal.SIGTERM, signal.SIGHUP):
        _signal(number, pids)
    return len(pids)


@contextlib.contextmanager
def stopped(*programs):
    """Within, the programs hang without their connections noticing."""
    pids = [pid for program in programs for pid in running(program)]
    _signal(signal.SIGSTOP, pids)
    try:
        yield
    finally:
        _signal(signal.SIGCONT, pids)


def await_none(*programs):
    """Waits until none of programs runs any more: what is left of a broken run has noticed."""
    deadline = time.monotonic() + LEAVE_PATIENCE
    while left := [program for program in programs if running(program)]:
        if time.monotonic() > deadline:
            raise Failed(f"still running {LEAVE_PATIENCE:.0f} s after the break: {left}")
        time.sleep(POLL)


def await_running(program, patience=60.0):
    deadline = time.monotonic() + patience
    while not (found := running(program)):
        if time.monotonic() > deadline:
            raise Failed(f"{program} was not seen running within {patience:.0f} s")
        time.sleep(POLL)
    return found


class PeakMemory:
    """A context that notes the highest resident size of each program, in bytes, in `peaks`."""

    def __init__(self, *programs):
        self.peaks = dict.fromkeys(programs, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(0.02):
            for program in self.peaks:
                for pid in running(program):
                    self.peaks[program] = max(self.peaks[program], _peak_of(pid))


def _signal(number, pids):
    """Returns how many there were."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    return len(pids)


def _program_of(pid):
    arguments = [os.path.basename(item) for item in _read(pid, "cmdline").split(b"\0")]
    if arguments[0] == b"btrfs" and b"receive" in arguments:
        return BTRFS
    if arguments[:2] == [b"snapferry", b"receive-here"]:
        return LOCAL_RECEIVER
    if arguments[0].startswith(b"sshd") and arguments[0].endswith(b"@notty"):
        return SSHD  # "sshd: USER@notty"; since OpenSSH 9.8 "sshd-session: USER@notty"
    if arguments[0] in (b"bash", b"sh"):
        arguments = arguments[1:]  # the classic scripts
    name = os.fsdecode(arguments[0]) if arguments else ""
    return name if name in (SENDER, RECEIVER) else None


def _peak_of(pid):
    for line in _read(pid, "status").splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""
