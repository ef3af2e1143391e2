"""Source trees with everything a file system can hold, and what people do to them between days."""

import fcntl
import os
import random
import stat
import struct
import subprocess

FICLONE = 0x40049409  # linux/fs.h
FICLONERANGE = 0x4020940D  # linux/fs.h
KIB, MIB = 1024, 1 << 20

ACL_ACCESS, ACL_DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
CAPABILITY = "security.capability"
NET_BIND_SERVICE = 10  # linux/capability.h

ODD_NAMES = (
    b"two\nlines",
    "gr\u00fc\u00dfe \u96ea \U0001f980".encode(),
    b"not\xffutf8\xfe",
    b"-rf",
    b"--help",
    b"spaces  and\ttabs",
    b"back\\slash and 'quotes\"",
    b"$(reboot)",
    b"*",
    b" ",
    b"...",
    b"L" * 255,  # the longest name there may be
    b"\x01\x1b[31m",
    b"btrfs-stream",
)


def noise(size, seed=1):
    """Bytes that do not compress."""
    source = random.Random(seed)
    whole, rest = divmod(size, MIB)  # Python's own limit for one call is 256 MiB
    return b"".join([source.randbytes(MIB) for _ in range(whole)] + [source.randbytes(rest)])


class Tree:
    """A directory to fill: each method makes one kind of thing, under names as bytes."""

    def __init__(self, root, seed=1):
        self.root = os.fsencode(root)
        self.random = random.Random(seed)

    def path(self, name):
        return os.path.join(self.root, os.fsencode(name))

    def file(self, name, data=b"contents\n", mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.chmod(self.path(name), mode)

    def noise(self, name, size):
        """A file that does not compress."""
        self.file(name, self.random.randbytes(size))

    def change(self, name, offset, data):
        """Overwrites a part of a file in place."""
        with open(self.path(name), "r+b") as file:
            file.seek(offset)
            file.write(data)

    def sparse(self, name, size, *islands):
        """A file of holes, with a little data at each of islands."""
        with open(self.path(name), "wb") as file:
            file.truncate(size)
            for offset in islands:
                file.seek(offset)
                file.write(self.random.randbytes(4 * KIB))

    def reflink(self, source, target):
        """cp --reflink=always."""
        with open(self.path(source), "rb") as one, open(self.path(target), "wb") as other:
            fcntl.ioctl(other, FICLONE, one.fileno())

    def reflink_part(self, source, offset, size, target, target_offset):
        """Shares a range of one file with another that exists, or with itself."""
        with open(self.path(source), "rb") as one, open(self.path(target), "r+b") as other:
            fcntl.ioctl(other, FICLONERANGE,
                        struct.pack("=qQQQ", one.fileno(), offset, size, target_offset))

    def preallocated(self, name, size):
        with open(self.path(name), "wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def directory(self, name, mode=0o755):
        os.makedirs(self.path(name))
        os.chmod(self.path(name), mode)

    def symlink(self, name, target):
        os.symlink(os.fsencode(target), self.path(name))

    def hard_link(self, existing, name):
        os.link(self.path(existing), self.path(name))

    def fifo(self, name, mode=0o620):
        os.mkfifo(self.path(name))
        os.chmod(self.path(name), mode)

    def socket(self, name, mode=0o600):
        os.mknod(self.path(name), stat.S_IFSOCK | mode)

    def device(self, name, kind, major, minor, mode=0o660):
        os.mknod(self.path(name), kind, os.makedev(major, minor))
        os.chmod(self.path(name), mode)

    def xattr(self, name, attribute, value):
        os.setxattr(self.path(name), attribute, value, follow_symlinks=False)

    def owner(self, name, user, group):
        os.chown(self.path(name), user, group, follow_symlinks=False)

    def times(self, name, nanoseconds):
        os.utime(self.path(name), ns=(nanoseconds, nanoseconds), follow_symlinks=False)

    def remove(self, name):
        os.unlink(self.path(name))

    def rename(self, old, new):
        os.rename(self.path(old), self.path(new))


def acl(*entries):
    """The value of an ACL attribute; an entry is (tag, permissions, id), in the kernel's order."""
    packed = b"".join(struct.pack("<HHI", *entry) for entry in entries)
    return struct.pack("<I", 2) + packed  # version; linux/posix_acl_xattr.h


# Tags of ACL entries and the id of those without one; linux/posix_acl.h.
USER_OWNER, USER, GROUP_OWNER, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
NOBODY_IN_PARTICULAR = 0xFFFFFFFF


def shared_with_user(user, permissions):
    """An ACL like `setfacl -m u:USER:rw`."""
    return acl((USER_OWNER, 6, NOBODY_IN_PARTICULAR), (USER, permissions, user),
               (GROUP_OWNER, 4, NOBODY_IN_PARTICULAR), (MASK, 6, NOBODY_IN_PARTICULAR),
               (OTHER, 0, NOBODY_IN_PARTICULAR))


def capability(*numbers):
    """A security.capability value like `setcap ...+ep`; linux/capability.h, revision 2."""
    permitted = sum(1 << number for number in numbers)
    return struct.pack("<IIIII", 0x02000001, permitted & 0xFFFFFFFF, 0, permitted >> 32, 0)


def compressing_directory(path, algorithm):
    """Makes a directory whose files btrfs compresses; returns its path."""
    os.mkdir(path)
    subprocess.run(["btrfs", "property", "set", path, "compression", algorithm], check=True)
    return path


def fill(root, seed=1):
    """Everything, once; the names tell what each is."""
    tree = Tree(root, seed)
    _fill_ordinary(tree)
    _fill_shared(tree)
    _fill_special(tree)
    _fill_labelled(tree)
    _fill_odd_names(tree)
    return tree


def mutate(tree):
    """What may happen to all of fill() until the next snapshot, each kind at least once."""
    _mutate_ordinary(tree)
    _mutate_shared(tree)
    _mutate_special(tree)
    _mutate_labelled(tree)
    _mutate_odd_names(tree)


def _fill_ordinary(tree):
    tree.file("empty", b"")
    tree.file("small", b"a few bytes")
    tree.noise("large", 6 * MIB + 123)
    tree.noise("to-change", 600 * KIB)
    tree.noise("to-grow", 10 * KIB)
    tree.noise("to-shrink", 300 * KIB)
    tree.noise("to-delete", 20 * KIB)
    tree.noise("to-rename", 2 * MIB)
    tree.file("to-replace", b"the first")
    tree.file("swap-a", b"a" * 9000)
    tree.file("swap-b", b"b" * 5000)
    tree.file("old-times", b"1999")
    tree.times("old-times", 915_148_800_123_456_789)
    tree.file("before-the-epoch", b"1960")
    tree.times("before-the-epoch", -315_619_200_000_000_001)
    tree.file("after-2038", b"2100")
    tree.times("after-2038", 4_102_531_200_000_000_001)
    deep = "deep/" + "/".join(["a-directory-with-a-rather-long-name"] * 40)
    tree.directory(deep)
    tree.file(deep + "/bottom", b"reached")
    tree.directory("directory/to-move")
    tree.file("directory/to-move/inside", b"comes along")
    tree.directory("directory/to-delete/below")
    tree.file("directory/to-delete/below/file")
    tree.directory("directory/empty", 0o1777)
    tree.directory("many")
    for number in range(200):
        tree.file(f"many/{number:03}", b"%d\n" % number)


def _mutate_ordinary(tree):
    tree.change("to-change", 200 * KIB, b"changed in the middle")
    tree.change("to-grow", 10 * KIB, tree.random.randbytes(50 * KIB))
    os.truncate(tree.path("to-shrink"), 77_777)
    tree.remove("to-delete")
    tree.rename("to-rename", "directory/renamed")
    tree.remove("to-replace")
    tree.file("to-replace", b"the second, another inode")
    tree.rename("swap-a", "swap-c")
    tree.rename("swap-b", "swap-a")
    tree.rename("swap-c", "swap-b")
    tree.times("small", 1_000_000_000_000_000_001)
    tree.file("empty", b"no more")
    tree.file("new", b"since yesterday")
    tree.rename("directory/to-move", "deep/moved")
    tree.file("deep/moved/more", b"more")
    tree.remove("directory/to-delete/below/file")
    os.removedirs(tree.path("directory/to-delete/below"))
    for number in range(0, 200, 7):
        tree.remove(f"many/{number:03}")


def _fill_shared(tree):
    tree.sparse("sparse", 64 * MIB, 0, 20 * MIB, 40 * MIB)
    tree.sparse("all-hole", 8 * MIB)
    tree.preallocated("preallocated", 1 * MIB)
    tree.noise("reflinked", 2 * MIB)
    tree.reflink("reflinked", "reflink-of-it")
    tree.noise("reflinked-later", 1 * MIB)
    tree.noise("partly-shared", 1 * MIB)
    tree.reflink_part("reflinked", 512 * KIB, 256 * KIB, "partly-shared", 128 * KIB)
    tree.noise("repeats-itself", 256 * KIB)
    tree.reflink_part("repeats-itself", 0, 128 * KIB, "repeats-itself", 512 * KIB)
    tree.file("linked", b"one inode, three names")
    tree.hard_link("linked", "directory/also-linked")
    tree.hard_link("linked", "linked-too")
    tree.file("link-later", b"two names from tomorrow on")


def _mutate_shared(tree):
    tree.change("sparse", 30 * MIB, tree.random.randbytes(8 * KIB))
    tree.change("reflink-of-it", 64 * KIB, b"its own way")
    tree.reflink("reflinked-later", "reflinked-at-last")
    tree.reflink_part("large", 1 * MIB, 1 * MIB, "partly-shared", 0)
    tree.hard_link("link-later", "linked-at-last")
    tree.remove("linked-too")


def _fill_special(tree):
    tree.symlink("link-relative", "small")
    tree.symlink("link-absolute", "/etc/passwd")
    tree.symlink("link-dangling", "nowhere/to/be/found")
    tree.symlink("link-up", "../../../..")
    tree.symlink("link-to-directory", "directory")
    tree.symlink("link-odd", b"two\nlines\xff")
    tree.owner("link-relative", 1234, 4321)
    tree.times("link-relative", 1_111_111_111_222_222_222)
    tree.fifo("fifo")
    tree.socket("socket")
    tree.device("null", stat.S_IFCHR, 1, 3, 0o666)
    tree.device("disk", stat.S_IFBLK, 259, 70_000)


def _mutate_special(tree):
    tree.remove("link-dangling")
    tree.symlink("link-dangling", "elsewhere")
    tree.remove("fifo")
    tree.file("fifo", b"a file where a fifo was")
    tree.fifo("fifo-new")
    tree.remove("disk")
    tree.device("disk", stat.S_IFBLK, 8, 17)


def _fill_labelled(tree):
    tree.file("setuid", b"#!/bin/sh\n", 0o4755)
    tree.file("setgid", b"#!/bin/sh\n", 0o2755)
    tree.file("nobody-may", b"secret", 0o000)
    tree.file("owned", b"by somebody")
    tree.owner("owned", 1000, 2_000_000_000)
    tree.file("setuid-owned", b"#!/bin/sh\n")
    tree.owner("setuid-owned", 1000, 1000)
    os.chmod(tree.path("setuid-owned"), 0o6711)
    tree.file("xattrs")
    tree.xattr("xattrs", "user.note", b"with \0 a zero")
    tree.xattr("xattrs", "user.empty", b"")
    tree.xattr("xattrs", "user.big", b"x" * 3000)
    tree.xattr("xattrs", "trusted.secret", b"root only")
    tree.xattr("link-absolute", "trusted.on-a-symlink", b"yes")
    tree.xattr("directory", "user.on-a-directory", b"yes")
    tree.file("acl")
    tree.xattr("acl", ACL_ACCESS, shared_with_user(1001, 6))
    tree.directory("acl-default")
    tree.xattr("acl-default", ACL_DEFAULT, shared_with_user(1002, 4))
    tree.file("capable", b"#!/bin/sh\n", 0o755)
    tree.xattr("capable", CAPABILITY, capability(NET_BIND_SERVICE))
    tree.file("capable-owned", b"#!/bin/sh\n", 0o755)
    tree.owner("capable-owned", 1000, 1000)  # after which a capability is to be set again
    tree.xattr("capable-owned", CAPABILITY, capability(NET_BIND_SERVICE, 12))


def _mutate_labelled(tree):
    os.chmod(tree.path("setuid"), 0o755)
    tree.owner("owned", 0, 0)
    tree.xattr("xattrs", "user.note", b"another")
    os.removexattr(tree.path("xattrs"), "user.empty")
    tree.xattr("acl", ACL_ACCESS, shared_with_user(1003, 4))
    tree.change("capable", 0, b"#!/bin/zsh\n")  # writing drops the capability
    tree.xattr("capable", CAPABILITY, capability(NET_BIND_SERVICE, 21))
    tree.owner("capable-owned", 1001, 1001)
    tree.xattr("capable-owned", CAPABILITY, capability(NET_BIND_SERVICE))


def _fill_odd_names(tree):
    tree.directory("odd")
    for name in ODD_NAMES:
        tree.file(b"odd/" + name, b"in " + name)
    tree.directory(b"odd/directory\n\xff")
    tree.file(b"odd/directory\n\xff/-")


def _mutate_odd_names(tree):
    for name in ODD_NAMES[::2]:
        tree.change(b"odd/" + name, 0, b"changed")
    tree.rename(b"odd/-rf", b"odd/-fr\n")
    tree.rename(b"odd/directory\n\xff", b"odd/\xfe")
    tree.file(b"odd/\x7f", b"new")
