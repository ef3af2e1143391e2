"""A stream that is damaged anywhere is refused, nothing changes, and the next one is taken."""

from harness import data, stream, subvolume
from harness.case import case
from harness.verdict import Failed, check, check_equal

NEEDS = ("snapshot-receive",)
REFUSED = (14, 17)  # receiving failed, or the guard refused
NOT_A_STREAM = (14, 17, 18)  # where the magic itself is damaged, it may count as a bad greeting


def _lane_with_parent(world):
    """A lane with one backup, whose state is what must not change."""
    lane = world.lane()
    lane.write("file", b"of the first day")
    lane.write("other", data.noise(2000))
    lane.first = lane.snapshot()
    lane.receive(subvolume.send(lane.at_nas(lane.first))).expect_well()
    lane.state = lane.received
    return lane


def _check_refused(lane, damaged, what, codes=REFUSED):
    result = lane.receive(damaged)
    if result.code not in codes:
        raise Failed(f"{what}: exit code {result.code} instead of one of {codes}")
    check(result.err.strip(), f"{what}: refused without a word on stderr")
    check_equal(lane.all_received, sorted(lane.state), f"{what}: the tag's directory")
    check_equal(lane.received, lane.state, f"{what}: the backups")
    lane.world.commands.transcript.clear()  # hundreds of them; the last is the one to see


def _check_taken(lane, whole, name):
    """The undamaged stream is taken at once after all that."""
    lane.receive(whole).expect_well()
    lane.check_complete(*lane.state, name)


@case(needs=NEEDS)
def a_small_stream_cut_at_every_command_boundary_is_refused(world):
    lane = _lane_with_parent(world)
    whole = bytes(stream.small("small"))
    ends = [stream.HEADER_SIZE] + [found.end for found in stream.commands(whole)]
    check_equal(ends.pop(), len(whole), "the end of the stream")
    for end in ends:
        _check_refused(lane, whole[:end], f"cut at byte {end}")
    _check_taken(lane, whole, "small")


@case(needs=NEEDS)
def a_small_stream_cut_within_a_command_is_refused(world):
    lane = _lane_with_parent(world)
    whole = bytes(stream.small("small"))
    for end in range(1, len(whole), 11):
        codes = NOT_A_STREAM if end < stream.HEADER_SIZE else REFUSED
        _check_refused(lane, whole[:end], f"cut at byte {end}", codes)
    _check_taken(lane, whole, "small")


@case(needs=NEEDS)
def a_small_stream_with_any_byte_flipped_is_refused(world):
    lane = _lane_with_parent(world)
    whole = bytes(stream.small("small"))
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        codes = NOT_A_STREAM if place < len(stream.MAGIC) else REFUSED
        _check_refused(lane, bytes(damaged), f"byte {place} flipped", codes)
    _check_taken(lane, whole, "small")


@case(needs=NEEDS)
def a_real_increment_cut_at_every_command_boundary_is_refused(world):
    lane = _lane_with_parent(world)
    lane.write("file", b"of the second day")
    lane.write("new", data.noise(3000))
    second = lane.snapshot()
    whole = subvolume.send(lane.at_nas(second), lane.at_nas(lane.first))
    for found in stream.commands(whole):
        _check_refused(lane, whole[:found.begin], f"cut at byte {found.begin}")
    _check_taken(lane, whole, second)
    lane.check_arrived(second)


@case(needs=NEEDS)
def a_real_increment_with_single_bits_flipped_is_refused(world):
    lane = _lane_with_parent(world)
    lane.write("file", b"of the second day")
    second = lane.snapshot()
    whole = subvolume.send(lane.at_nas(second), lane.at_nas(lane.first))
    for place in range(stream.HEADER_SIZE, len(whole), 17):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        _check_refused(lane, bytes(damaged), f"a bit of byte {place} flipped")
    _check_taken(lane, whole, second)


@case(needs=NEEDS)
def a_larger_stream_cut_in_the_middle_is_refused(world):
    lane = _lane_with_parent(world)
    lane.write("large", data.noise(20 * data.MIB))
    second = lane.snapshot()
    whole = subvolume.send(lane.at_nas(second))
    for part in (0.1, 0.5, 0.9):
        _check_refused(lane, whole[:int(len(whole) * part)], f"cut after {part} of it")
    _check_taken(lane, whole, second)
    lane.check_arrived(second)


@case(needs=NEEDS)
def a_stream_with_a_command_missing_or_twice_leaves_no_half_backup(world):
    lane = _lane_with_parent(world)
    whole = bytes(stream.small("small"))
    rename = next(found for found in stream.commands(whole) if found.number == stream.RENAME)
    _check_refused(lane, whole[:rename.begin] + whole[rename.end:], "the rename missing")
    _check_refused(lane, whole[:rename.end] + whole[rename.begin:], "the rename twice")
    _check_taken(lane, whole, "small")


@case(needs=NEEDS)
def no_stream_at_all_is_an_error(world):
    lane = _lane_with_parent(world)
    _check_refused(lane, b"", "an empty stdin", NOT_A_STREAM)
    _check_refused(lane, b"\0" * 100_000, "zeros", NOT_A_STREAM)
    _check_refused(lane, b"GET / HTTP/1.1\r\n\r\n", "a stranger's greeting", NOT_A_STREAM)
    _check_refused(lane, data.noise(300_000), "noise", NOT_A_STREAM)
