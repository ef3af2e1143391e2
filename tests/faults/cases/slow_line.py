"""Gigabytes over a slow line, broken at nine tenths: the rest is all that travels again."""

import os

from harness import data, gigabytes
from harness.case import case
from harness.slow_network import SlowNetwork
from harness.verdict import check
from harness.world import GIB

WORLD = {"nas_size": 10 * GIB, "pi_size": 10 * GIB}
SIZE, INCREMENT = 3 * GIB, 1 * GIB
RATE = 600  # Mbit/s
IN_FLIGHT = 16 * data.MIB  # in pipes and the buffers of sockets
SETTINGS = 'checkpoint_every = "128MiB"\n[defaults]\nkeep = 7\n'


@case(long=True)
def gigabytes_in_version_1_in_full_and_as_an_increment(world):
    _check_form(world, "v1")


@case(long=True)
def gigabytes_in_version_2_in_full_and_as_an_increment(world):
    _check_form(world, "v2-compressed")


@case(long=True)
def a_network_that_swallows_everything_is_given_up_and_the_next_run_goes_on(world):
    size = GIB // 4
    patient = 'stall_timeout = "10s"\n' + SETTINGS
    with SlowNetwork(world, RATE) as network, world.receiver_configured(patient):
        lane = world.lane()
        lane.write("large", data.noise(size))
        name = lane.snapshot()
        run = gigabytes.start_until(network, lane, size // 2)
        with network.swallowing_everything():
            run.finish(patience=gigabytes.LONGEST).expect_trouble(10, 18)
            world.await_quiet()
            held = lane.held
            check(held > size // 4, f"only {held} bytes of {size} are held")
        gigabytes.finish(world, network, lane, size, size - held + IN_FLIGHT)
        lane.check_complete(name)
        lane.check_arrived(name)


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
