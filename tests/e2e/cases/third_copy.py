"""The Pi sends its own backups on: a third copy, in another house."""

import os

from harness import send_toml
from harness.case import ALL_PROGRAMS, case
from harness.lane import check_same_tree
from harness.second_pi import SecondPi
from harness.verdict import check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

TWO = '[defaults]\nkeep = 2\nmin_age = "0s"\n'


class _House:
    """Of the Pi, whose job sends on what has arrived."""

    def __init__(self, world, far):
        self.world, self.far, self.lane = world, far, world.lane()
        job = send_toml.job(self.lane, name="onward", to='"far"',
                            snapshot_dir=f'"{self.lane.received_dir}"')
        write_file(SEND_CONFIGURATION,
                   send_toml.receiver(world, name="far", port=far.link.port) + job, 0o600)

    def day(self, text):
        """The NAS sends one more."""
        self.lane.write("diary", text)
        name = self.lane.snapshot()
        with self.world.receiver_configured(TWO):
            self.lane.send_well()
        return name

    def onward(self):
        return self.far.run("--job", "onward").expect_well()

    def check_there(self, name):
        check_same_tree(self.lane.at_nas(name), os.path.join(self.far.path, self.lane.tag, name))


@case(needs=ALL_PROGRAMS)
def what_the_pi_has_goes_on_as_increments_also_where_the_pi_has_pruned_what_went_last(world):
    with SecondPi(world) as far:
        house = _House(world, far)
        first = house.day("the first")
        house.onward()
        later = [house.day(f"day {day}") for day in range(3)]
        check_equal(house.lane.complete, later[-2:], "what the Pi keeps")
        check_says(house.onward().out, f"incrementally from {first}")
        house.check_there(later[-1])
        check_equal(far.complete(house.lane.tag), [first, later[-1]], "what the third machine has")
        after = house.day("the day after")
        check_says(house.onward().out, f"incrementally from {later[-1]}")
        house.check_there(after)
        told = world.commands.run("/usr/local/sbin/snapferry", "list", house.lane.tag).expect_well()
        check_equal([name for name in house.lane.complete if name not in told.out], [],
                    "backups that list does not show")
