"""Something else in the place of the `btrfs` program of this machine."""

import contextlib
import os
import shutil

from . import mounts
from .host import PROGRAM_DIRECTORY
from .world import write_file


@contextlib.contextmanager
def other_btrfs(script):
    """Within, `btrfs` is a shell script, of these lines; behind them, the real one."""
    program = shutil.which("btrfs")
    # Where programs lie: of the rest of this machine, the sealed room has little.
    real, other = (os.path.join(PROGRAM_DIRECTORY, file) for file in ("btrfs-real", "btrfs-other"))
    shutil.copy(program, real)
    write_file(other, f'#!/bin/sh\n{script}\nexec {real} "$@"\n', 0o755)
    with mounts.in_place_of(program, other):
        yield


@contextlib.contextmanager
def no_btrfs():
    """Within, nothing that could be run has the program's name."""
    other = os.path.join(PROGRAM_DIRECTORY, "btrfs-none")
    write_file(other, "", 0o644)
    with mounts.in_place_of(shutil.which("btrfs"), other):
        yield
