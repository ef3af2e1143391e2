"""Files come back from a backup: whole, compared, nothing written through, nothing half."""

import contextlib
import fcntl
import os
import signal
import stat
import subprocess

from harness import data, killing, mounts, stream, subvolume, tree
from harness.case import ALL_PROGRAMS, case
from harness.data import KIB, MIB, noise
from harness.extents import extents
from harness.loop_device import LoopDevice
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import write_file

NEEDS = ("snapshot-receive", "snapferry")
SNAPFERRY = "/usr/local/sbin/snapferry"
MISUSED, MISSING, BUSY, NO_SPACE, INCOMPLETE = 1, 2, 15, 16, 21
TEMPORARY = ".snapferry-restore-"


class Everything:
    """A backup with all that a tree can hold, and its manifest."""

    def __init__(self, world):
        self.lane = lane = world.lane()
        data.fill(lane.source)
        self.name = lane.snapshot()
        lane.send_well()
        keep_manifest(world, lane, self.name)
        self.path = lane.at_pi(self.name)


def keep_manifest(world, lane, name):
    """As it would have come from the NAS."""
    manifest = world.commands.run(SNAPFERRY, "manifest", lane.at_nas(name)).expect_well()
    copy = subvolume.inspect(lane.at_pi(name)).uuid
    shelf = os.path.join(world.pi.path, ".snapferry", lane.tag + ".manifests")
    os.makedirs(shelf, exist_ok=True)
    with open(os.path.join(shelf, str(copy)), "wb") as file:
        file.write(manifest.bytes_out)


def restore(world, lane, *arguments, **how):
    return world.commands.run(SNAPFERRY, "restore", lane.tag, *arguments, **how)


def place(world, name):
    """A directory that is not there yet, on the NAS's disk: another one than the Pi's."""
    return os.path.join(world.nas.path, name)


def check_restored(path, to):
    said = tree.differences(path, to)
    check(not said, "the restored tree differs:\n  " + "\n  ".join(said[:20]))
    check_nothing_half(to)


def check_nothing_half(to):
    left = [name for _, directories, files in os.walk(to) for name in [*directories, *files]
            if name.startswith(TEMPORARY)]
    check(not left, f"left in the destination: {left}")
    marked = [path for path, _, _ in os.walk(os.fsencode(to))
              if "trusted.snapferry.unfinished" in os.listxattr(path)]
    check(not marked, f"directories that still bear the mark: {marked}")


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


@contextlib.contextmanager
def ext4(world, size=64 * MIB, block=4 * KIB):
    """A disk that is no btrfs, mounted."""
    image, where = os.path.join(world.directory, "ext4.img"), os.path.join(world.directory, "ext4")
    with open(image, "wb") as file:
        file.truncate(size)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-b", str(block), image], check=True)
    os.makedirs(where, exist_ok=True)
    device = LoopDevice(image, world.directory)
    mounts.mount(device.path, where, "ext4")
    try:
        yield where
    finally:
        mounts.unmount(where)
        device.close()
        os.unlink(image)


# ---- what comes back -----------------------------------------------------------------------------


@case(needs=ALL_PROGRAMS)
def a_whole_backup_comes_back_in_all_that_a_tree_can_hold(world):
    backup = world.once(Everything)
    to = place(world, "whole")
    said = restore(world, backup.lane, "--to", to).expect_well().out
    check_says(said, backup.name, "compared with the manifest", "all the same")
    check_restored(backup.path, to)
    again = restore(world, backup.lane, "--to", to).expect_well().out
    check_says(again, "0 entries, 0 directories", "there already", "all the same")
    check_restored(backup.path, to)


@case(needs=ALL_PROGRAMS)
def on_the_same_disk_the_data_is_shared(world):
    backup = world.once(Everything)
    to = os.path.join(world.pi.path, "restored")
    restore(world, backup.lane, "--to", to).expect_well()
    check_restored(backup.path, to)
    for name in ("large", "sparse", "reflinked"):
        check_equal(extents(os.path.join(to, name)), extents(os.path.join(backup.path, name)),
                    f"where {name} lies")
    subprocess.run(["rm", "-rf", to], check=True)


