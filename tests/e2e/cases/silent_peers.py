"""A peer that falls silent, with the line still up, is an error after a while and not a hang."""

from harness import processes
from harness.case import case
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import check_equal
from harness.world import SEND_CONFIGURATION, write_file

SIZE = 10 * MIB
SHORTEST = 'stall_timeout = "10s"\n'  # the least that may be configured


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(SIZE))
    lane.name = lane.snapshot()
    return lane


@case
def a_receiver_gives_up_on_a_silent_sender_and_frees_its_tag(world):
    lane = _ready(world)
    with world.receiver_configured(SHORTEST):
        run = lane.start("--retries", "0")
        world.link.rate = SIZE // 4  # seconds for whoever is to be stopped amid it
        world.link.await_sent(SIZE // 4)
        with processes.stopped(processes.SENDER):
            processes.await_none(processes.RECEIVER, processes.BTRFS)
        run.finish().expect_trouble(10, 18)
        check_equal(lane.all_received, [], "the tag's directory")
        lane.send_well()
    lane.check_arrived(lane.name)


@case
def a_sender_gives_up_on_a_silent_receiver(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world, extra=SHORTEST) + job(lane))
    run = world.start_sender("--job", lane.tag, "--retries", "0")
    world.link.rate = SIZE // 4  # seconds for whoever is to be stopped amid it
    world.link.await_sent(SIZE // 4)
    with processes.stopped(processes.RECEIVER):
        run.finish(patience=120).expect_trouble(10, 18)
    world.await_quiet()
    world.start_sender("--job", lane.tag).finish().expect_well()
    lane.check_arrived(lane.name)


@case(needs=("snapshot-receive",))
def somebody_who_connects_and_says_nothing_blocks_nobody(world):
    lane = _ready(world)
    silent = world.commands.start(world.receiver(), lane.tag, stdin=-1)  # a pipe, and no word
    try:
        lane.send_classic().expect_well()
    finally:
        silent.finish(b"").expect_trouble(18)
    lane.check_arrived(lane.name)
