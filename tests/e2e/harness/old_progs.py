"""A receiver whose btrfs-progs are too old for any stream but version 1."""

import contextlib
import os
import shutil

from . import mounts
from .host import PROGRAM_DIRECTORY
from .world import write_file

PROGRAM = """#!/bin/sh
[ "$1" = --version ] && { echo btrfs-progs v5.10.1; exit 0; }
exec %s "$@"
"""


@contextlib.contextmanager
def old_progs(world):
    """Within, `btrfs` says that it is old, and does everything as before."""
    program = shutil.which("btrfs")
    # Where programs lie: of the rest of this machine, the sealed room has little.
    real, old = (os.path.join(PROGRAM_DIRECTORY, file) for file in ("btrfs-real", "btrfs-old"))
    shutil.copy(program, real)
    write_file(old, PROGRAM % real, 0o755)
    with mounts.in_place_of(program, old):
        yield
