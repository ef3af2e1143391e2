"""Everything a file system can hold arrives, in a full send and in an increment."""

import os
import stat

from harness import data, tree
from harness.case import case
from harness.data import KIB, MIB, noise
from harness.extents import extents
from harness.verdict import check, check_equal


class Days:
    """Two snapshots of everything, both sent; `first` and `second` are their trees at the Pi."""

    def __init__(self, world):
        self.lane = lane = world.lane()
        content = data.fill(lane.source)
        self.names = [lane.snapshot()]
        lane.send_well()
        data.mutate(content)
        self.names.append(lane.snapshot())
        lane.send_well()
        self.first, self.second = (os.fsencode(lane.at_pi(name)) for name in self.names)
        self.nas = os.fsencode(lane.at_nas(self.names[1]))

    def changed(self, name):
        """Fails unless the second day's contents are the NAS's, and not the first day's."""
        at_pi = read(self.second, name)
        check_equal(at_pi == read(self.nas, name), True, f"{name} is as at the NAS")
        check(at_pi != read(self.first, name), f"{name} is as on the first day")


@case
def both_days_arrive_equal_in_all_that_a_tree_can_hold(world):
    days = world.once(Days)
    for name in days.names:
        days.lane.check_arrived(name)


@case
def the_increment_is_sent_as_one(world):
    days = world.once(Days)
    whole = days.lane.increment_size(days.names[1], None)
    step = days.lane.increment_size(days.names[1], days.names[0])
    check(step < whole / 2, "the increment is no use as a measure")
    days.lane.check_complete(*days.names)


@case
def changed_files_arrive_changed(world):
    days = world.once(Days)
    for name in ("to-change", "to-grow", "to-shrink", "to-replace", "empty", "swap-a", "swap-b"):
        days.changed(name)
    check_equal(os.path.getsize(path(days.second, "to-shrink")), 77_777, "the shrunken size")


@case
def renamed_files_and_directories_arrive_under_their_new_names(world):
    days = world.once(Days)
    check_equal(read(days.second, "directory/renamed"), read(days.first, "to-rename"),
                "the renamed file")
    check_equal(read(days.second, "deep/moved/inside"), b"comes along", "the moved directory")
    for name in ("to-rename", "directory/to-move"):
        check(not os.path.lexists(path(days.second, name)), f"{name} is still there")


@case
def deleted_files_and_directories_are_gone_in_the_next_and_stay_in_the_one_before(world):
    days = world.once(Days)
    for name in ("to-delete", "directory/to-delete", "many/007"):
        check(os.path.lexists(path(days.first, name)), f"{name} is missing on the first day")
        check(not os.path.lexists(path(days.second, name)), f"{name} is still there")


@case
def hard_links_stay_one_inode(world):
    days = world.once(Days)
    check_equal(inodes(days.first, "linked", "directory/also-linked", "linked-too"), 1,
                "inodes of three links")
    check_equal(inodes(days.second, "linked", "directory/also-linked"), 1, "inodes of two links")
    check_equal(inodes(days.second, "link-later", "linked-at-last"), 1, "inodes of new links")


@case
def holes_stay_holes(world):
    days = world.once(Days)
    state = os.stat(path(days.second, "sparse"))
    check_equal(state.st_size, 64 * MIB, "the size of the sparse file")
    check(state.st_blocks * 512 < 1 * MIB, f"the sparse file takes {state.st_blocks * 512} bytes")
    check_equal(tree.data_ranges(path(days.first, "all-hole")), [], "data of a file of holes")
    with open(path(days.second, "sparse"), "rb") as file:
        file.seek(30 * MIB)
        check(any(file.read(8 * KIB)), "the data written into a hole is missing")


@case
def reflinked_files_share_their_data_at_the_receiver_too(world):
    days = world.once(Days)
    for source, copy in (("reflinked", "reflink-of-it"),):
        check_equal(extents(path(days.first, copy)), extents(path(days.first, source)),
                    f"where {copy} lies")
    check_equal(extents(path(days.second, "reflinked-at-last")),
                extents(path(days.second, "reflinked-later")),
                "where a reflink of the second day lies")
    days.changed("reflink-of-it")
    check_equal(read(days.second, "reflinked"), read(days.first, "reflinked"),
                "the original of a changed reflink")
    check_equal(read(days.second, "partly-shared"), read(days.nas, "partly-shared"),
                "a file with shared parts")


@case
def symlinks_arrive_as_they_are_dangling_or_not(world):
    days = world.once(Days)
    wanted = {"link-relative": b"small", "link-absolute": b"/etc/passwd",
              "link-dangling": b"elsewhere", "link-up": b"../../../..",
              "link-to-directory": b"directory", "link-odd": b"two\nlines\xff"}
    for name, target in wanted.items():
        check_equal(os.readlink(path(days.second, name)), target, f"the target of {name}")
    check_equal(os.lstat(path(days.second, "link-relative")).st_uid, 1234, "a symlink's owner")


@case
def fifos_and_sockets_arrive(world):
    days = world.once(Days)
    check(stat.S_ISFIFO(mode(days.first, "fifo")), "the fifo is none")
    check(stat.S_ISREG(mode(days.second, "fifo")), "the file that replaced the fifo is none")
    check(stat.S_ISFIFO(mode(days.second, "fifo-new")), "the new fifo is none")
    check(stat.S_ISSOCK(mode(days.second, "socket")), "the socket is none")


@case
def device_nodes_arrive(world):
    days = world.once(Days)
    for name, kind, device in (("null", stat.S_ISCHR, (1, 3)), ("disk", stat.S_ISBLK, (8, 17))):
        state = os.lstat(path(days.second, name))
        check(kind(state.st_mode), f"{name} is no such device")
        check_equal((os.major(state.st_rdev), os.minor(state.st_rdev)), device, f"{name}'s numbers")


