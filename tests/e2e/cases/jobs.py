"""Jobs by name from send.toml, one or all."""

import os

from harness.case import case
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _run(world, *arguments):
    return world.start_sender(*arguments).finish()


@case
def a_job_is_sent_by_its_name(world):
    lane, other = _ready(world), _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, "documents") + job(other, "photos"))
    _run(world, "--job", "documents").expect_well()
    lane.check_arrived(lane.name)
    check_equal(other.all_received, [], "what the other job sent")
    lane.write("file", "changed")
    second = lane.snapshot()
    _run(world, "--job", "documents").expect_well()
    lane.check_sent_only(lane.increment_size(second, lane.name))
    lane.check_complete(lane.name, second)


@case
def all_jobs_are_sent(world):
    lanes = [_ready(world) for _ in range(3)]
    write_file(SEND_CONFIGURATION, receiver(world) + "".join(map(job, lanes)))
    _run(world, "--all").expect_well()
    for lane in lanes:
        lane.check_arrived(lane.name)


@case
def one_failing_job_does_not_keep_the_others_from_being_sent(world):
    first, broken, last = _ready(world), _ready(world), _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(first) +
               job(broken, snapshot_dir='"/nowhere"') + job(last))
    result = _run(world, "--all").expect_trouble(2)
    check_says(result.err, "/nowhere")
    for lane in (first, last):
        lane.check_arrived(lane.name)
    check_equal(broken.all_received, [], "what the broken job sent")


@case
def a_job_may_be_raw_to_a_classic_receiver(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, protocol='"raw"'))
    with world.classic_receiver():
        _run(world, "--job", lane.tag).expect_well()
    lane.check_arrived(lane.name)


@case
def a_job_without_pin_leaves_none_and_still_sends_increments(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, pin="false"))
    _run(world, "--job", lane.tag).expect_well()
    lane.write("file", "changed")
    second = lane.snapshot()
    _run(world, "--job", lane.tag).expect_well()
    lane.check_sent_only(lane.increment_size(second, lane.name))
    lane.check_arrived(second)
    check_equal(lane.pins, {}, "the pins")


@case
def another_configuration_file_can_be_named(world):
    lane = _ready(world)
    if os.path.exists(SEND_CONFIGURATION):
        os.unlink(SEND_CONFIGURATION)
    named = os.path.join(world.directory, "my send.toml")
    write_file(named, receiver(world) + job(lane))
    _run(world, "--config", named, "--job", lane.tag).expect_well()
    lane.check_arrived(lane.name)


@case
def a_receiver_without_known_hosts_uses_roots_own(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world, known_hosts=None) + job(lane))
    _run(world, "--job", lane.tag).expect_well()
    lane.check_arrived(lane.name)


@case
def what_is_wrong_is_named_by_file_line_and_key(world):
    lane = _ready(world)
    good = receiver(world) + job(lane)
    lines = good.count("\n")
    for what, text, key, line in (
            ("an unknown key of a job", good + "compress = true\n", "compress", lines + 1),
            ("an unknown key of a receiver",
             receiver(world, extra="hots = 1\n") + job(lane), "hots", 7),
            ("an unknown table", good + "[receiver.pi]\n", "receiver", lines + 1),
            ("a text for a number",
             receiver(world, port='"22"') + job(lane), "port", 3),
            ("a port out of range", receiver(world, port=70000) + job(lane), "port", 3),
            ("a number for a text", receiver(world, user=1) + job(lane), "user", 4),
            ("an unknown protocol",
             receiver(world) + job(lane, protocol='"fast"'), "protocol", lines + 1),
            ("a bad destination tag",
             receiver(world) + job(lane, dest_tag='"a/b"'), "dest_tag", lines - 1),
            ("a receiver that is not there",
             receiver(world) + job(lane, to='"moon"'), "moon", lines)):
        write_file(SEND_CONFIGURATION, text)
        result = _run(world, "--job", lane.tag)
        check_equal(result.code, 1, f"the exit code after {what}")
        check_says(result.err, SEND_CONFIGURATION, key)
        check(str(line) in result.err.replace(SEND_CONFIGURATION, ""),
              f"{what}: no line {line} in {result.err!r}")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_missing_key_is_named(world):
    lane = _ready(world)
    for key in ("snapshot_dir", "source_tag", "dest_tag", "to"):
        write_file(SEND_CONFIGURATION, receiver(world) + job(lane, **{key: None}))
        check_says(_run(world, "--job", lane.tag).expect_trouble(1).err, SEND_CONFIGURATION, key)
    for key in ("host", "user", "key"):
        write_file(SEND_CONFIGURATION, receiver(world, **{key: None}) + job(lane))
        check_says(_run(world, "--job", lane.tag).expect_trouble(1).err, SEND_CONFIGURATION, key)


@case
def a_job_that_is_not_there_is_an_error(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    check_says(_run(world, "--job", "no-such-job").expect_trouble(1).err, "no-such-job")


@case
def a_missing_or_broken_file_is_named(world):
    lane = _ready(world)
    absent = os.path.join(world.directory, "absent.toml")
    check_says(_run(world, "--config", absent, "--all").expect_trouble(1).err, absent)
    write_file(SEND_CONFIGURATION, receiver(world) + "port = = 1\n")
    check_says(_run(world, "--all").expect_trouble(1).err, SEND_CONFIGURATION, "7")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_job_and_positional_arguments_do_not_go_together(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    _run(world, "--job", lane.tag, *lane.arguments()).expect_trouble(1, 4)
    _run(world, "--all", "--job", lane.tag).expect_trouble(1, 4)
    check_equal(lane.all_received, [], "the tag's directory")
