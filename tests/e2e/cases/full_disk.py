"""A backup disk without room says so, loses nothing, and goes on once there is room."""

import os
import subprocess

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says

TOO_LARGE = 350 * MIB
RATE = 32 * MIB  # bytes a second: slow enough to be cut at a chosen place
WORLD = {"pi_size": 300 * MIB}


@case
def a_disk_too_small_is_said_loses_nothing_and_takes_the_next(world):
    lane = world.lane()
    lane.write("file", noise(10 * MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("too-large", noise(TOO_LARGE, 2))
    too_large = lane.snapshot()
    result = lane.send().expect_trouble(16)
    check_says(result.err, "space")
    lane.check_complete(first)
    lane.check_arrived(first)
    check_equal(lane.last_sent, first, "the note")
    subvolume.delete(lane.at_nas(too_large))
    lane.write("too-large", "no more")
    third = lane.snapshot()
    lane.send_well()
    lane.check_complete(first, third)
    lane.check_arrived(third)


@case(needs=("snapshot-receive",))
def a_raw_stream_into_a_full_disk_leaves_nothing_half_done(world):
    lane = world.lane()
    lane.write("too-large", noise(TOO_LARGE))
    lane.snapshot()
    result = lane.send_classic()
    check(result.code == 16, f"exit code {result.code}")
    check_equal(lane.all_received, [], "the tag's directory")


def _free(world):
    """Bytes that are free at the Pi once btrfs has cleaned up."""
    subvolume.await_cleaned(world.pi.path)
    data = os.statvfs(world.pi.path)
    return data.f_bavail * data.f_frsize


def _reserving(world, size, more=""):
    return world.receiver_configured(f'reserve = "{size // MIB}MiB"\n{more}')


@case
def a_disk_below_its_reserve_refuses_before_anything_travels(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("file", noise(8 * MIB, 2))
    second = lane.snapshot()
    with _reserving(world, _free(world) + 20 * MIB):
        result = lane.send().expect_trouble(16)
        check_says(result.err, "in reserve")
        check(world.link.sent < MIB, f"{world.link.sent} bytes were sent for nothing")
        lane.check_complete(first)
    lane.send_well()
    lane.check_complete(first, second)


@case
def a_receive_that_eats_into_the_reserve_is_ended_and_gives_its_space_back(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    first = lane.snapshot()
    lane.send_well()
    before = _free(world)
    lane.write("large", noise(before // 2, 2))
    lane.snapshot()
    with _reserving(world, before * 3 // 4, 'checkpoint_every = "8MiB"\n'):
        result = lane.send().expect_trouble(16)
        check_says(result.err, "in reserve")
    lane.check_complete(first)
    lane.check_arrived(first)
    check(_free(world) > before - 4 * MIB, f"{before} bytes were free, now {_free(world)}")
    check_equal(os.listdir(lane.staging), [], "staging")


@case
def a_full_disk_does_not_cost_what_was_received_before(world):
    lane = world.lane()
    size = _free(world) // 4
    lane.write("large", noise(size))
    name = lane.snapshot()
    with _reserving(world, MIB, 'checkpoint_every = "4MiB"\n'):
        lane.interrupt(size // 2, RATE)
    with _reserving(world, _free(world) + 20 * MIB):
        lane.send().expect_trouble(16)
    result = lane.send_well()
    check_says(result.out, "going on with")
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def what_the_disk_has_no_room_to_finish_does_not_hold_up_what_fits(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    first = lane.snapshot()
    lane.send_well()
    large = os.path.join(lane.source, "large")
    lane.write("large", noise(_free(world) // 4, 2))
    lane.snapshot()
    with _reserving(world, MIB, 'checkpoint_every = "4MiB"\n'):
        lane.interrupt(_free(world) // 8, RATE)
    held = lane.held
    os.unlink(large)
    with _reserving(world, _free(world) + held // 2):
        lane.send("--retries", "0").expect_trouble(16)  # there may be room again tomorrow
        check_equal(lane.held, held, "what is held")
        newest = lane.snapshot()
        for _ in range(2):
            lane.send("--retries", "0")
    lane.check_complete(first, newest)
    lane.check_arrived(newest)


@case
def what_a_power_cut_left_in_staging_goes_before_the_space_is_looked_at(world):
    lane = world.lane()
    size = _free(world) // 5
    lane.write("large", noise(size))
    name = lane.snapshot()
    with _reserving(world, MIB, 'checkpoint_every = "4MiB"\n'):
        lane.interrupt(size // 2, RATE)
    enough = _free(world) - size
    with open(os.path.join(lane.staging, "partial-99"), "wb") as file:
        file.write(noise(2 * size, 9))
        os.fsync(file.fileno())
    with _reserving(world, enough):
        check_says(lane.send_well().out, "going on with")
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def below_the_reserve_what_is_no_longer_to_be_kept_is_pruned_first(world):
    lane = world.lane()
    size = _free(world) // 8
    names = []
    for day in range(3):
        lane.write("large", noise(size, day))
        names.append(lane.snapshot())
        lane.send_well()
    lane.write("small", "of the last day")
    names.append(lane.snapshot())
    enough = _free(world) + size
    with _reserving(world, enough, "[defaults]\nkeep = 3\n"):
        lane.send().expect_trouble(16)
        lane.check_complete(*names[:3])
    with _reserving(world, enough, "[defaults]\nkeep = 1\n"):
        check_says(lane.send_well().out, f"pruned {names[0]}")
    lane.check_complete(names[3])
    lane.check_arrived(names[3])


@case
def a_full_send_that_will_not_fit_is_said_before_anything_travels(world):
    lane = world.lane()
    lane.write("large", noise(TOO_LARGE))
    for number in range(100):
        lane.write(f"small-{number}", f"of {number}")
    name = lane.snapshot()
    result = lane.send().expect_trouble(16)
    check_says(result.err, "350.0 MiB will not fit into")
    check(world.link.sent < MIB, f"{world.link.sent} bytes were sent for nothing")
    check_equal(lane.all_received, [], "the tag's directory")
    subvolume.delete(lane.at_nas(name))


def _compressible(size):
    """Shrinks to almost nothing, and is no hole."""
    return b"all work and no play " * (size // 21)


@case
def what_fits_only_because_it_is_compressed_is_sent(world):
    lane = world.lane()
    subprocess.run(["btrfs", "property", "set", lane.source, "compression", "zstd"], check=True)
    lane.write("large", _compressible(TOO_LARGE))
    name = lane.snapshot()
    result = lane.send().expect(0)
    check_says(result.err, "may not fit into")
    lane.check_arrived(name)
    subvolume.delete(lane.at_pi(name))


@case
def files_that_share_what_they_hold_count_once(world):
    lane = world.lane()
    size = _free(world) // 3
    lane.write("original", noise(size))
    for number in range(4):
        subprocess.run(["cp", "--reflink=always", "original", f"copy-{number}"], check=True,
                       cwd=lane.source)
    name = lane.snapshot()
    lane.send_well()
    lane.check_arrived(name)
    subvolume.delete(lane.at_pi(name))
