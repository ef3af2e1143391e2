"""kill -9 of snapferry pair at its system calls: nothing is broken, and the next run ends well."""

import os

from harness.case import case
from harness.killing import calls_of_command, kill_command_at, require_strace
from harness.pairing import KEYS, SNAPFERRY, Pairing
from harness.verdict import check, check_equal, told_of_failures

NEEDS = ("snapshot-send", "snapshot-receive", "snapferry")
NAMES = "rename", "link"  # in the short sweep: just before a file is another one
MORE = "rename", "link", "unlink", "mkdir", "fchmod", "fsync", "clone", "clone3", "fork", "vfork"


def _arguments(both, lane, *more):
    return (SNAPFERRY, *both.words("--tag", lane.tag, "--snapshots", lane.snapshot_dir, "--disk",
                                   both.pi.device, "--yes", *more))


def _check_no_litter():
    directory = os.path.dirname(KEYS)
    litter = [name for place in (directory, KEYS) if os.path.isdir(place)
              for name in os.listdir(place) if name.endswith((".snapferry-before", ".snapferry-new", ".new"))]
    check_equal(litter, [], "what is left beside the files")


def _sweep(world, tag, names):
    require_strace()
    lane = world.lane(tag)
    lane.write("file", "contents")
    lane.snapshot()
    with Pairing(world) as both:
        calls = calls_of_command(world, _arguments(both, lane), names)
        hit = 0
        for call in calls:
            both.make_bare()
            with told_of_failures(f"killed before {call}"):
                hit += kill_command_at(world, _arguments(both, lane), call)
                both.pi.check_sound("after the kill")
                world.commands.run(*_arguments(both, lane)).expect_well()
                both.pi.check_sound("after the next run")
                both.run("--tag", tag, "--check").expect_well()
                _check_no_litter()
        check(hit > 0, "no run was hit")
        world.notes.append(f"killed at {hit} of {len(calls)} calls")


@case(needs=NEEDS)
def a_pairing_killed_before_it_replaces_a_file_is_gone_on_with(world):
    _sweep(world, "killed", NAMES)


@case(needs=NEEDS, long=True)
def a_pairing_killed_at_each_call_that_changes_anything_is_gone_on_with(world):
    _sweep(world, "swept", MORE)


@case(needs=NEEDS, long=True)
def an_undoing_killed_before_it_replaces_a_file_is_gone_on_with(world):
    require_strace()
    lane = world.lane("unswept")
    lane.write("file", "contents")
    lane.snapshot()
    with Pairing(world) as both:
        undo = (SNAPFERRY, *both.words("--tag", lane.tag, "--undo", "--yes"))
        before = both.state_of_nas()
        world.commands.run(*_arguments(both, lane)).expect_well()
        for call in calls_of_command(world, undo, ("rename", "link", "unlink")):
            world.commands.run(*_arguments(both, lane)).expect_well()
            with told_of_failures(f"killed before {call}"):
                kill_command_at(world, undo, call)
                both.pi.check_sound("after the kill")
                world.commands.run(*undo).expect_well()
                check_equal(both.state_of_nas(), before, "what is left at the NAS")
