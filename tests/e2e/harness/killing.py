"""kill -9 of the receiver, or of a command, at a chosen one of its system calls, by strace.

What another process can see of a program, a kill included, only changes at its system calls: so a
sweep over all that change anything is a sweep over all moments.
"""

import os
import shutil
import signal
from collections import Counter
from dataclasses import dataclass

from .verdict import Failed, Skipped, check

# What changes anything outside of the process; "?": not every machine has each. The kill comes
# before the call is made.
CALLS = ",".join(f"?{call}" for call in (
    "chmod chown clone clone3 fchmod fchmodat fchown fchownat fdatasync fork fsync ftruncate ioctl "
    "kill link linkat mkdir mkdirat mount open openat pwrite64 rename renameat renameat2 rmdir "
    "sendmsg sendto setxattr shutdown symlink sync syncfs umount2 unlink unlinkat unshare vfork "
    "wait4 waitid write writev exit_group").split())


def require_strace():
    if shutil.which("strace") is None:
        raise Skipped("not installed: strace")


@dataclass(frozen=True)
class Call:
    """A system call of a run: the so manieth of its name."""

    name: str
    number: int

    def __str__(self):
        return f"{self.name} {self.number}"


def calls_of(world, tag, said):
    """The calls that change anything which the receiver makes of this on its input, in order."""
    log = os.path.join(world.directory, "calls")
    _run(world, tag, said, log, f"trace={CALLS}")
    return _calls_in(log)


def calls_of_command(world, arguments, names):
    """Those of these names that a command makes itself, in order; not those of what it starts."""
    log = os.path.join(world.directory, "calls")
    traced = ",".join(f"?{name}" for name in names)
    world.commands.run("strace", "-qq", "-o", log, "-e", f"trace={traced}", *arguments).expect(0)
    return _calls_in(log)


def _calls_in(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        names = [line.partition("(")[0] for line in file if not line.startswith(("-", "+"))]
    check(names, "strace saw no system call")
    seen = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(Call(name, seen[name]))
    return found


def kill_command_at(world, arguments, call):
    """Whether it was hit, and not done before."""
    result = world.commands.run("strace", "-qq", "-o", "/dev/null", "-e", f"trace={call.name}", "-e",
                                f"inject={call.name}:signal=KILL:when={call.number}", *arguments)
    check(result.code in (0, -signal.SIGKILL), f"exit code {result.code} when killed at {call}")
    return result.code != 0


def kill_at(world, tag, said, call):
    """Runs the receiver until it makes that call; returns its Result and whether it was hit."""
    result = _run(world, tag, said, "/dev/null", f"trace={call.name}",
                  f"inject={call.name}:signal=KILL:when={call.number}")
    hit = result.code == -signal.SIGKILL
    if not hit and result.code not in (0, 10):  # it has ended before, with what it ends with
        raise Failed(f"exit code {result.code}, but was to be killed at {call}")
    world.await_quiet()
    return result, hit


def _run(world, tag, said, log, *expressions):
    options = [part for expression in expressions for part in ("-e", expression)]
    return world.commands.run("strace", "-qq", "-o", log, *options, world.receiver(), tag,
                              input=said)
