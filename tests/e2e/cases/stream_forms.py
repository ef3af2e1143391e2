"""The forms of a stream: each brings everything, and the newest that both sides can is chosen."""

import os

from harness import data
from harness.case import case
from harness.old_progs import old_progs
from harness.verdict import check, check_equal, check_says

FORMS = ("v1", "v2", "v2-compressed")
ALGORITHMS = ("zlib", "lzo", "zstd")
TEXT = b"the quick brown fox jumps over the lazy dog\n" * (8 * data.MIB // 44)


@case
def everything_arrives_in_each_form_in_full_and_as_an_increment(world):
    for form in FORMS:
        lane = world.lane()
        content = data.fill(lane.source)
        names = [lane.snapshot()]
        check_says(lane.send_well("--stream", form).out, f"the stream is {form}: it is demanded")
        data.mutate(content)
        names.append(lane.snapshot())
        lane.send_well("--stream", form)
        for name in names:
            lane.check_arrived(name)
        lane.check_complete(*names)


@case
def a_parent_may_have_come_in_another_form(world):
    lane = world.lane()
    names = []
    for form in ("v2-compressed", "v1", "v2", "v2-compressed"):
        lane.write(f"file-{len(names)}", data.noise(data.MIB, len(names)))
        names.append(lane.snapshot())
        lane.send_well("--stream", form)
    lane.check_complete(*names)
    lane.check_arrived(names[-1])


@case
def compressed_files_travel_as_they_lie_on_the_disk(world):
    lane = world.lane()
    for algorithm in ALGORITHMS:
        directory = data.compressing_directory(os.path.join(lane.source, algorithm), algorithm)
        with open(os.path.join(directory, "text"), "wb") as file:
            file.write(TEXT)
        with open(os.path.join(directory, "short"), "wb") as file:
            file.write(TEXT[:1000])  # lies inline in the tree
    name = lane.snapshot()
    check_says(lane.send_well().out, "the stream is v2-compressed: the newest that both sides can")
    check(world.link.sent < len(TEXT) * len(ALGORITHMS) / 4,
          f"{world.link.sent} bytes were sent: the data was unpacked on its way")
    lane.check_arrived(name)
    for algorithm in ALGORITHMS:
        with open(os.path.join(lane.source, algorithm, "text"), "r+b") as file:
            file.seek(data.MIB)
            file.write(data.noise(data.MIB))
    changed = lane.snapshot()
    lane.send_well()
    lane.check_arrived(changed)


@case
def a_receiver_with_old_btrfs_progs_gets_what_it_can_take(world):
    lane = world.lane()
    lane.write("file", data.noise(data.MIB))
    name = lane.snapshot()
    with old_progs():
        refused = lane.send("--stream", "v2").expect_trouble(1)
        check_says(refused.err, "the stream v2 is demanded", "the receiver's btrfs-progs take v1")
        dry = lane.send("--dry-run", "--stream", "v2").expect_trouble(1)
        check_says(dry.err, "the stream v2 is demanded")
        sent = lane.send_well()
        check_says(sent.out, "the stream is v1: the receiver's btrfs-progs take no newer")
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def a_form_that_nobody_knows_is_refused_before_anything_else(world):
    lane = world.lane()
    lane.snapshot()
    refused = lane.send("--stream", "v3").expect_trouble(1)
    check_says(refused.err, "v3", "auto, v1, v2 or v2-compressed")
    check_equal(world.link.sent, 0, "the bytes on the line")


@case
def the_classic_receiver_gets_version_1_unless_told_otherwise(world):
    with world.classic_receiver():
        for options in ((), ("--stream", "v2")):
            lane = world.lane()
            data.fill(lane.source)
            name = lane.snapshot()
            lane.send_well("--protocol", "raw", *options)
            lane.check_arrived(name)
