"""Sends of gigabytes over a slow line, broken at nine tenths and finished."""

import time

from . import data, processes
from .verdict import Failed, check

ON_THE_LINE = 1514 / 1448  # Ethernet, IP and TCP have their share of every packet
LONGEST = 600  # seconds for one send


def fill(lane, size, seed):
    """Noise in large files and small ones: nothing that could be packed."""
    large, small = 256 * data.MIB, 20 * data.KIB
    for number in range(size // large):
        lane.write(f"large-{seed}-{number}", data.noise(large, seed * 1000 + number))
    for number in range(2000):
        lane.write(f"small-{seed}-{number}", data.noise(small, seed * 10_000 + number))


def start_until_nine_tenths(network, lane, size, *options):
    """Starts a send of so many bytes; returns it when nine tenths of them have left."""
    return start_until(network, lane, size * 9 // 10, *options)


def start_until(network, lane, size, *options):
    """Starts a send; returns it when so many bytes of its stream have left."""
    enough = network.sent + size * ON_THE_LINE
    run = network.start(lane, "--retries", "0", *options)
    deadline = time.monotonic() + LONGEST
    while network.sent < enough:
        if run.ended or time.monotonic() > deadline:
            run.finish()
            raise Failed(f"the send ended, or did not come to {size} bytes")
        time.sleep(0.02)
    return run


def break_at_nine_tenths(world, network, lane, size, *options):
    run = start_until_nine_tenths(network, lane, size, *options)
    processes.kill(processes.SENDER)
    check(run.finish().code != 0, "a broken send says that all is well")
    world.await_quiet()


def finish(world, network, lane, size, most, *options):
    """Runs it again, plainly; fails where that moved more than `most` bytes of the stream."""
    before = network.sent
    network.start(lane, *options).finish(patience=LONGEST).expect_well()
    moved = (network.sent - before) / ON_THE_LINE
    world.notes.append(f"{moved / size:.1%} of {size / data.MIB:.0f} MiB travelled again")
    check(moved <= most, f"{moved:.0f} bytes travelled again, more than {most}")