@case(needs=ALL_PROGRAMS)
def a_file_and_a_directory_come_back_under_their_paths_and_nothing_else_does(world):
    backup = world.once(Everything)
    to = place(world, "part")
    restore(world, backup.lane, "small", "/directory/to-move/", "./directory/also-linked",
            "linked", "--to", to).expect_well()
    check_equal(sorted(os.listdir(to)), ["directory", "linked", "small"], "what came back")
    check_equal(sorted(os.listdir(os.path.join(to, "directory"))), ["also-linked", "to-move"],
                "what came back of the directory")
    check_equal(read(to, "directory/to-move/inside"), b"comes along", "a file in it")
    check_equal(os.stat(os.path.join(to, "linked")).st_ino,
                os.stat(os.path.join(to, "directory/also-linked")).st_ino, "two links")
    check_equal(stat.S_IMODE(os.stat(to).st_mode), 0o700, "the mode of the new directory")
    check_nothing_half(to)


@case(needs=ALL_PROGRAMS)
def a_disk_that_is_no_btrfs_takes_all_that_it_can_hold(world):
    backup = world.once(Everything)
    with ext4(world, 128 * MIB) as disk:
        to = os.path.join(disk, "whole")
        restore(world, backup.lane, "--to", to).expect_well()
        check_restored(backup.path, to)
    with ext4(world, block=KIB) as disk:  # attributes must fit into a block
        to = os.path.join(disk, "part")
        said = restore(world, backup.lane, "small", "xattrs", "--to", to)
        check_says(said.expect_trouble(INCOMPLETE).err, "xattrs: is not as it should be: xattr",
                   "cannot set the attribute user.big", "the filesystem there cannot hold it")
        check_equal((read(to, "small"), read(to, "xattrs")), (b"a few bytes", b"contents\n"),
                    "what came back")
        check_nothing_half(to)


@case(needs=NEEDS)
def at_picks_the_backup_that_was_in_force(world):
    lane = world.lane()
    days = [f"2021-08-{day:02}T07:00:01+00:00-@daily" for day in (17, 18, 20)]
    for day in days:
        lane.receive(bytes(stream.small(day))).expect_well()
    for at, wanted in (("2021-08-18", days[1]), ("2021-08-19", days[1]),
                       ("2021-08-20T07:00:00Z", days[1]), ("2021-08-20T07:00:01Z", days[2]),
                       (days[0], days[0]), ("1 minute ago", days[2]), ("yesterday", days[2])):
        said = restore(world, lane, "--at", at, "--to", place(world, "at"), "--dry-run")
        check_says(said.expect_well().out, "would restore " + wanted)
    check(not os.path.exists(place(world, "at")), "a dry run made the directory")
    check_says(restore(world, lane, "--to", place(world, "at"), "--dry-run").out, days[2])
    for at, words in (("2021-08-16", "no backup that was taken by"),
                      ("the day before", "no backup of"), ("2021-08-32", "no time")):
        check_says(restore(world, lane, "--at", at, "--to", place(world, "at"))
                   .expect_trouble(MISUSED).err, words)


@case(needs=ALL_PROGRAMS)
def what_is_asked_for_and_is_not_there_is_refused_before_anything_is_made(world):
    backup = world.once(Everything)
    to = place(world, "refused")
    for arguments, words in ((["nowhere"], "has no nowhere"), (["small/inside"], "has no"),
                             (["link-to-directory/empty"], "symlink is on the way"),
                             (["../small"], "no path in a backup"), ([""], "no path in a backup"),
                             (["--overwrite", "maybe"], "never, changed or always")):
        with told_of_failures(str(arguments)):
            check_says(restore(world, backup.lane, *arguments, "--to", to)
                       .expect_trouble(MISUSED).err, words)
    check_says(restore(world, backup.lane).expect_trouble(MISUSED).err, "--to")
    for inside in (world.pi.path + "/.snapferry/x", backup.lane.received_dir + "/x", backup.path,
                   world.pi.path):  # from there paths of the NAS's choice lead into them
        check_says(restore(world, backup.lane, "--to", inside).expect_trouble(MISUSED).err,
                   "is where the backups are")
    restore(world, backup.lane, "--to", place(world, "a/b")).expect_trouble(MISSING)
    check(not os.path.exists(to), "the directory was made")


