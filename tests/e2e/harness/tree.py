"""Two directory trees compared file by file, in everything a backup must bring back."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass

BLOCK = 4096  # bytes; the sector size of the btrfs made here, hence the grain of holes
CHUNK = 1 << 20  # bytes read at a time

KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink",
         stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket", stat.S_IFCHR: "character device",
         stat.S_IFBLK: "block device"}


@dataclass(frozen=True)
class Entry:
    """What must be equal about one name, except for a file's contents and layout."""

    kind: str
    mode: str
    owner: int
    group: int
    modified: int | None  # nanoseconds; None for the root, see differences()
    size: int | None  # bytes, of files
    device: tuple | None
    target: bytes | None
    attributes: dict  # extended ones, ACLs and capabilities among them
    hard_links: tuple  # all names of the same inode, itself included


def differences(wanted_root, found_root):
    """What is different in found_root, in words, one string a difference; empty when equal.

    The root's own time of change is left out: a stock incremental receive changes it. So are times
    of access and of inode change, which nobody can set.
    """
    wanted_root, found_root = os.fsencode(wanted_root), os.fsencode(found_root)
    wanted, found = scan(wanted_root), scan(found_root)
    said = [f"{_shown(name)}: missing" for name in sorted(wanted.keys() - found.keys())]
    said += [f"{_shown(name)}: should not be there"
             for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        one, other = wanted[name], found[name]
        said += _entry_differences(name, one, other)
        if one.kind == other.kind == "file" and one.size == other.size:
            said += _file_differences(name, os.path.join(wanted_root, name),
                                      os.path.join(found_root, name))
    return said


def scan(root):
    """All entries below root by relative name, the root itself as b"."."""
    root = os.fsencode(root)
    names = [b"."]
    for directory, directories, files in os.walk(root):
        relative = os.path.relpath(directory, root)
        names += [os.path.normpath(os.path.join(relative, name)) for name in directories + files]
    states = {name: os.lstat(os.path.join(root, name)) for name in names}
    links = {}
    for name, state in states.items():
        if not stat.S_ISDIR(state.st_mode):
            links.setdefault(state.st_ino, []).append(name)
    return {name: _entry(os.path.join(root, name), state, name == b".",
                         tuple(sorted(links.get(state.st_ino, ()))))
            for name, state in states.items()}


def photograph(root):
    """All that is below root by name, contents included: for seeing whether anything changed."""
    root = os.fsencode(root)
    return {name: (entry, _hash(os.path.join(root, name)) if entry.kind == "file" else None)
            for name, entry in scan(root).items()}


def changes(before, after):
    """The names in which two photographs differ, as people can read them."""
    return [_shown(name) for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)]


def data_ranges(path):
    """Where a file has data and not a hole, as a list of (begin, end) in bytes."""
    ranges = []
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        end = 0
        while end < size:
            try:
                begin = os.lseek(file.fileno(), end, os.SEEK_DATA)
            except OSError as failure:
                if failure.errno != errno.ENXIO:
                    raise
                break
            end = os.lseek(file.fileno(), begin, os.SEEK_HOLE)
            ranges.append((begin, end))
    return ranges


def _entry(path, state, is_root, hard_links):
    kind = KINDS[stat.S_IFMT(state.st_mode)]
    is_device = kind.endswith("device")
    return Entry(
        kind=kind,
        mode=oct(stat.S_IMODE(state.st_mode)),
        owner=state.st_uid,
        group=state.st_gid,
        modified=None if is_root else state.st_mtime_ns,
        size=state.st_size if kind == "file" else None,
        device=(os.major(state.st_rdev), os.minor(state.st_rdev)) if is_device else None,
        target=os.readlink(path) if kind == "symlink" else None,
        attributes={name: os.getxattr(path, name, follow_symlinks=False)
                    for name in os.listxattr(path, follow_symlinks=False)},
        hard_links=hard_links)


def _entry_differences(name, wanted, found):
    return [f"{_shown(name)}: {what} is {getattr(found, what)!r} instead of {value!r}"
            for what, value in vars(wanted).items() if getattr(found, what) != value]


def _file_differences(name, wanted, found):
    place = _first_difference(wanted, found)
    if place is not None:
        return [f"{_shown(name)}: contents differ from byte {place} on"]
    return _layout_differences(name, data_ranges(wanted), data_ranges(found))


def _first_difference(wanted, found):
    """The offset of the first differing byte of two files of equal size, or None."""
    with open(wanted, "rb", buffering=0) as left, open(found, "rb", buffering=0) as right:
        offset = 0
        while True:
            one, other = left.read(CHUNK), right.read(CHUNK)
            if one != other:
                same = len(os.path.commonprefix([one, other]))
                return offset + same
            if not one:
                return None
            offset += len(one)


def _layout_differences(name, wanted, found):
    """Holes must stay holes. Data may be missing only where it is zeros: contents are equal."""
    filled = _blocks(found) - _blocks(wanted)
    if filled:
        return [f"{_shown(name)}: {len(filled)} blocks of holes have become data"]
    return []


def _hash(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _blocks(ranges):
    return {block for begin, end in ranges for block in range(begin // BLOCK, -(-end // BLOCK))}


def _shown(name):
    return ascii(name)[2:-1] or "."
