"""A disk that has lost what was written: memory may still hold it, and a verification must not."""

import errno
import json
import os

from harness import data, shelf
from harness.case import ALL_PROGRAMS, case
from harness.verdict import check, check_equal

WORLD = {"pi_may_fail": True}
DIFFERS = 1
FILES = 6
MIB = data.MIB


@case(needs=ALL_PROGRAMS)
def files_of_which_a_disk_has_lost_the_writes_are_named(world):
    lane = world.lane()
    for number in range(FILES):
        lane.write(f"file-{number}", data.noise(MIB, number))
    name = lane.snapshot()
    with world.classic_receiver(), world.pi.failing.losing(2 * MIB, errno.EIO):
        lane.send_classic()
        world.pi.sync()
    check(name in lane.complete, "the classic receiver did not take it for a backup")
    shelf.put_of_source(lane, name)
    result = world.commands.run(shelf.SNAPFERRY, "verify", "--json", lane.tag, name)
    check_equal(result.code, DIFFERS, "the exit code")
    (found,) = json.loads(result.out)["backups"]
    named = {entry["path"] for entry in found["first"]}
    for path in os.listdir(lane.at_pi(name)):
        _let_memory_go_of(os.path.join(lane.at_pi(name), path))
    wrong = {path for path in os.listdir(lane.at_pi(name))
             if not _is_same(lane.at_nas(name), lane.at_pi(name), path)}
    check(wrong, "nothing was lost")
    check(len(wrong) < FILES, "all was lost")
    check_equal({path for path in named if path != "."}, wrong, "the files that are named")


def _let_memory_go_of(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _is_same(here, there, path):
    try:
        with open(os.path.join(here, path), "rb") as one, open(os.path.join(there, path),
                                                               "rb") as other:
            return one.read() == other.read()
    except OSError:
        return False
