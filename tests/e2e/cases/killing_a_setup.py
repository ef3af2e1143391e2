"""kill -9 of a set-up at its system calls: nothing is broken then, and the next run ends well."""

import os

from harness.bare_pi import BarePi
from harness.case import case
from harness.killing import calls_of_command, kill_command_at, require_strace
from harness.verdict import check, check_equal, told_of_failures

NEEDS = ("snapshot-receive", "snapferry")
CHANGING = "rename", "link", "unlink", "mkdir", "chmod", "fchmod", "fchown", "fsync"
STARTING = "clone", "clone3", "fork", "vfork"  # another program: useradd, mount, visudo
NAMES = ("rename",)  # in the short sweep: just before a file is another one


def _arguments(pi, erase=False):
    disk = ("--format", pi.device, "--typed", pi.name) if erase else ("--disk", pi.device)
    return "/usr/local/sbin/snapferry", "setup", "receiver", "home", "--key", pi.key, *disk, "--yes"


def _bare(pi):
    pi.make_bare()
    pi.make_btrfs()


def _sweep(world, names, erase=False):
    require_strace()
    with BarePi(world) as pi:
        _bare(pi)
        calls = calls_of_command(world, _arguments(pi, erase), names)
        hit = 0
        for call in calls:
            _bare(pi)
            with told_of_failures(f"killed before {call}"):
                hit += kill_command_at(world, _arguments(pi, erase), call)
                pi.check_sound("after the kill")
                world.commands.run(*_arguments(pi, erase)).expect_well()
                pi.check_sound("after the next run")
                _check_whole(pi)
        check(hit > 0, "no run was hit")
        world.notes.append(f"killed at {hit} of {len(calls)} calls")


def _check_whole(pi):
    pi.set_up("home", "--key", pi.key, "--check").expect_well()
    litter = [name for place in ("/etc", "/etc/sudoers.d", "/etc/snapferry",
                                 "/var/lib/backups/.ssh")
              for name in os.listdir(place) if name.endswith((".snapferry-before", ".snapferry-new"))]
    check_equal(litter, [], "what is left beside the files")


@case(needs=NEEDS)
def a_setup_killed_before_it_replaces_a_file_is_gone_on_with(world):
    _sweep(world, NAMES)


@case(needs=NEEDS, long=True)
def a_setup_killed_at_each_call_that_changes_anything_is_gone_on_with(world):
    _sweep(world, CHANGING)


@case(needs=NEEDS, long=True)
def a_setup_killed_before_each_program_that_it_starts_is_gone_on_with(world):
    _sweep(world, STARTING, erase=True)


@case(needs=NEEDS, long=True)
def a_removal_killed_at_each_call_that_changes_anything_is_gone_on_with(world):
    require_strace()
    remove = ("/usr/local/sbin/snapferry", "setup", "remove", "home", "--yes")
    with BarePi(world) as pi:
        _bare(pi)
        world.commands.run(*_arguments(pi)).expect_well()
        calls = calls_of_command(world, remove, CHANGING)
        for call in calls:
            _bare(pi)
            world.commands.run(*_arguments(pi)).expect_well()
            with told_of_failures(f"killed before {call}"):
                kill_command_at(world, remove, call)
                pi.check_sound("after the kill")
                world.commands.run(*remove).expect_well()
                pi.check_sound("after the next run")
                check("Nothing is to be changed" in world.commands.run(*remove).expect_well().out,
                      "something was left")
