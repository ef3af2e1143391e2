"""Memory stays small, whatever the size of a snapshot."""

from harness import processes
from harness.case import case
from harness.data import MIB, Tree
from harness.verdict import Skipped, check
from harness.requirements import memory_available

LIMIT = 64 * MIB  # bytes of peak resident memory for each program
WORLD = {"nas_size": 8 << 30, "pi_size": 8 << 30}  # sparse until used


@case
def a_hundred_megabytes_take_less_than_64_mib_in_each_program(world):
    lane = world.lane()
    _fill(lane, 100 * MIB, files=3000)
    _check_peaks(lane)


@case
def a_hundred_megabytes_in_raw_form_take_no_more(world):
    lane = world.lane()
    _fill(lane, 100 * MIB, files=10)
    _check_peaks(lane, "--protocol", "raw")


@case(long=True)
def three_gigabytes_take_less_than_64_mib_in_each_program(world):
    if memory_available() < 9 << 30:
        raise Skipped("two images of 3 GB need more memory than there is")
    lane = world.lane()
    _fill(lane, 3000 * MIB, files=30_000)
    _check_peaks(lane)


def _fill(lane, size, files):
    content = Tree(lane.source)
    content.directory("many")
    for number in range(files):
        content.file(f"many/{number}", b"%d" % number)
    with open(content.path("large"), "wb") as large:
        for _ in range(size // MIB):
            large.write(content.random.randbytes(MIB))


def _check_peaks(lane, *options):
    programs = (processes.SENDER, processes.RECEIVER, processes.BTRFS)
    name = lane.snapshot()
    with processes.PeakMemory(*programs) as memory:
        lane.send_well(*options)
    for program, peak in memory.peaks.items():
        check(peak > 0, f"{program} was not seen running")
        check(peak < LIMIT, f"{program} took {peak / MIB:.0f} MiB")
    lane.check_arrived(name)
