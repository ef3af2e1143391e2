"""A tag has as many backups as a sender can be told of, and not one more."""

import os

from harness import subvolume
from harness.case import case
from harness.verdict import check, check_equal, check_says

MOST = 1800  # docs/protocol.md


@case(long=True)
def more_backups_than_can_be_listed_are_not_taken_and_none_is_pruned_for_it(world):
    lane = world.lane()
    with world.receiver_configured('[defaults]\nkeep = 1\nmin_age = "30d"\n'):
        lane.write("diary", "of the first day")
        first = lane.snapshot()
        lane.send_well()
        for number in range(MOST - 1):
            subvolume.snapshot(lane.at_pi(first), lane.at_pi(f"more-{number:04}"))
        world.pi.sync()
        lane.write("diary", "of the last day")
        last = lane.snapshot()
        result = lane.send().expect_trouble(16)
        check_says(result.err, f"has {MOST} backups", "min_age")
        check_equal(len(lane.all_received), MOST, "how many there are")
        subvolume.delete(lane.at_pi("more-0000"))
        lane.send_well()
        check(os.path.isdir(lane.at_pi(last)), "it is not there")
