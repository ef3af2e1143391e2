"""Asking without doing: --dry-run, --help, --version."""

import os

from harness import subvolume, tree
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says

EXIT_CODES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17)


def _lane(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.first = lane.snapshot()
    return lane


def _check_changes_nothing(lane, *options):
    """Runs with options; returns what was said."""
    before = _state(lane)
    result = lane.send_well("--dry-run", *options)
    check_equal(_state(lane), before, "both sides")
    lane.check_sent_only(0)
    return result.out


def _state(lane):
    notes = sorted(os.listdir(lane.snapshot_dir))
    backups = [tree.photograph(lane.at_pi(name)) for name in lane.received]
    return notes, lane.last_sent, lane.pins, lane.received, backups


@case
def a_dry_run_names_the_snapshot_and_says_that_it_would_go_in_full(world):
    lane = _lane(world)
    check_says(_check_changes_nothing(lane), lane.first, "full")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_dry_run_names_the_parent(world):
    lane = _lane(world)
    lane.send_well()
    lane.write("file", "changed")
    second = lane.snapshot()
    check_says(_check_changes_nothing(lane), second, lane.first)
    lane.check_complete(lane.first)


@case
def a_dry_run_names_the_pins_and_what_they_are_for(world):
    lane = world.lane()
    lane.write("file", "first")
    first = lane.snapshot()
    lane.send_well()
    pinned = lane.pins[first].path
    check_says(lane.send_well("--dry-run").out, f"pinned: {pinned}, until a newer one has arrived")
    lane.write("file", "second")
    second = lane.snapshot()
    subvolume.delete(lane.at_pi(first))
    check_says(lane.send_well("--dry-run").out, f"pinned: {pinned}, for nothing any more")
    lane.send_well()
    check_equal(list(lane.pins), [second], "the pins after the next good run")


@case
def a_dry_run_says_when_there_is_nothing_to_do(world):
    lane = _lane(world)
    lane.send_well()
    check_says(_check_changes_nothing(lane), lane.first)
    said = _check_changes_nothing(lane, "--force")
    check_says(said, lane.first, "full")


@case
def a_dry_run_reports_trouble_as_a_real_one_would(world):
    lane = _lane(world)
    lane.tag = "not_in_sudoers"
    lane.send("--dry-run").expect_trouble(12)


@case
def help_tells_every_option_and_every_exit_code(world):
    for program, options in (
            (world.sender(), ("--job", "--all", "--config", "--known-hosts", "--dry-run",
                              "--protocol", "--force", "--incremental-only", "--verbose",
                              "--quiet", "--version", "FORCE_SEND")),
            (world.receiver(), ("--version", "TAG"))):
        text = world.commands.run(program, "--help").expect_well().out
        check_says(text, *options)
        words = text.split()
        missing = [code for code in EXIT_CODES if str(code) not in words]
        check(not missing, f"exit codes not told: {missing}")


@case
def the_version_is_told(world):
    for program in (world.sender(), world.receiver()):
        text = world.commands.run(program, "--version").expect_well().out
        check(any(character.isdigit() for character in text), f"no version in {text!r}")


@case
def help_and_version_need_no_root(world):
    for program in (world.sender(), world.receiver()):
        for option in ("--help", "--version"):
            world.commands.run(program, option, user=world.login).expect_well()


@case(needs=ALL_PROGRAMS)
def a_word_that_is_no_command_is_told_what_is_near(world):
    for word, near in (("statsu", 'did you mean "status"?'), ("hsitory", 'did you mean "history"?'),
                       ("wibble", "there are: ")):
        refused = world.commands.run("/usr/local/sbin/snapferry", word).expect_trouble(1)
        check_says(refused.err, f'there is no command "{word}"', near)
