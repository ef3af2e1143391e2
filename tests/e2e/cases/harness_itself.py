"""The harness notices what it is there to notice; without this, green would mean little."""

import os
import stat

from harness import data, stream, subvolume, tree
from harness.case import case
from harness.verdict import check, check_equal, check_says


@case(needs=())
def a_writable_copy_of_the_tree_of_everything_has_no_differences(world):
    lane = world.lane()
    data.fill(lane.source)
    copy = lane.at_nas("copy")
    subvolume.snapshot(lane.source, copy, read_only=False)
    check_equal(tree.differences(lane.source, copy), [], "differences")


@case(needs=())
def the_comparison_notices_every_kind_of_difference(world):
    lane = world.lane()
    original = data.fill(lane.source)
    for what, spoil in SPOILERS.items():
        copy = data.Tree(lane.at_nas(f"spoiled {what}"))
        subvolume.snapshot(lane.source, copy.root, read_only=False)
        spoil(copy)
        told = " / ".join(tree.differences(original.root, copy.root))
        check(told, f"a spoiled copy seems equal: {what}")
        check_says(told, what)


@case(needs=())
def the_classic_pair_sends_everything_equal_in_full_and_as_an_increment(world):
    lane = world.lane()
    content = data.fill(lane.source)
    first = lane.snapshot()
    with world.classic_receiver():
        lane.send_classic().expect_well()
        lane.check_arrived(first)
        data.mutate(content)
        second = lane.snapshot()
        lane.send_classic().expect_well()
    lane.check_arrived(second)


@case(needs=())
def hand_made_streams_are_what_stock_btrfs_receive_takes(world):
    lane = world.lane()
    os.mkdir(lane.received_dir)
    for version in (1, 2):
        name = f"made-by-hand-{version}"
        made = bytes(stream.small(name, b"all is well", version))
        world.commands.run("btrfs", "receive", "-q", lane.received_dir, input=made).expect(0)
        with open(os.path.join(lane.at_pi(name), "file"), "rb") as file:
            check_equal(file.read(), b"all is well", "the file that a hand-made stream makes")
        check(lane.received[name].complete, f"{name} is not complete")


@case(needs=())
def a_stream_taken_apart_and_put_together_is_the_same(world):
    lane = world.lane()
    lane.write("file", b"contents")
    made = subvolume.send(lane.at_nas(lane.snapshot()))
    again = made[:stream.HEADER_SIZE] + b"".join(
        stream.command(found.number, made[found.begin + stream.COMMAND_HEAD.size:found.end])
        for found in stream.commands(made))
    check_equal(again, made, "the stream put together again")


@case(needs=())
def the_classic_receiver_leaves_empty_files_in_an_image_copied_at_its_success(world):
    lane = world.lane()
    lane.write("file", b"x" * 100_000)
    name = lane.snapshot()
    with world.classic_receiver():
        lane.send_classic().expect_well()
    lane.check_arrived(name)
    with world.power_cut_at_pi() as pi:
        left = os.path.join(pi, lane.tag, name, "file")
        check(not os.path.exists(left) or os.path.getsize(left) == 0,
              "a copied image holds what nobody synced: it could not show that anybody did")


def _set_times(copy):
    copy.times("small", 5)


def _fill_holes(copy):
    with open(copy.path("sparse"), "r+b") as file:
        contents = file.read()
        file.seek(0)
        file.write(contents)
    _keep_time(copy, "sparse")


def _keep_time(copy, name):
    copy.times(name, os.stat(os.path.join(os.path.dirname(copy.root), b"..", b"source",
                                          os.fsencode(name))).st_mtime_ns)


def _change_contents(copy):
    copy.change("large", 5_000_000, b"?")
    _keep_time(copy, "large")


def _copy_link(copy):
    copy.remove("linked-too")
    copy.file("linked-too", b"one inode, three names")
    _keep_time(copy, "linked-too")


SPOILERS = {
    "missing": lambda copy: copy.remove("small"),
    "should not be there": lambda copy: copy.file("extra"),
    "contents": _change_contents,
    "size": lambda copy: os.truncate(copy.path("small"), 3),
    "mode": lambda copy: os.chmod(copy.path("setuid"), 0o755),
    "owner": lambda copy: copy.owner("link-relative", 1, 4321),
    "group": lambda copy: copy.owner("fifo", 0, 7),
    "modified": _set_times,
    "kind": lambda copy: (copy.remove("socket"), copy.file("socket", b"")),
    "device": lambda copy: (copy.remove("null"), copy.device("null", stat.S_IFCHR, 1, 5, 0o666)),
    "target": lambda copy: (copy.remove("link-up"), copy.symlink("link-up", "..")),
    "user.note": lambda copy: copy.xattr("xattrs", "user.note", b"other"),
    "user.empty": lambda copy: os.removexattr(copy.path("xattrs"), "user.empty"),
    "posix_acl_access": lambda copy: os.removexattr(copy.path("acl"), data.ACL_ACCESS),
    "security.capability": lambda copy: os.removexattr(copy.path("capable"), data.CAPABILITY),
    "hard_links": _copy_link,
    "holes": _fill_holes,
}
