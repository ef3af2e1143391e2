"""What a tree holds, said so that others can check it."""

import hashlib
import os
import subprocess

from harness import data, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.verdict import check, check_equal, check_says

MTREE = "/usr/bin/mtree"  # of mtree-netbsd
SNAPFERRY = "/usr/local/sbin/snapferry"


def _run(world, directory):
    return world.commands.run(SNAPFERRY, "manifest", directory)


def _manifest(world, directory):
    return _run(world, directory).expect_well().out


def _odd_tree(lane):
    """Files of every kind, with names that want escaping."""
    data.fill(lane.source)
    for name in ("a b", "back\\slash", "#hash", "equals=", "new\nline", "\u00e9", "glob*?[x]"):
        lane.write(name, name.encode())
    os.link(os.path.join(lane.source, "a b"), os.path.join(lane.source, "a b again"))
    os.mkdir(os.path.join(lane.source, "a b-"))
    os.setxattr(os.path.join(lane.source, "a b"), "user.colour", b"blue")
    return lane.snapshot()


def _mtree(tree, manifest):
    return subprocess.run([MTREE, "-p", tree], input=manifest, text=True, errors="replace",
                          capture_output=True, check=False)


@case(needs=ALL_PROGRAMS)
def debians_mtree_checks_a_tree_by_a_manifest(world):
    lane = world.lane()
    name = _odd_tree(lane)
    manifest = _manifest(world, lane.at_nas(name))
    checked = _mtree(lane.at_nas(name), manifest)
    check_equal((checked.returncode, checked.stdout), (0, ""), f"mtree's verdict: {checked.stderr}")
    lane.send_well()
    received = _mtree(lane.at_pi(name), manifest)
    check_equal((received.returncode, received.stdout), (0, ""), "its verdict of the backup")
    changed = lane.at_nas("changed")
    subvolume.snapshot(lane.at_nas(name), changed, read_only=False)
    with open(os.path.join(changed, "a b"), "r+b") as file:
        file.write(b"A")
    check(_mtree(changed, manifest).returncode != 0, "mtree does not see a changed byte")


@case(needs=ALL_PROGRAMS)
def a_backup_has_the_manifest_of_its_source(world):
    lane = world.lane()
    name = _odd_tree(lane)
    lane.send_well()
    here, there = (_manifest(world, place).splitlines() for place in
                   (lane.at_nas(name), lane.at_pi(name)))
    check_equal(here[:2], ["#mtree", "#snapferry-manifest 1"], "its beginning")
    check_equal(here[3:-1], there[3:-1], "the entries")  # btrfs receive moves the top's time
    digest = hashlib.sha256(("\n".join(here[:-1]) + "\n").encode()).hexdigest()
    check_equal(here[-1], f"#end {len(here) - 3} {digest}", "its end")


@case(needs=ALL_PROGRAMS)
def a_subvolume_within_a_snapshot_is_not_part_of_its_manifest(world):
    lane = world.lane()
    lane.write("file", b"x")
    subvolume.create(os.path.join(lane.source, "nested"))
    name = lane.snapshot()
    check(os.path.isdir(os.path.join(lane.at_nas(name), "nested")), "its place is not there")
    lane.send_well()
    check("nested" not in _manifest(world, lane.at_nas(name)), "it is said to be in the snapshot")
    check_equal(_manifest(world, lane.at_nas(name)).splitlines()[3:-1],
                _manifest(world, lane.at_pi(name)).splitlines()[3:-1], "the entries")


@case(needs=ALL_PROGRAMS)
def what_cannot_be_read_is_named_and_the_manifest_has_no_end(world):
    lane = world.lane()
    result = _run(world, lane.at_nas("missing")).expect_trouble(2)
    check_says(result.err, "cannot open", "missing", "no such file")
    lane.write("file", b"x")
    name = lane.snapshot()
    with open("/dev/full", "wb") as full:
        ended = subprocess.run([SNAPFERRY, "manifest", lane.at_nas(name)],
                               stdout=full, stderr=subprocess.PIPE, check=False)
    check(ended.returncode != 0, "that nobody took it is no failure")
