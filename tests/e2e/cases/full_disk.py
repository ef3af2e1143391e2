"""A backup disk without room says so, loses nothing, and goes on once there is room."""

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says

TOO_LARGE = 350 * MIB
WORLD = {"pi_size": 300 * MIB}


@case
def a_disk_too_small_is_said_loses_nothing_and_takes_the_next(world):
    lane = world.lane()
    lane.write("file", noise(10 * MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("too-large", noise(TOO_LARGE, 2))
    too_large = lane.snapshot()
    result = lane.send().expect_trouble(16)
    check_says(result.err, "space")
    lane.check_complete(first)
    lane.check_arrived(first)
    check_equal(lane.last_sent, first, "the note")
    subvolume.delete(lane.at_nas(too_large))
    lane.write("too-large", "no more")
    third = lane.snapshot()
    lane.send_well()
    lane.check_complete(first, third)
    lane.check_arrived(third)


@case(needs=("snapshot-receive",))
def a_raw_stream_into_a_full_disk_leaves_nothing_half_done(world):
    lane = world.lane()
    lane.write("too-large", noise(TOO_LARGE))
    lane.snapshot()
    result = lane.send_classic()
    check(result.code == 16, f"exit code {result.code}")
    check_equal(lane.all_received, [], "the tag's directory")
