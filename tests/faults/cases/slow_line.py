"""Gigabytes over a slow line, broken at nine tenths: the rest is all that travels again."""

import os

from harness import gigabytes
from harness.case import case
from harness.gigabytes import GIB
from harness.slow_network import SlowNetwork

WORLD = {"nas_size": 10 * GIB, "pi_size": 10 * GIB}
SIZE, INCREMENT = 3 * GIB, 1 * GIB
RATE = 600  # Mbit/s
SETTINGS = 'checkpoint_every = "128MiB"\n[defaults]\nkeep = 7\n'


@case(long=True)
def gigabytes_in_version_1_in_full_and_as_an_increment(world):
    _check_form(world, "v1")


@case(long=True)
def gigabytes_in_version_2_in_full_and_as_an_increment(world):
    _check_form(world, "v2-compressed")


def _check_form(world, form):
    with SlowNetwork(world, RATE) as network, world.receiver_configured(SETTINGS):
        lane, options = world.lane(), ("--stream", form)
        gigabytes.fill(lane, SIZE, 1)
        _check_goes_on(world, network, lane, SIZE, options)
        os.unlink(os.path.join(lane.source, "large-1-0"))
        gigabytes.fill(lane, INCREMENT, 2)
        _check_goes_on(world, network, lane, INCREMENT, options)


def _check_goes_on(world, network, lane, size, options):
    """Breaks a send of so many bytes at nine tenths, and finishes it."""
    name = lane.snapshot()
    gigabytes.break_at_nine_tenths(world, network, lane, size, *options)
    gigabytes.finish(world, network, lane, size, size * 15 // 100, *options)
    lane.check_arrived(name)
