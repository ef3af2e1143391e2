"""A disk with room for contents and none for names: btrfs's metadata is full."""

import os
import shutil

from harness import subvolume
from harness.case import case
from harness.verdict import check_equal, check_says

WORLD = {"pi_size": 128 << 20}
FILES, LINKS = 1000, 15_000
# So small that btrfs keeps it with the name; targets of symlinks fill that room by far the fastest.
INLINE, TARGET = b"x" * 1000, "x" * 3500


@case
def a_disk_without_room_for_names_is_said_loses_nothing_and_takes_the_next(world):
    lane = world.lane()
    lane.write("file", "of the first day")
    first = lane.snapshot()
    lane.send_well()
    many = os.path.join(lane.source, "many")
    _fill_with_small_things(many)
    too_many = lane.snapshot()
    result = lane.send().expect_trouble(16)
    check_says(result.err, "space", "metadata")
    lane.check_complete(first)
    lane.check_arrived(first)
    check_equal(lane.last_sent, first, "the note")
    subvolume.delete(lane.at_nas(too_many))
    shutil.rmtree(many)
    lane.write("file", "of the third day")
    third = lane.snapshot()
    lane.send_well()
    lane.check_complete(first, third)
    lane.check_arrived(third)


def _fill_with_small_things(directory):
    os.mkdir(directory)
    for number in range(FILES):
        with open(os.path.join(directory, f"file-{number}"), "wb") as file:
            file.write(INLINE)
    for number in range(LINKS):
        os.symlink(TARGET, os.path.join(directory, f"link-{number}"))
