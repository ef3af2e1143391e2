"""The programs as an earlier commit of this project has them, built from its history.

SNAPFERRY_OLDER_BIN names a directory where they are built already.
"""

import os
import shutil
import subprocess

from .verdict import Failed, Skipped

FIRST = "d631c7b7b8f8b523d35a09cf7f5395253ad50d49"  # what went into use first
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BUILD_PATIENCE = 60 * 60  # seconds; on a Pi
PROGRAMS = ("snapshot-send", "snapshot-receive")


class OlderPrograms:
    """`sender` and `receiver` are the paths of the built programs."""

    def __init__(self, world, commit):
        built = os.environ.get("SNAPFERRY_OLDER_BIN") or self._build(world, commit)
        self.sender, self.receiver = (os.path.join(built, program) for program in PROGRAMS)

    @staticmethod
    def _build(world, commit):
        for tool in ("git", "cmake"):
            if not shutil.which(tool):
                raise Skipped(f"{tool} is not here")
        source = os.path.join(world.directory, "older-source")
        build = os.path.join(world.directory, "older-build")
        _export(commit, source)
        _run("cmake", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release",
             "-DBUILD_TESTING=OFF")
        _run("cmake", "--build", build, "--parallel", str(os.cpu_count()), "--target", *PROGRAMS)
        return os.path.join(build, "bin")


def first_programs(world):
    """For World.once()."""
    return OlderPrograms(world, FIRST)


def _export(commit, target):
    git = ("git", "-c", "safe.directory=*", "-C", ROOT)
    known = subprocess.run([*git, "cat-file", "-e", f"{commit}^{{commit}}"], check=False,
                           stderr=subprocess.PIPE)
    if known.returncode != 0:
        raise Skipped(f"{commit} is not in the history here, which may be shallow")
    os.mkdir(target)
    archive = subprocess.run([*git, "archive", commit], check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", target], input=archive, check=True)


def _run(*command):
    done = subprocess.run(command, check=False, timeout=BUILD_PATIENCE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} failed: {done.stdout[-3000:]}")
