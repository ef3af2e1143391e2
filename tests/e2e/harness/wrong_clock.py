"""A Pi whose wall clock is not where it should be, and whose boots can be counted off at will."""

import contextlib
import os
import uuid

from . import mounts
from .world import write_file

BOOT_ID = "/proc/sys/kernel/random/boot_id"
LIBRARIES = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
             "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
             "/usr/lib/arm-linux-gnueabihf/faketime/libfaketime.so.1")

# sudo cleans the environment: so the program that it starts sets it, and then starts the real one.
WRONG = '''#!/bin/sh
export LD_PRELOAD={library} FAKETIME='{offset}'{more}
exec {real} "$@"
'''
LATER = '''#!/bin/sh
exec unshare --time --fork --kill-child --boottime {seconds} {real} "$@"
'''


def library():
    """libfaketime's file, or None where it is not installed."""
    return next((path for path in LIBRARIES if os.path.exists(path)), None)


def receiver_at(world, offset, more=" DONT_FAKE_MONOTONIC=1"):
    """Within, the receiver sees a wall clock that is off by `offset` ("+3y", "-20y")."""
    return _instead(world, WRONG, library=library(), offset=offset, more=more)


def receiver_later(world, seconds):
    """Within, so much time has really passed for the receiver, and its wall clock stands still."""
    return _instead(world, LATER, seconds=seconds)


@contextlib.contextmanager
def _instead(world, program, **values):
    path = os.path.join(world.directory, "wrong-clock", "snapshot-receive")
    write_file(path, program.format(real=world.programs["snapshot-receive"], **values), 0o755)
    with world.receiver_is(path):
        yield


@contextlib.contextmanager
def another_boot(world):
    """Within, this machine has booted again as far as a program can see."""
    file = os.path.join(world.directory, "boot_id")
    write_file(file, f"{uuid.uuid4()}\n")
    mounts.mount(file, BOOT_ID, None, mounts.BIND)
    try:
        yield
    finally:
        mounts.unmount(BOOT_ID)