# ---- what is there already -----------------------------------------------------------------------


@case(needs=ALL_PROGRAMS)
def what_is_there_is_left_alone_and_named_unless_it_may_be_replaced(world):
    lane = world.lane()
    for name in ("same", "size", "time", "mode", "new"):
        lane.write(name, name)
    os.mkdir(os.path.join(lane.source, "directory"))
    lane.write("directory/file", "in it")
    name = lane.snapshot()
    lane.send_well()
    to = place(world, "there")
    restore(world, lane, "--to", to).expect_well()
    os.unlink(os.path.join(to, "new"))
    write_file(os.path.join(to, "size"), "another")
    write_file(os.path.join(to, "directory/mine"), "my own")
    os.utime(os.path.join(to, "time"), ns=(0, 1))
    os.chmod(os.path.join(to, "mode"), 0o600)
    dry = restore(world, lane, "--to", to, "--dry-run").expect(0)
    check_says(dry.err, "size: left alone")
    check(not os.path.exists(os.path.join(to, "new")), "a dry run restored it")
    left = restore(world, lane, "--to", to).expect_trouble(INCOMPLETE)
    check_says(left.err, "size: left alone: what is there differs in size, time",
               "time: left alone: what is there differs in time", "mode: left alone",
               "--overwrite changed")
    check("same: " not in left.err and "new: " not in left.err, left.err)
    check_equal((read(to, "size"), read(to, "new")), (b"another", b"new"), "after never")
    same = os.stat(os.path.join(to, "same")).st_ino
    restore(world, lane, "--to", to, "--overwrite", "changed").expect_well()
    check_equal(os.stat(os.path.join(to, "same")).st_ino, same, "the inode of what is the same")
    check_equal(read(to, "directory/mine"), b"my own", "what the backup does not have")
    os.unlink(os.path.join(to, "directory/mine"))
    restore(world, lane, "--to", to, "--overwrite", "changed").expect_well()
    check_restored(lane.at_pi(name), to)
    restore(world, lane, "--to", to, "--overwrite", "always").expect_well()
    check(os.stat(os.path.join(to, "same")).st_ino != same, "always has left the same there")
    check_restored(lane.at_pi(name), to)


