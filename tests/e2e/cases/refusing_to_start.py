"""What must be as it should before anything is written: root, the disk, and nobody else at it."""

import contextlib
import os

from harness import mounts, processes, stream
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, write_file


def _ready(world, size=MIB):
    lane = world.lane()
    lane.write("file", noise(size))
    lane.name = lane.snapshot()
    return lane


@contextlib.contextmanager
def _pi_unmounted(world):
    world.pi.unmount()
    try:
        yield
    finally:
        world.pi.mount()


@case
def a_disk_that_is_not_mounted_is_said_and_nothing_is_written_beneath(world):
    lane = _ready(world)
    with _pi_unmounted(world):
        result = lane.send().expect_trouble(2)
        check_says(result.err, "mount")
        lane.receive(bytes(stream.small("small"))).expect_trouble(2)
        check_equal(os.listdir(world.pi.path), [], "what lies beneath the mount point")
    check_equal(lane.all_received, [], "the tag's directory")
    check_equal(lane.last_sent, None, "the note")
    lane.send_well()
    lane.check_arrived(lane.name)


@case
def a_directory_of_another_file_system_in_place_of_the_disk_is_refused(world):
    lane = _ready(world)
    with _pi_unmounted(world):
        mounts.mount("tmpfs", world.pi.path, "tmpfs")
        try:
            lane.send().expect_trouble(2)
            check_equal(os.listdir(world.pi.path), [], "what was written there")
        finally:
            mounts.unmount(world.pi.path)


@case
def a_target_that_does_not_exist_is_refused_and_not_made(world):
    lane = _ready(world)
    absent = os.path.join(world.pi.path, "no-such-directory")
    write_file(RECEIVE_CONFIGURATION, f'target_dir = "{absent}"\n')
    try:
        lane.send().expect_trouble(2)
        check(not os.path.exists(absent), "the missing target was made")
    finally:
        world.configure_receiver()


@case
def a_target_deeper_in_the_disk_is_never_written_to_beneath_its_mount(world):
    deeper = os.path.join(world.pi.path, "a", "deeper")
    os.makedirs(deeper)
    try:
        for more in ("", f'mount_point = "{world.pi.path}"\n'):
            lane = _ready(world)
            lane.received_dir = os.path.join(deeper, lane.tag)
            write_file(RECEIVE_CONFIGURATION, f'target_dir = "{deeper}"\n{more}')
            lane.send_well()
            lane.check_arrived(lane.name)
            with _pi_unmounted(world):
                os.makedirs(deeper)  # the same path, on the wrong disk
                lane.write("file", "changed")
                lane.snapshot()
                lane.send().expect_trouble(2)
                check_equal(os.listdir(deeper), [], "what was written beneath")
                os.removedirs(deeper)
                os.makedirs(world.pi.path, exist_ok=True)
    finally:
        world.configure_receiver()


@case
def without_root_neither_program_does_anything(world):
    lane = _ready(world)
    sender = world.commands.run(world.sender(), *lane.arguments(), user=world.login)
    check_says(sender.expect_trouble(5).err, "root")
    receiver = world.commands.run(world.receiver(), lane.tag, user=world.login,
                                  input=bytes(stream.small("small")))
    check_says(receiver.expect_trouble(5).err, "root")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_missing_snapshot_directory_is_an_error(world):
    lane = _ready(world)
    lane.snapshot_dir += "-not"
    result = lane.send().expect_trouble(2)
    check_says(result.err, lane.snapshot_dir)


@case
def a_snapshot_directory_without_a_snapshot_of_the_tag_is_an_error(world):
    lane = _ready(world)
    lane.source_tag = "weekly"
    result = lane.send().expect_trouble(2, 4)
    check_says(result.err, "weekly")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def too_few_or_too_many_arguments_are_an_error(world):
    lane = _ready(world)
    for arguments in ([], lane.arguments()[:4], [*lane.arguments(), "more"], ["--no-such-option"]):
        world.start_sender(*arguments).finish().expect_trouble(1, 4)
    check_equal(lane.all_received, [], "the tag's directory")


@case
def the_second_of_two_senders_of_one_job_is_told_busy(world):
    lane = _ready(world, 20 * MIB)
    with _sending_slowly(lane) as first:
        check_says(_second_sender(lane).expect_trouble(15).err, "another run")
    first.expect_well()
    lane.check_complete(lane.name)
    lane.check_arrived(lane.name)


@case
def the_second_of_two_senders_into_one_tag_is_told_busy_by_the_receiver(world):
    lane, other = _ready(world, 20 * MIB), _ready(world)
    other.tag = lane.tag
    with _sending_slowly(lane) as first:
        check_says(_second_sender(other).expect_trouble(15).err, "another run")
    first.expect_well()
    lane.check_complete(lane.name)
    lane.check_arrived(lane.name)


@case
def a_raw_stream_into_a_busy_tag_is_told_busy(world):
    lane = _ready(world, 20 * MIB)
    with _sending_slowly(lane) as first:
        lane.receive(bytes(stream.small("small"))).expect_trouble(15)
    first.expect_well()
    lane.check_complete(lane.name)


@case
def two_tags_are_received_at_the_same_time(world):
    lane, other = _ready(world, 20 * MIB), _ready(world)
    with _sending_slowly(lane) as first:
        _second_sender(other).expect_well()
        check(not first.ended, "the first was over too early to show anything")
    first.expect_well()
    for one in (lane, other):
        one.check_arrived(one.name)


class _sending_slowly:
    """Within, lane's send is under way; after that, `expect_well()` waits for its end."""

    def __init__(self, lane):
        self._lane = lane

    def __enter__(self):
        self._run = self._lane.start()
        self._lane.world.link.rate = 2 * MIB  # bytes a second: longer than one waits for a lock
        self._lane.world.link.await_sent(MIB)
        processes.await_running(processes.RECEIVER)
        return self

    def __exit__(self, *_):
        self._lane.world.link.rate = None

    @property
    def ended(self):
        return self._run.ended

    def expect_well(self):
        return self._run.finish().expect_well()


def _second_sender(lane):
    """Sends beside the first, and past its slow line."""
    address = f"{lane.world.login}@127.0.0.1:{lane.world.ssh.port}"
    return lane.world.commands.run(lane.world.sender(), *lane.arguments(to=address))
