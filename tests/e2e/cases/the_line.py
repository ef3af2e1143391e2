"""The line to the receiver: compression, cipher, bandwidth, and many jobs over one connection."""

import time

from harness import data, processes
from harness.case import case
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.slow_network import SlowNetwork
from harness.verdict import Failed, Skipped, check, check_equal, check_says
from harness.without_aes import receiver_without_aes
from harness.world import SEND_CONFIGURATION, write_file

PATIENCE = 180.0  # seconds


def _text(size):
    """Hexadecimal digits: they pack to a little over a half, at whatever level."""
    return noise(size // 2).hex().encode()


def _lane_with(world, content):
    lane = world.lane()
    lane.write("file", content)
    lane.name = lane.snapshot()
    return lane


def _check_sent(lane, least, most):
    sent = lane.world.link.sent
    check(least <= sent <= most, f"{sent} bytes were sent, not {least} to {most}")


@case
def text_is_compressed_at_the_level_that_is_demanded(world):
    content = _text(8 * MIB)
    for level in (1, 9, 19):
        lane = _lane_with(world, content)
        told = lane.send_well("--compress", str(level)).out
        check_says(told, "compressed to")
        _check_sent(lane, len(content) // 2, len(content) * 2 // 3)
        lane.check_arrived(lane.name)


@case
def nothing_is_compressed_where_that_is_off(world):
    content = _text(4 * MIB)
    lane = _lane_with(world, content)
    told = lane.send_well("--compress", "off").out
    check("compressed to" not in told, told)
    _check_sent(lane, len(content), len(content) * 102 // 100)
    lane.check_arrived(lane.name)


@case
def a_slow_line_is_compressed_for_by_itself(world):
    content = _text(24 * MIB)
    lane = _lane_with(world, content)
    with SlowNetwork(world, 40) as network:
        before = network.sent
        check_says(network.start(lane).finish().expect_well().out, "compressed to")
        sent = network.sent - before
    check(sent < len(content) * 4 // 5, f"{sent} bytes of {len(content)} were sent")
    lane.check_arrived(lane.name)


@case
def what_does_not_shrink_travels_as_it_is(world):
    content = noise(8 * MIB)
    lane = _lane_with(world, content)
    told = lane.send_well("--compress", "9").out
    check("compressed to" not in told, told)
    _check_sent(lane, len(content), len(content) * 102 // 100)
    lane.check_arrived(lane.name)


@case
def everything_arrives_compressed_in_full_and_as_an_increment(world):
    lane = world.lane()
    content = data.fill(lane.source)
    first = lane.snapshot()
    lane.send_well("--compress", "5")
    data.mutate(content)
    second = lane.snapshot()
    lane.send_well("--compress", "5")
    for name in (first, second):
        lane.check_arrived(name)
    lane.check_complete(first, second)


@case
def a_compressed_send_goes_on_where_it_was_broken_off(world):
    lane = _lane_with(world, _text(24 * MIB) + noise(8 * MIB))
    lane.interrupt(17 * MIB, 8 * MIB, "--compress", "3")
    check(lane.held > 24 * MIB, f"only {lane.held} bytes of the stream are held")
    lane.send_well("--compress", "19")  # another level makes no other stream
    _check_sent(lane, 0, 6 * MIB)
    lane.check_arrived(lane.name)


@case
def the_cipher_is_the_one_that_is_demanded(world):
    for cipher, name in (("aes-gcm", "cipher aes128-gcm"), ("chacha20", "cipher chacha20-poly1305")):
        lane = _lane_with(world, noise(MIB))
        check_says(lane.send_well("--verbose", "--cipher", cipher).out, name)
        lane.check_arrived(lane.name)


@case
def a_receiver_without_instructions_for_aes_gets_chacha20(world):
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        if " aes" not in file.read():
            raise Skipped("this processor has no instructions for AES either")
    lane = _lane_with(world, noise(MIB))
    check_says(lane.send_well("--verbose").out, "cipher aes128-gcm")
    lane.write("file", noise(MIB, 2))
    lane.name = lane.snapshot()
    with receiver_without_aes(world):
        told = lane.send_well("--verbose").out
        check_says(told, "cipher aes128-gcm", "connecting again", "cipher chacha20-poly1305")
        lane.check_arrived(lane.name)
        nothing_new = lane.send_well("--verbose").out
        check("connecting again" not in nothing_new, "it connected twice, to send nothing")
        demanded = lane.send_well("--verbose", "--force", "--cipher", "aes-gcm").out
        check("chacha20" not in demanded, demanded)


@case
def no_more_is_sent_in_a_second_than_is_allowed(world):
    size, rate = 6 * MIB, 2 * MIB
    lane = _lane_with(world, noise(size))
    result = lane.send_well("--bandwidth-limit", "2MiB/s")
    check(result.seconds > size / rate * 0.9, f"{size} bytes took only {result.seconds:.2f} s")
    lane.check_arrived(lane.name)
    raw = _lane_with(world, noise(size, 2))
    result = raw.send_well("--bandwidth-limit", "2MiB/s", "--protocol", "raw")
    check(result.seconds > size / rate * 0.9, f"raw, it took only {result.seconds:.2f} s")
    raw.check_arrived(raw.name)


@case
def settings_of_the_line_that_are_none_are_refused_with_what_they_may_be(world):
    lane = _lane_with(world, b"little")
    for option, value, words in (("--compress", "20", "a level from 1 to 19"),
                                 ("--cipher", "rot13", "auto, aes-gcm or chacha20"),
                                 ("--bandwidth-limit", "20", "such as 512KiB/s"),
                                 ("--parallel", "0", "from 1 to 64")):
        check_says(lane.send(option, value).expect_trouble(1).err, words)
    check_equal(world.link.sent, 0, "the bytes on the line")


@case
def jobs_to_one_receiver_share_a_connection(world):
    lanes = [_lane_with(world, noise(MIB, number)) for number in range(3)]
    write_file(SEND_CONFIGURATION, receiver(world) + "".join(map(job, lanes)))
    before = _logins(world)
    told = world.start_sender("--all").finish().expect_well().out
    check_equal(_logins(world) - before, 1, "the logins")
    for lane in lanes:
        lane.check_arrived(lane.name)
        check_says(told, f"{lane.tag}: sending {lane.name}")


@case
def a_job_whose_connection_breaks_leaves_the_next_a_new_one(world):
    broken, good = (_lane_with(world, noise(4 * MIB, number)) for number in range(2))
    write_file(SEND_CONFIGURATION, receiver(world) + job(broken, retries=0) + job(good))
    run = world.start_sender("--all")
    world.link.cut_after = 2 * MIB
    _await(lambda: world.link.sent >= 2 * MIB, "the first job sends")
    world.link.cut_after = None
    result = run.finish().expect_trouble(10)
    check_says(result.err, f"{broken.tag}: ")
    good.check_arrived(good.name)


@case
def jobs_to_one_receiver_take_turns_unless_told_otherwise(world):
    for count in (1, 2):
        lanes = [_lane_with(world, noise(4 * MIB, number)) for number in range(3)]
        write_file(SEND_CONFIGURATION, receiver(world, parallel=count) +
                   "".join(map(job, lanes)))
        run = world.start_sender("--all")
        world.link.rate = MIB // 2  # until as many as may have been seen together
        most = 0
        while not run.ended:
            most = max(most, len(processes.running(processes.BTRFS)))
            if most == count:
                world.link.rate = 4 * MIB
            time.sleep(0.01)
        run.finish().expect_well()
        check_equal(most, count, "the receives at once")
        for lane in lanes:
            lane.check_arrived(lane.name)


@case
def jobs_to_different_receivers_do_not_wait_for_each_other(world):
    slow, quick = (_lane_with(world, noise(16 * MIB, number)) for number in range(2))
    write_file(SEND_CONFIGURATION, receiver(world, "slow") +
               receiver(world, "quick", port=world.ssh.port) +
               job(slow, to='"slow"') + job(quick, to='"quick"'))
    run = world.start_sender("--all")
    world.link.rate = MIB
    _await(lambda: quick.name in quick.complete, "the quick job is done")
    check(not run.ended, "the slow job ended before the quick one")
    check_equal(slow.complete, [], "what the slow job has sent already")
    world.link.rate = None
    run.finish().expect_well()
    for lane in (slow, quick):
        lane.check_arrived(lane.name)


def _logins(world):
    with open(world.ssh.log, encoding="utf-8", errors="replace") as log:
        return sum("Accepted publickey" in line for line in log)


def _await(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"waited in vain until {what}")
        time.sleep(0.01)