@case(needs=ALL_PROGRAMS)
def contents_that_changed_behind_the_back_of_a_time_are_found_by_the_comparison(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.snapshot()
    lane.send_well()
    to = place(world, "behind")
    restore(world, lane, "--to", to).expect_well()
    file = os.path.join(to, "file")
    time = os.stat(file).st_mtime_ns
    write_file(file, "c0ntents")
    os.utime(file, ns=(time, time))
    check_says(restore(world, lane, "--to", to).expect_trouble(INCOMPLETE).err,
               "file: is not as it should be: contents")
    restore(world, lane, "--to", to, "--overwrite", "always").expect_well()
    check_equal(read(file), b"contents", "what always has restored")


@case(needs=ALL_PROGRAMS)
def a_directory_in_the_way_is_never_deleted_nor_is_a_file_for_a_directory(world):
    lane = world.lane()
    os.mkdir(os.path.join(lane.source, "directory"))
    lane.write("directory/file", "in it")
    lane.write("file", "a file")
    lane.snapshot()
    lane.send_well()
    to = place(world, "in-the-way")
    os.makedirs(os.path.join(to, "file"))
    write_file(os.path.join(to, "file/mine"), "mine")
    write_file(os.path.join(to, "directory"), "also mine")
    for overwrite in ("never", "changed", "always"):
        said = restore(world, lane, "--to", to, "--overwrite", overwrite)
        check_says(said.expect_trouble(INCOMPLETE).err, "file: left alone",
                   "directory: left alone", "kind")
        check_equal((read(to, "file/mine"), read(to, "directory")), (b"mine", b"also mine"),
                    "what is there")


# ---- nothing is followed -------------------------------------------------------------------------


@case(needs=ALL_PROGRAMS)
def nothing_is_written_through_a_symlink(world):
    backup = world.once(Everything)
    outside = place(world, "outside")
    os.mkdir(outside)
    write_file(os.path.join(outside, "target"), "untouched")
    before = tree.photograph(outside)
    for overwrite in ("never", "changed", "always"):
        to = place(world, f"planted-{overwrite}")
        os.mkdir(to)
        os.symlink(outside, os.path.join(to, "directory"))
        os.symlink(os.path.join(outside, "target"), os.path.join(to, "small"))
        os.symlink(os.path.join(outside, "new"), os.path.join(to, "large"))
        os.link(os.path.join(outside, "target"), os.path.join(to, "to-grow"))
        said = restore(world, backup.lane, "--to", to, "--overwrite", overwrite)
        check_says(said.expect_trouble(INCOMPLETE).err, "directory: left alone")
        found = tree.photograph(outside)
        check_equal(tree.changes({name: what[1] for name, what in before.items()},
                                 {name: what[1] for name, what in found.items()}), [],
                    "what lies outside")
        os.unlink(os.path.join(to, "to-grow"))
    check(not os.path.islink(os.path.join(to, "small")), "always has left the symlink")


@case(needs=ALL_PROGRAMS)
def a_symlink_that_is_planted_meanwhile_is_not_followed(world):
    killing.require_strace()
    backup = world.once(Everything)
    outside = place(world, "outside-of-a-race")
    os.mkdir(outside)
    to = place(world, "race")
    log = os.path.join(world.directory, "race")
    run = world.commands.start("strace", "-f", "-o", log, "-e", "trace=mkdirat", "-e",
                               "inject=mkdirat:delay_exit=30000", SNAPFERRY, "restore",
                               backup.lane.tag, "--to", to)
    target = os.path.join(to, "directory")
    while not run.ended:
        with contextlib.suppress(OSError):
            os.rename(target, target + "-moved")
            os.symlink(outside, target)
    run.finish().expect(0, INCOMPLETE)
    check_equal(os.listdir(outside), [], "what lies outside")


# ---- trouble -------------------------------------------------------------------------------------


@case(needs=ALL_PROGRAMS)
def a_restore_that_is_killed_leaves_nothing_half_and_the_next_goes_on(world):
    killing.require_strace()
    backup = world.once(Everything)
    for call, number in (("mkdirat", 5), ("fsetxattr", 3), ("openat", 300), ("ftruncate", 1),
                         ("pwrite64", 4), ("fchownat", 40), ("?utimensat", 60), ("syncfs", 3),
                         ("renameat2", 20), ("renameat2", 150), ("linkat", 2)):
        to = place(world, f"killed-{call.strip('?')}-{number}")
        with told_of_failures(f"{call} {number}"):
            killed = world.commands.run(
                "strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                f"inject={call.strip('?')}:signal=KILL:when={number}", SNAPFERRY, "restore",
                backup.lane.tag, "--to", to)
            check_equal(killed.code, -signal.SIGKILL, "how it ended")
            check_only_whole_files(backup.path, to)
            restore(world, backup.lane, "--to", to).expect_well()
            check_restored(backup.path, to)
        subprocess.run(["rm", "-rf", to], check=True)


def check_only_whole_files(wanted, found):
    """Each file under its own name has all that it should have."""
    wanted, there = tree.photograph(wanted), tree.photograph(found)
    for name, (entry, contents) in there.items():
        if entry.kind != "directory" and not os.path.basename(name).startswith(TEMPORARY.encode()):
            whole, its_contents = wanted[name]
            check_equal((entry.mode, entry.owner, entry.modified, entry.attributes, contents),
                        (whole.mode, whole.owner, whole.modified, whole.attributes, its_contents),
                        f"what is there of {name!r}")


@case(needs=ALL_PROGRAMS)
def a_restore_that_is_stopped_says_how_it_goes_on_and_leaves_no_trace_of_what_was_not_whole(world):
    killing.require_strace()
    backup = world.once(Everything)
    to = place(world, "stopped")
    stopped = world.commands.run(
        "strace", "-f", "-o", "/dev/null", "-e", "trace=pwrite64", "-e",
        "inject=pwrite64:signal=TERM:when=3", SNAPFERRY, "restore", backup.lane.tag, "--to", to)
    check_equal(stopped.code, 19, "its exit code")
    check_says(stopped.err, "the same command goes on")
    check_no_temporaries(to)
    restore(world, backup.lane, "--to", to).expect_well()
    check_restored(backup.path, to)


@case(needs=ALL_PROGRAMS)
def a_disk_with_too_little_room_is_told_of_before_anything_is_written(world):
    lane = world.lane()
    lane.write("large", noise(48 * MIB))
    lane.write("small", "small")
    data.Tree(lane.source).sparse("sparse", 500 * MIB, 0)
    lane.snapshot()
    lane.send_well()
    with ext4(world, 40 * MIB) as disk:
        to = os.path.join(disk, "here")
        said = restore(world, lane, "--to", to).expect_trouble(NO_SPACE)
        check_says(said.err, "48.", "are free", "nothing was changed")
        check(not os.path.exists(to), "the directory was made")
        restore(world, lane, "small", "sparse", "--to", to).expect_well()
        check_equal(os.stat(os.path.join(to, "sparse")).st_size, 500 * MIB, "a file of holes")


@case(needs=ALL_PROGRAMS)
def a_disk_that_fills_up_meanwhile_holds_whole_files_only(world):
    lane = world.lane()
    for number in range(20):
        lane.write(f"file-{number:02}", noise(MIB, number))
    name = lane.snapshot()
    lane.send_well()
    with ext4(world, 40 * MIB) as disk:
        to = os.path.join(disk, "here")
        full = world.commands.run(
            "strace", "-f", "-o", "/dev/null", "-e", "trace=pwrite64", "-e",
            "inject=pwrite64:error=ENOSPC:when=11", SNAPFERRY, "restore", lane.tag, "--to", to)
        full.expect_trouble(NO_SPACE)
        check_says(full.err, "no space left", "the same command goes on")
        check_only_whole_files(lane.at_pi(name), to)
        check_no_temporaries(to)
        restore(world, lane, "--to", to).expect_well()
        check_restored(lane.at_pi(name), to)


def check_no_temporaries(to):
    check(not any(name.startswith(TEMPORARY) for name in os.listdir(to)), "something is left")


@case(needs=ALL_PROGRAMS)
def a_directory_that_may_not_be_written_to_is_named(world):
    backup = world.once(Everything)
    with ext4(world) as disk:
        os.mkdir(os.path.join(disk, "there"))
        mounts.mount(None, disk, None, mounts.REMOUNT | mounts.RDONLY)
        for to in ("there", "not-there"):
            said = restore(world, backup.lane, "small", "--to", os.path.join(disk, to))
            check_says(said.expect_trouble(MISSING).err, "read-only")


@case(needs=ALL_PROGRAMS)
def two_restores_into_one_directory_do_not_mix(world):
    backup = world.once(Everything)
    to = place(world, "taken")
    os.mkdir(to)
    held = os.open(to, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)  # as another restore does
        said = restore(world, backup.lane, "small", "--to", to).expect_trouble(BUSY)
        check_says(said.err, "something else is restored to", "let it end")
        check_equal(os.listdir(to), [], "what came")
    finally:
        os.close(held)
    restore(world, backup.lane, "small", "--to", to).expect_well()


@case(needs=ALL_PROGRAMS)
def a_backup_is_not_pruned_while_it_is_restored(world):
    killing.require_strace()
    lane = world.lane()
    lane.write("file", "the first")
    first = lane.snapshot()
    lane.send_well()
    lane.write("file", "the second")
    second = lane.snapshot()
    lane.send_well()
    slow = world.commands.start(
        "strace", "-f", "-o", "/dev/null", "-e", "trace=syncfs", "-e",
        "inject=syncfs:delay_enter=2000000:when=2", SNAPFERRY, "restore", lane.tag, "--at", first,
        "--to", place(world, "slow"))
    while not os.path.isdir(place(world, "slow")):
        check(not slow.ended, "it has ended already")
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        said = world.commands.run(SNAPFERRY, "prune", lane.tag, "--yes")
        check_says(said.text, "is being read")
        lane.check_complete(first, second)
        slow.finish().expect_well()
        check_equal(read(place(world, "slow"), "file"), b"the first", "what was restored")
        world.commands.run(SNAPFERRY, "prune", lane.tag, "--yes").expect_well()
        lane.check_complete(second)


@case(needs=ALL_PROGRAMS)
def a_manifest_that_is_none_is_told_of_and_the_backup_itself_compared_with(world):
    lane = world.lane()
    lane.write("file", "contents")
    name = lane.snapshot()
    lane.send_well()
    keep_manifest(world, lane, name)
    copy = subvolume.inspect(lane.at_pi(name)).uuid
    manifest = os.path.join(world.pi.path, ".snapferry", lane.tag + ".manifests", str(copy))
    whole = read(manifest)
    for bad in (whole[:-1], whole.replace(b"./file", b"./../f"), b"", b"\x28\xb5\x2f\xfdbomb"):
        with open(manifest, "wb") as file:
            file.write(bad)
        to = place(world, "bad-manifest")
        said = restore(world, lane, "--to", to)
        check_says(said.expect_trouble(INCOMPLETE).err, "could not be compared", "manifest refused")
        check_says(said.out, "compared with the backup itself")
        check_equal(read(to, "file"), b"contents", "what was restored")


@case(needs=ALL_PROGRAMS)
def what_the_manifest_does_not_agree_with_is_named(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.write("other", "other")
    name = lane.snapshot()
    lane.send_well()
    lane.write("file", "c0ntents")
    other = lane.snapshot()
    keep_manifest(world, lane, name)
    copy = subvolume.inspect(lane.at_pi(name)).uuid
    manifest = world.commands.run(SNAPFERRY, "manifest", lane.at_nas(other)).expect_well()
    with open(os.path.join(world.pi.path, ".snapferry", lane.tag + ".manifests", str(copy)),
              "wb") as file:
        file.write(manifest.bytes_out)
    said = restore(world, lane, "--to", place(world, "disagrees")).expect_trouble(INCOMPLETE)
    check_says(said.err, "file: is not as it should be: contents")
    check_says(said.out, "1 of")
    restore(world, lane, "other", "--to", place(world, "agrees")).expect_well()


@case(needs=ALL_PROGRAMS)
def a_file_that_the_manifest_does_not_have_is_named(world):
    lane = world.lane()
    lane.write("file", "contents")
    bare = lane.snapshot()
    lane.write("planted", "since then")
    name = lane.snapshot()
    lane.send_well()
    manifest = world.commands.run(SNAPFERRY, "manifest", lane.at_nas(bare)).expect_well()
    keep_manifest(world, lane, name)
    copy = subvolume.inspect(lane.at_pi(name)).uuid
    with open(os.path.join(world.pi.path, ".snapferry", lane.tag + ".manifests", str(copy)),
              "wb") as file:
        file.write(manifest.bytes_out)
    for number, paths in enumerate(([], ["planted"])):
        said = restore(world, lane, *paths, "--to", place(world, f"planted-{number}"))
        check_says(said.expect_trouble(INCOMPLETE).err,
                   "planted: is not as it should be: extra")
    restore(world, lane, "file", "--to", place(world, "not-planted")).expect_well()


@case(needs=ALL_PROGRAMS)
def a_program_that_cannot_be_given_to_its_owner_is_no_setuid_one(world):
    killing.require_strace()
    lane = world.lane()
    lane.write("program", "contents")
    os.chown(os.path.join(lane.source, "program"), 4711, 4711)
    os.chmod(os.path.join(lane.source, "program"), 0o6755)
    lane.snapshot()
    lane.send_well()
    to = place(world, "of-nobody")
    world.commands.run("strace", "-f", "-o", "/dev/null", "-e", "trace=fchownat", "-e",
                       "inject=fchownat:error=EPERM", SNAPFERRY, "restore", lane.tag, "--to",
                       to).expect_trouble(INCOMPLETE)
    found = os.stat(os.path.join(to, "program"))
    check_equal((found.st_uid, oct(stat.S_IMODE(found.st_mode))), (0, "0o755"),
                "owner and mode")
