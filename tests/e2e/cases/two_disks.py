"""Two disks at one Pi, in turn: one is in the house, the other is elsewhere."""

import os

from harness import documents, send_toml, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.lane import check_same_tree
from harness.verdict import check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

HOOK = "/usr/local/sbin/right-disk"
DISK_AWAY = 2  # exit code
TAGS = ("home-a", "home-b")


class _Pi:
    """With the hook of the FAQ, and a job for each disk at the NAS."""

    def __init__(self, world):
        self.world, self.lane = world, world.lane(tag="home")
        world.host.allow_tags([*TAGS])
        self.disks = {tag: os.path.join(world.pi.path, f"disk of {tag}") for tag in TAGS}
        for tag, disk in self.disks.items():
            os.mkdir(disk, 0o700)
            os.mkdir(os.path.join(disk, tag), 0o700)
        (hook,) = [block for block in documents.blocks("docs/faq.md")
                   if block.text.startswith("#!/bin/sh")]
        write_file(HOOK, hook.text, 0o755)
        write_file(SEND_CONFIGURATION, send_toml.receiver(world) + "".join(
            send_toml.job(self.lane, name=tag, dest_tag=f'"{tag}"') for tag in TAGS), 0o600)

    def day(self, inside):
        """A snapshot, and then all jobs, with that tag's disk in; the NAS keeps two snapshots."""
        self.lane.write("diary", f"with {inside}'s disk")
        name = self.lane.snapshot()
        for old in list(subvolume.inside(self.lane.snapshot_dir))[:-2]:
            subvolume.delete(self.lane.at_nas(old))
        disk = self.disks[inside]
        write_file("/etc/snapferry/receive.toml",
                   f'target_dir = "{disk}"\nbefore_receive = ["{HOOK}"]\n')
        self.world.link.reset()
        told = self.world.commands.run(self.world.sender(), "--all").expect_trouble(DISK_AWAY)
        check_equal(sorted(os.listdir(disk)), [".snapferry", inside], "what is on the disk")
        check_same_tree(self.lane.at_nas(name), os.path.join(disk, inside, name))
        return name, told


@case(needs=ALL_PROGRAMS)
def two_disks_in_turn_get_increments_each_and_nothing_begins_on_the_wrong_one(world):
    pi, last = _Pi(world), {}
    for inside in ("home-a", "home-a", "home-b", "home-b", "home-a", "home-b"):
        name, told = pi.day(inside)
        other = TAGS[1 - TAGS.index(inside)]
        check_says(told.err, f"the disk of {other} is not in")
        if inside in last:
            check_says(told.out, f"incrementally from {last[inside]}")
        last[inside] = name
    world.configure_receiver()
