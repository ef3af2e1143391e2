"""The reserve of the backup disk stays free, whatever a stream takes the space with."""

import os

from harness import stream, subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.free_space import Lowest, free, free_when_clean
from harness.verdict import check, check_equal, check_says

WORLD = {"pi_size": 1024 * MIB}
MARGIN = 16 * MIB  # docs/guarantees.md says so
BLOCK = 4096


def _reserving(world, size, more=""):
    return world.receiver_configured(f'reserve = "{size // MIB}MiB"\n{more}')


def _refused_above_the_reserve(world, lane, data, room=150 * MIB):
    """Gives the stream to a receiver with so much room; it must end before the reserve is used."""
    before = free_when_clean(world.pi.path)
    reserve = (before - room) // MIB * MIB
    with _reserving(world, reserve), Lowest(world.pi.path) as lowest:
        result = lane.receive(data)
        world.pi.sync()
    world.notes.append(f"{(lowest.bytes - reserve) / MIB:.1f} MiB above the reserve")
    check(result.code == 16, f"exit code {result.code}")
    check_says(result.err, "in reserve")
    check(lowest.bytes >= reserve - MARGIN,
          f"{lowest.bytes / MIB:.1f} MiB were free, {reserve / MIB:.1f} are kept in reserve")
    check_equal(lane.all_received, [], "the tag's directory")
    check(free_when_clean(world.pi.path) > before - 32 * MIB, "the space did not come back")


def _many_extents(made, count):
    """A file of so many extents, each of one block that follows a hole."""
    made.mkfile(b"source")
    for number in range(count):
        made.write(b"source", b"x", number * 2 * BLOCK)
    return made.truncate(b"source", count * 2 * BLOCK)


@case(needs=("snapshot-receive",))
def a_small_stream_of_clones_takes_no_reserve(world):
    made = _many_extents(stream.Stream().subvol("clones"), 4000)
    for number in range(3000):
        name = f"copy-{number}".encode()
        made.mkfile(name).clone(name, made.uuid, b"source", 4000 * 2 * BLOCK)
    _refused_above_the_reserve(world, world.lane(), bytes(made.end()))


@case(needs=("snapshot-receive",), long=True)
def a_file_that_is_doubled_again_and_again_takes_no_reserve(world):
    made = _many_extents(stream.Stream().subvol("doubling"), 2000)
    size, last = 2000 * 2 * BLOCK, b"source"
    for number in range(14):
        name = f"twice-{number}".encode()
        made.mkfile(name)
        for offset in (0, size):
            made.clone(name, made.uuid, last, size, offset=offset)
        size, last = 2 * size, name
    _refused_above_the_reserve(world, world.lane(), bytes(made.end()))


@case(needs=("snapshot-receive",))
def preallocation_takes_no_reserve(world):
    made = stream.Stream(version=2).subvol("preallocated")
    for number in range(40):
        name = f"file-{number}".encode()
        made.mkfile(name).add(stream.FALLOCATE, (stream.A_PATH, name),
                              (stream.A_FALLOCATE_MODE, 0), (stream.A_FILE_OFFSET, 0),
                              (stream.A_SIZE, 10 * MIB))
    _refused_above_the_reserve(world, world.lane(), bytes(made.end()))


@case
def small_files_take_no_reserve(world):
    lane = world.lane()
    many = os.path.join(lane.source, "many")
    os.mkdir(many)
    for number in range(25_000):
        os.symlink("t" * 3500, os.path.join(many, f"link-{number}"))
    lane.snapshot()
    _refused(world, lane, 60 * MIB)


@case
def extended_attributes_take_no_reserve(world):
    lane = world.lane()
    for number in range(5_000):
        path = os.path.join(lane.source, f"file-{number}")
        with open(path, "wb"):
            os.setxattr(path, "user.large", b"a" * 12_000)
    lane.snapshot()
    _refused(world, lane, 60 * MIB)


@case(needs=("snapshot-receive",))
def data_that_the_disk_has_not_placed_yet_counts(world):
    lane = world.lane()
    lane.write("large", noise(250 * MIB))
    name = lane.snapshot()  # in a raw stream: of any other the receiver is told how large it is
    _refused_above_the_reserve(world, lane, subvolume.send(lane.at_nas(name)), 200 * MIB)


def _refused(world, lane, room):
    """A send for which the receiver has that much room, and which needs more."""
    before = free_when_clean(world.pi.path)
    reserve = (before - room) // MIB * MIB
    with _reserving(world, reserve), Lowest(world.pi.path) as lowest:
        result = lane.send().expect_trouble(16)
        world.pi.sync()
    world.notes.append(f"{(lowest.bytes - reserve) / MIB:.1f} MiB above the reserve")
    check_says(result.err, "reserve")
    check(lowest.bytes >= reserve - MARGIN,
          f"{lowest.bytes / MIB:.1f} MiB were free, {reserve / MIB:.1f} are kept in reserve")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def what_fits_above_the_reserve_is_not_refused(world):
    lane = world.lane()
    lane.write("large", noise(200 * MIB))
    name = lane.snapshot()
    with _reserving(world, free_when_clean(world.pi.path) - 215 * MIB):
        lane.send_well()
    lane.check_arrived(name)
    check(free(world.pi.path) > 0, "the disk is full")
    subvolume.delete(lane.at_pi(name))
