"""Success means on the disk: what a power cut leaves right after it is the whole backup."""

import os

from harness import data, subvolume
from harness.case import case
from harness.lane import check_same_tree
from harness.verdict import check, check_equal


def _check_survives(lane, *names):
    """Fails unless a copy of the Pi's image, as it is now, holds these backups whole."""
    with lane.world.power_cut_at_pi() as pi:
        for name in names:
            left = os.path.join(pi, lane.tag, name)
            check_same_tree(lane.at_nas(name), left)
            check(subvolume.inspect(left).complete, f"{name} is no complete backup any more")


@case
def a_full_send_survives_a_power_cut_at_the_moment_of_success(world):
    lane = world.lane()
    data.fill(lane.source)
    name = lane.snapshot()
    lane.send_well()
    _check_survives(lane, name)


@case
def an_increment_survives_a_power_cut_at_the_moment_of_success(world):
    lane = world.lane()
    content = data.fill(lane.source)
    first = lane.snapshot()
    lane.send_well()
    data.mutate(content)
    second = lane.snapshot()
    lane.send_well()
    _check_survives(lane, first, second)


@case
def after_a_power_cut_in_the_middle_the_disk_is_usable_and_holds_what_it_held(world):
    lane = world.lane()
    lane.write("base", data.noise(2 * data.MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("large", data.noise(30 * data.MIB, 2))
    second = lane.snapshot()
    run = lane.start()
    world.link.rate = 30 * data.MIB
    world.link.await_sent(15 * data.MIB)
    world.pi.copy_image(world.pi.image + ".copy")  # the cut; the run itself goes on
    run.finish().expect_well()
    lane.check_complete(first, second)
    copy = world.pi.mount_copy_instead(world.pi.image + ".copy",
                                       os.path.join(world.directory, "pi-after-power-cut"))
    with copy as pi:
        check_same_tree(lane.at_nas(first), os.path.join(pi, lane.tag, first))
        complete = [name for name, found in subvolume.inside(os.path.join(pi, lane.tag)).items()
                    if found.complete]
        check_equal(complete, [first], "the complete backups after the power cut")


@case(needs=("snapshot-receive",))
def a_backup_of_the_classic_sender_survives_a_power_cut_too(world):
    lane = world.lane()
    lane.write("large", data.noise(8 * data.MIB))
    name = lane.snapshot()
    lane.send_classic().expect_well()
    _check_survives(lane, name)


@case
def what_is_durable_carries_the_next_increment_after_the_power_cut(world):
    lane = world.lane()
    lane.write("base", data.noise(4 * data.MIB))
    first = lane.snapshot()
    lane.send_well()
    with world.power_cut_at_pi() as pi:
        lane.write("news", "of the day after")
        second = lane.snapshot()
        with world.pi_is(pi):
            lane.send_well()
            lane.check_sent_only(lane.increment_size(second, first))
            check_same_tree(lane.at_nas(second), os.path.join(pi, lane.tag, second))
