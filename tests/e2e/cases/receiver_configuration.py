"""receive.toml: what is wrong in it is named by file, line and key, and stops everything."""

import os

from harness import stream
from harness.case import case
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, write_file

NEEDS = ("snapshot-receive",)

# What is behind the target in receive.toml: what is wrong, the text, the key to be named, its line.
BAD = (
    ("an unknown key", "keeep = 7\n", "keeep", 2),
    ("an unknown key of the defaults", "[defaults]\nkeeep = 7\n", "keeep", 3),
    ("an unknown key of a tag", "[tags.home]\nretain = 7\n", "retain", 3),
    ("an unknown table", "[default]\nkeep = 7\n", "default", 2),
    ("words that mean nothing", '[defaults]\nkeep = "7 14x"\n', "14x", 3),
    ("a fraction for a number", "[defaults]\nkeep = 7.5\n", "keep", 3),
    ("a number for a table", "defaults = 7\n", "defaults", 2),
    ("keeping nothing", "[defaults]\nkeep = 0\n", "keep", 3),
    ("keeping less than nothing", "[tags.home]\nkeep = -1\n", "keep", 3),
    ("an age without a unit", '[defaults]\nmin_age = "7"\n', "min_age", 3),
    ("an age of nonsense", '[defaults]\nmin_age = "a week"\n', "min_age", 3),
    ("a number for an age", "[defaults]\nmin_age = 7\n", "min_age", 3),
    ("a nice value out of range", "nice = 20\n", "nice", 2),
    ("an unknown I/O class", 'io_class = "lazy"\n', "io_class", 2),
    ("a number for a path", "mount_point = 1\n", "mount_point", 2),
    ("a tag that is none", '[tags."a/b"]\nkeep = 7\n', "a/b", 2),
)


def _check_refused(world, lane, *words):
    result = lane.receive(bytes(stream.small("small"))).expect_trouble(1)
    check_says(result.err, RECEIVE_CONFIGURATION, *words)
    check_equal(lane.all_received, [], "the tag's directory")


@case(needs=NEEDS)
def what_is_wrong_is_named_by_file_line_and_key(world):
    lane = world.lane()
    for what, text, key, line in BAD:
        with world.receiver_configured(text):
            result = lane.receive(bytes(stream.small("small")))
            check_equal(result.code, 1, f"the exit code after {what}")
            check_says(result.err, RECEIVE_CONFIGURATION, key)
            check(f"{line}" in result.err.replace(RECEIVE_CONFIGURATION, ""),
                  f"{what}: no line {line} in {result.err!r}")
            check_equal(lane.all_received, [], "the tag's directory")


@case(needs=NEEDS)
def broken_toml_is_named_by_file_and_line(world):
    lane = world.lane()
    with world.receiver_configured("\n\nkeep = = 7\n"):
        _check_refused(world, lane, "4")


@case(needs=NEEDS)
def a_missing_target_is_named(world):
    lane = world.lane()
    try:
        for text in ("", "[defaults]\nkeep = 7\n", "target_dir = 7\n", 'target_dir = ""\n',
                     'target_dir = "relative/path"\n'):
            write_file(RECEIVE_CONFIGURATION, text)
            _check_refused(world, lane, "target_dir")
    finally:
        world.configure_receiver()


@case(needs=NEEDS)
def a_missing_file_is_named(world):
    lane = world.lane()
    os.unlink(RECEIVE_CONFIGURATION)
    try:
        _check_refused(world, lane)
    finally:
        world.configure_receiver()


@case(needs=NEEDS)
def a_file_that_others_own_or_may_write_is_refused(world):
    lane = world.lane()
    try:
        for owner, group, mode, word in ((1000, 0, 0o644, "root"), (0, 0, 0o664, "writ"),
                                         (0, 0, 0o646, "writ"), (0, 1000, 0o664, "writ")):
            os.chown(RECEIVE_CONFIGURATION, owner, group)
            os.chmod(RECEIVE_CONFIGURATION, mode)
            _check_refused(world, lane, word)
        os.chown(RECEIVE_CONFIGURATION, 0, 1000)
        os.chmod(RECEIVE_CONFIGURATION, 0o640)
        lane.receive(bytes(stream.small("small"))).expect_well()
    finally:
        os.unlink(RECEIVE_CONFIGURATION)
        world.configure_receiver()


@case(needs=NEEDS)
def everything_that_may_be_said_is_understood(world):
    lane = world.lane()
    with world.receiver_configured(
            f'mount_point = "{world.pi.path}"\nnice = 10\nio_class = "best-effort"\n'
            '[defaults]\nkeep = 3\nmin_age = "36h"\n'
            f'[tags.{lane.tag}]\nkeep = 2\nmin_age = "7d"\n'):
        lane.receive(bytes(stream.small("small"))).expect_well()
    lane.check_complete("small")


@case
def the_sender_is_told_what_is_wrong_at_the_receiver(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.snapshot()
    with world.receiver_configured("[defaults]\nkeeep = 7\n"):
        result = lane.send().expect_trouble(1)
        check_says(result.err, "keeep")
    check_equal(lane.all_received, [], "the tag's directory")
    check_equal(lane.last_sent, None, "the note")
