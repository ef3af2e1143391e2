"""What a tree holds, said so that others can check it."""

import contextlib
import hashlib
import os
import subprocess

from harness import data, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import write_file

MTREE = "/usr/bin/mtree"  # of mtree-netbsd
SNAPFERRY = "/usr/local/sbin/snapferry"


def _run(world, directory):
    return world.commands.run(SNAPFERRY, "manifest", directory)


def _manifest(world, directory):
    return _run(world, directory).expect_well().out


def _every_kind(lane):
    data.fill(lane.source)
    return _odd_tree(lane)


def _odd_tree(lane):
    """Names that want escaping, a hard link, an attribute."""
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
    name = _every_kind(lane)
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
    name = _every_kind(lane)
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
    check_says(lane.send().expect(0).err, "nested is a subvolume of its own")
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


def _compare(world, tree, manifest, *options):
    return world.commands.run(SNAPFERRY, "compare", tree, manifest, *options)


@contextlib.contextmanager
def _changed(lane, name):
    """A writable copy, in which something is to be changed."""
    copy = lane.at_nas("changed")
    subvolume.snapshot(lane.at_nas(name), copy, read_only=False)
    yield lambda path: os.path.join(copy, path)
    subvolume.delete(copy)


def _flip_a_byte(path):
    """Behind the back of its time."""
    times = os.stat(path)
    with open(path, "r+b") as file:
        byte = file.read(1)
        file.seek(0)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _replace(path, make):
    os.unlink(path)
    make(path)


CHANGES = {  # what is done to the file called "a b", and what is to be said of it
    "contents": lambda path: _flip_a_byte(path),
    "size, contents, time": lambda path: os.truncate(path, 1),
    "mode": lambda path: os.chmod(path, 0o600),
    "mode ": lambda path: os.chmod(path, 0o4644),
    "owner": lambda path: os.chown(path, 1, 0),
    "owner ": lambda path: os.chown(path, 0, 1),
    "time": lambda path: os.utime(path, ns=(0, os.stat(path).st_mtime_ns + 1)),
    "xattr": lambda path: os.setxattr(path, "user.colour", b"red"),
    "xattr ": lambda path: os.removexattr(path, "user.colour"),
    "xattr  ": lambda path: os.setxattr(path, "user.size", b""),
    "kind": lambda path: _replace(path, os.mkdir),
    "kind ": lambda path: _replace(path, lambda there: os.symlink("x", there)),
    "kind  ": lambda path: _replace(path, os.mkfifo),
    "missing": os.unlink,
}


@case(needs=ALL_PROGRAMS)
def each_kind_of_difference_is_named_with_its_path(world):
    lane = world.lane()
    name = _odd_tree(lane)
    manifest = os.path.join(world.nas.path, "manifest")
    write_file(manifest, _manifest(world, lane.at_nas(name)))
    check_says(_compare(world, lane.at_nas(name), manifest).expect_well().out, "the same: ")
    for what, change in CHANGES.items():
        with told_of_failures(what), _changed(lane, name) as at:
            change(at("a b"))
            said = _compare(world, at(""), manifest).expect(1).out
            check(f"\na b: {what.strip()}\n" in "\n" + said, said)
    with _changed(lane, name) as at:
        write_file(at("a b-/more"), "")
        check_says(_compare(world, at(""), manifest).expect(1).out, "a b-/more: extra",
                   "a b-: time", "2 of the entries differ")
    with _changed(lane, name) as at:
        for number in range(30):
            write_file(at(f"more-{number:02}"), "")
        said = _compare(world, at(""), manifest).expect(1).out
        check_equal(said.count("extra"), 20, "differences that are shown")
        check_equal(_compare(world, at(""), manifest, "--all").expect(1).out.count("extra"), 30,
                    "with --all")


@case(needs=ALL_PROGRAMS)
def where_nothing_can_be_said_the_exit_code_is_another(world):
    lane = world.lane()
    lane.write("file", b"x")
    name = lane.snapshot()
    whole = _manifest(world, lane.at_nas(name))
    manifest = os.path.join(world.nas.path, "bad-manifest")
    for bad in ("", "x", whole[:-1], whole[:-20], whole + "x\n", whole.replace("file", "../file")):
        write_file(manifest, bad)
        with told_of_failures(repr(bad)):
            check_says(_compare(world, lane.at_nas(name), manifest).expect(2).err,
                       "manifest refused: line ")
    write_file(manifest, whole)
    check_says(_compare(world, lane.at_nas("missing"), manifest).expect(2).err, "cannot open")
    check_says(_compare(world, lane.at_nas(name), manifest + "-missing").expect(2).err,
               "cannot open")
