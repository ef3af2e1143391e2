"""A power cut at the Pi amid gigabytes over a slow line."""

from harness import data, gigabytes, processes
from harness.case import case
from harness.slow_network import SlowNetwork
from harness.world import GIB

WORLD = {"nas_size": 6 * GIB, "pi_size": 6 * GIB}
SIZE = 3 * GIB
RATE = 600  # Mbit/s
SEGMENT = 128 * data.MIB
IN_FLIGHT = 16 * data.MIB  # in pipes and the buffers of sockets
SETTINGS = f'checkpoint_every = "{SEGMENT // data.MIB}MiB"\n[defaults]\nkeep = 7\n'


@case(long=True)
def a_power_cut_at_the_pi_costs_one_segment_of_gigabytes(world):
    with SlowNetwork(world, RATE) as network, world.receiver_configured(SETTINGS):
        lane = world.lane()
        gigabytes.fill(lane, SIZE, 5)
        name = lane.snapshot()
        run = gigabytes.start_until_nine_tenths(network, lane, SIZE)
        copy = world.pi.image + ".copy"
        with processes.stopped(processes.RECEIVER, processes.BTRFS):
            world.pi.copy_image(copy)
            processes.kill(processes.RECEIVER)
            processes.kill(processes.BTRFS)
        run.finish()
        world.await_quiet()
        world.pi.go_on_from(copy)
        gigabytes.finish(world, network, lane, SIZE, SIZE // 10 + SEGMENT + IN_FLIGHT)
        lane.check_arrived(name)
