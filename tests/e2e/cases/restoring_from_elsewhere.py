"""Files come back to the NAS by a person's own login, and from a disk that is all that is left."""

import os

from harness import data, killing, mounts, tree
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.person import ONLY_ANSWERS, Person
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION

SNAPFERRY = "/usr/local/sbin/snapferry"
MISUSED, INCOMPLETE = 1, 21


class Everything:
    """A backup with all that a tree can hold."""

    def __init__(self, world):
        self.lane = lane = world.lane()
        data.fill(lane.source)
        self.name = lane.snapshot()
        lane.send_well()
        self.path = lane.at_pi(self.name)


def place(world, name):
    return os.path.join(world.nas.path, name)


def check_restored(path, to):
    said = tree.differences(path, to)
    check(not said, "the restored tree differs:\n  " + "\n  ".join(said[:20]))


@case(needs=ALL_PROGRAMS)
def a_whole_backup_comes_back_to_the_nas_and_a_second_time_nothing_does(world):
    backup = world.once(Everything)
    with Person(world) as pia:
        pia.may(ONLY_ANSWERS)
        to = place(world, "from-the-pi")
        said = pia.run("restore", backup.lane.tag, "--to", to, "--from", pia.address)
        check_says(said.expect_well().out, backup.name, "all the same")
        check_restored(backup.path, to)
        again = pia.run("restore", backup.lane.tag, "--to", to, "--from", pia.address)
        check_says(again.expect_well().out, "0 entries, 0 directories", "there already")
        check_restored(backup.path, to)


@case(needs=ALL_PROGRAMS)
def a_part_comes_back_to_the_nas_and_what_is_there_is_left_alone(world):
    backup = world.once(Everything)
    to = place(world, "part-from-the-pi")
    with Person(world) as pia:
        def restore(*arguments):
            return pia.run("restore", backup.lane.tag, *arguments, "--to", to, "--from",
                           pia.address)
        dry = restore("directory", "linked", "--dry-run").expect_well().out
        check_says(dry, "would restore " + backup.name)
        check(not os.path.exists(to), "a dry run made the directory")
        restore("directory", "linked", "--at", backup.name).expect_well()
        check_equal(sorted(os.listdir(to)), ["directory", "linked"], "what came back")
        check_equal(os.stat(os.path.join(to, "linked")).st_ino,
                    os.stat(os.path.join(to, "directory/also-linked")).st_ino, "two links")
        os.truncate(os.path.join(to, "linked"), 1)
        left = restore("linked", "small").expect_trouble(INCOMPLETE)
        check_says(left.err, "linked: left alone")
        check_equal(os.path.getsize(os.path.join(to, "small")), 11, "what else was asked for")
        missing = restore("nowhere").expect_trouble(MISUSED)
        check_says(missing.err, "has no nowhere", "does not give the files")
        wrong = pia.run("restore", "nothing", "--to", to, "--from", pia.address)
        check_says(wrong.expect_trouble(MISUSED).err, "no backups of nothing")


@case(needs=ALL_PROGRAMS)
def a_way_that_breaks_costs_nothing_that_was_there(world):
    killing.require_strace()
    lane = world.lane()
    for number in range(40):
        lane.write(f"file-{number:02}", noise(MIB, number))
    name = lane.snapshot()
    lane.send_well()
    to = place(world, "broken")
    with Person(world) as pia:
        command = (SNAPFERRY, "restore", lane.tag, "--to", to, "--from", pia.address)
        for call, number in (("pwrite64", 20), ("renameat2", 5), ("syncfs", 2)):
            world.commands.run("strace", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                               f"inject={call}:signal=KILL:when={number}", *command)
            for found in os.listdir(to):
                if not found.startswith("."):
                    check_equal(read(to, found), read(lane.at_pi(name), found), found)
        world.commands.run(*command).expect_well()
        check_restored(lane.at_pi(name), to)


@case(needs=ALL_PROGRAMS)
def from_a_disk_that_is_all_that_is_left_files_come_back_with_nothing_configured(world):
    backup = world.once(Everything)
    os.rename(RECEIVE_CONFIGURATION, RECEIVE_CONFIGURATION + ".away")
    mounts.mount(None, world.pi.path, None, mounts.BIND | mounts.REMOUNT | mounts.RDONLY)
    try:
        to = place(world, "from-the-disk")
        said = world.commands.run(SNAPFERRY, "restore", backup.lane.tag, "--disk", world.pi.path,
                                  "--to", to)
        check_says(said.expect_well().out, backup.name, "all the same")
        check_restored(backup.path, to)
    finally:
        mounts.mount(None, world.pi.path, None,
                     mounts.BIND | mounts.REMOUNT | mounts.NOSUID | mounts.NODEV)
        os.rename(RECEIVE_CONFIGURATION + ".away", RECEIVE_CONFIGURATION)


@case(needs=ALL_PROGRAMS)
def what_the_guide_says_about_getting_files_back_is_done_as_it_says(world):
    lane = world.lane(tag="home")
    for day in range(3):
        os.makedirs(os.path.join(lane.source, "photos/2019"), exist_ok=True)
        lane.write("photos/2019/beach.jpg", noise(MIB, day))
        lane.snapshot()
        lane.send_well()
    project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__)))))
    with open(os.path.join(project, "docs/operations.md"), encoding="utf-8") as file:
        guide = file.read().partition("## Getting files back")[2].partition("\n## ")[0]
    commands = [line for line in guide.splitlines() if line.startswith("sudo snapferry restore ")
                and "--all" not in line]
    check_equal(len(commands), 4, "commands of the guide")
    with Person(world) as pia:
        for number, line in enumerate(commands):
            to = place(world, f"guide-{number}")
            line = (line.removeprefix("sudo ").replace("/tmp/back", to).replace("/data/home", to)
                    .replace("/mnt/usb", world.pi.path).replace("pi@pi.lan", pia.address))
            world.commands.run("bash", "-c", line).expect_well()
            check_equal(read(to, "photos/2019/beach.jpg"),
                        read(lane.at_pi(lane.complete[-1]), "photos/2019/beach.jpg"), line)


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()