@case
def extended_attributes_arrive(world):
    days = world.once(Days)
    wanted = {"user.note": b"another", "user.big": b"x" * 3000, "trusted.secret": b"root only"}
    found = {name: os.getxattr(path(days.second, "xattrs"), name)
             for name in os.listxattr(path(days.second, "xattrs"))}
    check_equal(found, wanted, "attributes after one was changed and one removed")
    check_equal(os.getxattr(path(days.first, "xattrs"), "user.empty"), b"", "an empty attribute")


@case
def acls_arrive(world):
    days = world.once(Days)
    for root, user, permissions in ((days.first, 1001, 6), (days.second, 1003, 4)):
        check_equal(os.getxattr(path(root, "acl"), data.ACL_ACCESS),
                    data.shared_with_user(user, permissions), "the ACL of a file")
    check_equal(os.getxattr(path(days.second, "acl-default"), data.ACL_DEFAULT),
                data.shared_with_user(1002, 4), "the default ACL of a directory")


@case
def capabilities_arrive_also_on_files_that_changed_hands(world):
    days = world.once(Days)
    for root, name, numbers in ((days.first, "capable", (10,)), (days.second, "capable", (10, 21)),
                                (days.first, "capable-owned", (10, 12)),
                                (days.second, "capable-owned", (10,))):
        check_equal(os.getxattr(path(root, name), data.CAPABILITY), data.capability(*numbers),
                    f"the capabilities of {name}")


@case
def setuid_bits_owners_and_times_arrive(world):
    days = world.once(Days)
    for root, name, bits in ((days.first, "setuid", 0o4755), (days.second, "setuid", 0o755),
                             (days.second, "setgid", 0o2755), (days.second, "nobody-may", 0),
                             (days.second, "setuid-owned", 0o6711),
                             (days.second, "directory/empty", 0o1777)):
        check_equal(oct(stat.S_IMODE(mode(root, name))), oct(bits), f"the mode of {name}")
    check_equal(os.stat(path(days.first, "owned")).st_gid, 2_000_000_000, "a large group id")
    for name, time in (("old-times", 915_148_800_123_456_789),
                       ("before-the-epoch", -315_619_200_000_000_001),
                       ("after-2038", 4_102_531_200_000_000_001)):
        check_equal(os.stat(path(days.second, name)).st_mtime_ns, time, f"the time of {name}")


@case
def odd_names_arrive_byte_for_byte(world):
    days = world.once(Days)
    check_equal(sorted(os.listdir(path(days.first, "odd"))),
                sorted([*data.ODD_NAMES, b"directory\n\xff"]), "odd names on the first day")
    for name in data.ODD_NAMES[1::2]:
        if name != b"-rf":
            check_equal(read(days.second, b"odd/" + name), b"in " + name, f"what is in {name!r}")
    for name in (b"-fr\n", b"\xfe", b"\x7f"):
        check(name in os.listdir(path(days.second, "odd")), f"{name!r} is missing")


@case
def a_snapshot_with_an_odd_name_is_sent_and_the_next_builds_on_it(world):
    lane = world.lane(source_tag="d\u00e4ily")
    lane.write("base", data.noise(2 * MIB))
    first = lane.snapshot()
    lane.send_well()
    lane.write("more", "news")
    second = lane.snapshot()
    lane.send_well()
    lane.check_sent_only(lane.increment_size(second, first))
    lane.check_complete(first, second)
    lane.check_arrived(second)


@case
def a_tree_without_any_file_is_sent(world):
    lane = world.lane()
    first = lane.snapshot()
    lane.send_well()
    lane.check_arrived(first)
    second = lane.snapshot()
    lane.send_well()
    lane.check_arrived(second)


def path(root, name):
    return os.path.join(root, os.fsencode(name))


def read(root, name):
    with open(path(root, name), "rb") as file:
        return file.read()


def mode(root, name):
    return os.lstat(path(root, name)).st_mode


def inodes(root, *names):
    return len({os.lstat(path(root, name)).st_ino for name in names})


def _hand_on(source):
    os.setxattr(source, data.ACL_DEFAULT, data.shared_with_user(1001, 6))
    os.setxattr(source, "btrfs.compression", b"zlib")


def _without_legacy(lane, name):
    """Files that were there before their root had anything to hand on."""
    os.mkdir(os.path.join(lane.source, name))
    lane.write(f"{name}/file", noise(4 * MIB, len(name)))
    lane.write(f"{name}-file", "x")


@case
def what_a_root_hands_on_to_new_files_is_not_put_on_files_that_have_nothing_of_it(world):
    lane = world.lane()
    _without_legacy(lane, "one")
    _hand_on(lane.source)
    lane.check_arrived(_sent(lane))
    for attribute in (data.ACL_DEFAULT, "btrfs.compression"):
        os.removexattr(lane.source, attribute)
    _without_legacy(lane, "second")
    _hand_on(lane.source)
    lane.check_arrived(_sent(lane))
    lane.write("with it", "y")
    lane.check_arrived(_sent(lane))
    os.removexattr(lane.source, data.ACL_DEFAULT)
    lane.check_arrived(_sent(lane))


def _sent(lane):
    name = lane.snapshot()
    lane.send_well()
    return name


@case
def what_a_root_hands_on_comes_back_where_a_send_was_interrupted(world):
    lane = world.lane()
    _without_legacy(lane, "one")
    _hand_on(lane.source)
    name = lane.snapshot()
    lane.interrupt(2 * MIB, 4 * MIB)
    check(lane.held > 0, "nothing is held of the interrupted send")
    lane.send_well()
    lane.check_arrived(name)
