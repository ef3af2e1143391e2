"""The directories above the backups are root's alone: made so, kept so, or refused."""

import contextlib
import os

from harness import stream
from harness.case import case
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import RECEIVE_CONFIGURATION, write_file

NEEDS = ("snapshot-receive",)
STRANGER = 1000
OK, CRITICAL = 0, 2


def _mode(path):
    return os.stat(path).st_mode & 0o7777


def _private_places(lane):
    """What only root may enter, from the outside in."""
    return (lane.received_dir, os.path.dirname(lane.staging), lane.staging)


def _received(world, name="small"):
    lane = world.lane()
    lane.receive(bytes(stream.small(name))).expect_well()
    return lane


@contextlib.contextmanager
def _as(path, owner=0, mode=None):
    """Within, path has another owner and mode."""
    before = os.stat(path)
    os.chown(path, owner, -1)
    if mode is not None:
        os.chmod(path, mode)
    try:
        yield
    finally:
        os.chown(path, before.st_uid, before.st_gid)
        os.chmod(path, before.st_mode & 0o7777)


@case(needs=NEEDS)
def what_is_made_can_be_entered_by_root_alone(world):
    lane = _received(world)
    for path in _private_places(lane):
        check_equal(_mode(path), 0o700, f"the mode of {path}")


@case(needs=NEEDS)
def directories_that_others_may_enter_are_closed_and_that_is_said(world):
    lane = _received(world)
    for number, mode in enumerate((0o755, 0o711, 0o777, 0o1777, 0o750, 0o704)):
        for place, path in enumerate(_private_places(lane)):
            with told_of_failures(f"{path} of mode {mode:04o}"):
                os.chmod(path, mode)
                result = lane.receive(bytes(stream.small(f"small-{number}-{place}"))).expect(0)
                check_says(result.err, "warning", path, f"{mode:04o}", "0700 now")
                check_equal(_mode(path), 0o700, "the mode")
    lane.receive(bytes(stream.small("afterwards"))).expect_well()


@case(needs=("snapshot-send", "snapshot-receive"))
def a_directory_made_by_hand_for_a_new_disk_is_closed_before_anything_arrives(world):
    lane = world.lane()
    lane.write("file", "contents")
    name = lane.snapshot()
    os.mkdir(lane.received_dir)
    os.chmod(lane.received_dir, 0o755)
    result = lane.send().expect(0)
    check_says(result.err, "warning", lane.received_dir, "0755")
    check_equal(_mode(lane.received_dir), 0o700, "the mode of TAG/")
    lane.check_arrived(name)
    world.commands.run("/bin/ls", lane.received_dir, user=STRANGER).expect_trouble(2)


@case(needs=NEEDS)
def what_belongs_to_somebody_else_is_refused_with_what_to_do(world):
    lane = _received(world)
    before = lane.complete
    for path in _private_places(lane):
        for mode in (0o700, 0o777):
            with told_of_failures(f"{path} of mode {mode:04o}"), _as(path, STRANGER, mode):
                result = lane.receive(bytes(stream.small("more"))).expect_trouble(1)
                check_says(result.err, path, f"user {STRANGER}", "chown root:root",
                           "chmod 0700")
                check_equal(lane.complete, before, "the backups")
    lane.receive(bytes(stream.small("more"))).expect_well()


@case(needs=NEEDS)
def a_stranger_who_was_first_gets_nothing(world):
    lane = world.lane()
    os.mkdir(lane.received_dir)
    os.chown(lane.received_dir, STRANGER, STRANGER)
    try:
        lane.receive(bytes(stream.small("small"))).expect_trouble(1)
        check_equal(os.listdir(lane.received_dir), [], "the stranger's directory")
    finally:
        os.rmdir(lane.received_dir)
    for what in ("symlink", "file"):
        with told_of_failures(what):
            if what == "symlink":
                os.symlink("/tmp", lane.received_dir)
            else:
                write_file(lane.received_dir, "")
            before = os.listdir("/tmp")
            check_says(lane.receive(bytes(stream.small("small"))).expect_trouble(1).err,
                       "is not a directory")
            check_equal(os.listdir("/tmp"), before, "what lies in /tmp")
            os.unlink(lane.received_dir)
    lane.receive(bytes(stream.small("small"))).expect_well()


@case(needs=NEEDS)
def directories_above_that_others_can_change_are_refused(world):
    lane = _received(world)
    above = os.path.join(world.pi.path, "above")
    target = os.path.join(above, "target")
    os.makedirs(target)
    write_file(RECEIVE_CONFIGURATION,
               f'target_dir = "{target}"\nmount_point = "{world.pi.path}"\n')
    try:
        lane.receive(bytes(stream.small("small"))).expect_well()
        for path in (world.pi.path, above, target):
            for owner, mode, words in ((0, 0o777, "chmod go-w"), (0, 0o1777, "chmod go-w"),
                                       (STRANGER, 0o755, "chown root:root")):
                with told_of_failures(f"{path}, {owner}, {mode:04o}"), _as(path, owner, mode):
                    result = lane.receive(bytes(stream.small("more"))).expect_trouble(1)
                    check_says(result.err, path, words)
        os.rename(target, target + "-real")
        os.symlink("target-real", target)
        check_says(lane.receive(bytes(stream.small("more"))).expect_trouble(1).err, target,
                   "is not a directory")
        os.unlink(target)
        os.rename(target + "-real", target)
        lane.receive(bytes(stream.small("more"))).expect_well()
    finally:
        world.configure_receiver()


@case(needs=NEEDS)
def locks_and_checkpoints_that_are_not_ours_are_not_followed(world):
    lane = _received(world)
    lock = lane.staging + ".lock"
    victim = os.path.join(world.directory, "victim")
    for made in (lock, lane.checkpoint):
        for what in ("symlink", "fifo", "stranger's"):
            with told_of_failures(f"{what} at {made}"):
                write_file(victim, "untouched")
                os.path.exists(made) and os.unlink(made)
                if what == "symlink":
                    os.symlink(victim, made)
                elif what == "fifo":
                    os.mkfifo(made)
                else:
                    write_file(made, "{}")
                    os.chown(made, STRANGER, STRANGER)
                result = lane.receive(bytes(stream.small(f"next-{what[:4]}")))
                check(result.code == (1 if made == lock else 0), f"exit code {result.code}")
                with open(victim, encoding="utf-8") as file:
                    check_equal(file.read(), "untouched", "the victim's file")
                os.path.lexists(made) and os.unlink(made)
    lane.receive(bytes(stream.small("afterwards"))).expect_well()


@case(needs=("snapshot-receive", "snapferry"))
def a_check_sees_what_others_may_enter_or_change_and_changes_nothing(world):
    lane = _received(world)
    world.ssh.authorize_for(lane.tag)

    def check_now():
        return world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving", lane.tag)

    check_says(check_now().out, "OK: only root can look into the backups")
    for path in _private_places(lane):
        for owner, mode in ((0, 0o755), (0, 0o777), (STRANGER, 0o700)):
            with told_of_failures(f"{path}, {owner}, {mode:04o}"), _as(path, owner, mode):
                check_says(check_now().expect(CRITICAL).out, path, "not safe from the other users")
                check_equal(_mode(path), mode, "the mode after the check")
    with _as(world.pi.path, 0, 0o777):
        check_says(check_now().expect(CRITICAL).out, world.pi.path, "chmod go-w")
    check_says(check_now().out, "OK: only root can look into the backups")
