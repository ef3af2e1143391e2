"""Gigabytes over a slow line, broken at nine tenths: the rest is all that travels again."""

import os
import time

from harness import data, processes
from harness.case import case
from harness.slow_network import SlowNetwork
from harness.verdict import Failed, check
from harness.world import GIB

WORLD = {"nas_size": 14 * GIB, "pi_size": 16 * GIB}
SIZE = 3 * GIB
INCREMENT = 1 * GIB
RATE = 600  # Mbit/s
ON_THE_LINE = 1514 / 1448  # Ethernet, IP and TCP have their share of every packet
SEGMENT = 128 * data.MIB
LONGEST = 600  # seconds for one send
SETTINGS = f'checkpoint_every = "{SEGMENT // data.MIB}MiB"\n[defaults]\nkeep = 7\n'


def _content(lane, size, seed):
    """Noise in large files and small ones: nothing that could be packed."""
    large, small = 256 * data.MIB, 20 * data.KIB
    for number in range(size // large):
        lane.write(f"large-{seed}-{number}", data.noise(large, seed * 1000 + number))
    for number in range(2000):
        lane.write(f"small-{seed}-{number}", data.noise(small, seed * 10_000 + number))


def _await_sent(network, size):
    deadline = time.monotonic() + LONGEST
    while network.sent < size:
        if time.monotonic() > deadline:
            raise Failed(f"only {network.sent} of {size} bytes were sent in {LONGEST} s")
        time.sleep(0.02)


def _break_at_nine_tenths(network, lane, size, breaking, *options):
    before = network.sent
    run = network.start(lane, "--retries", "0", *options)
    _await_sent(network, before + size * ON_THE_LINE * 0.9)
    breaking()
    check(run.finish(patience=LONGEST).code != 0, "a broken send says that all is well")


def _finish(world, network, lane, size, most, *options):
    """Runs it again, plainly; fails where that moved more than `most` bytes of the stream."""
    before = network.sent
    network.start(lane, *options).finish(patience=LONGEST).expect_well()
    moved = (network.sent - before) / ON_THE_LINE
    world.notes.append(f"{moved / size:.1%} of {size / data.MIB:.0f} MiB travelled again")
    check(moved <= most, f"{moved:.0f} bytes travelled again, more than {most}")


def _kill_sender():
    processes.kill(processes.SENDER)


def _check_goes_on(world, network, lane, size, options):
    """Breaks a send of so many bytes at nine tenths, and finishes it."""
    name = lane.snapshot()
    _break_at_nine_tenths(network, lane, size, _kill_sender, *options)
    world.await_quiet()
    _finish(world, network, lane, size, size * 15 // 100, *options)
    lane.check_arrived(name)


def _check_form(world, form):
    with SlowNetwork(world, RATE) as network, world.receiver_configured(SETTINGS):
        lane, options = world.lane(), ("--stream", form)
        _content(lane, SIZE, 1)
        _check_goes_on(world, network, lane, SIZE, options)
        os.unlink(os.path.join(lane.source, "large-1-0"))
        _content(lane, INCREMENT, 2)
        _check_goes_on(world, network, lane, INCREMENT, options)


@case(long=True)
def gigabytes_in_version_1_in_full_and_as_an_increment(world):
    _check_form(world, "v1")


@case(long=True)
def gigabytes_in_version_2_in_full_and_as_an_increment(world):
    _check_form(world, "v2-compressed")


@case(long=True)
def a_power_cut_at_the_pi_costs_one_segment_of_gigabytes(world):
    with SlowNetwork(world, RATE) as network, world.receiver_configured(SETTINGS):
        lane = world.lane()
        _content(lane, SIZE, 5)
        name = lane.snapshot()
        run = network.start(lane, "--retries", "0")
        _await_sent(network, SIZE * ON_THE_LINE * 0.9)
        copy = world.pi.image + ".copy"
        with processes.stopped(processes.RECEIVER, processes.BTRFS):
            world.pi.copy_image(copy)
            processes.kill(processes.RECEIVER)
            processes.kill(processes.BTRFS)
        run.finish()
        world.await_quiet()
        world.pi.go_on_from(copy)
        in_flight = 16 * data.MIB
        _finish(world, network, lane, SIZE, SIZE // 10 + SEGMENT + in_flight)
        lane.check_arrived(name)
