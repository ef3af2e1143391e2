"""Raw streams that reach for what is not theirs: another tag, the disk, the machine."""

import os
import uuid

from harness import stream
from harness.stream import A_CTRANSID, A_INO, A_MODE, A_PATH, A_RDEV, A_UUID, Stream

from .entry import NAME, NO_PARENT, OWN, RECEIVING, REFUSED, Entry, full, increment

TITLE = "What is not theirs"

NOBODY = uuid.UUID("00000000-1111-4222-8333-444444444444")
NULL = uuid.UUID(int=0)
NEITHER = "neither the snapshot nor its parent"
SYMLINK = "leads through a symlink"
THROUGH = "way-out"


def _builds_on(what, parent, code=NO_PARENT, says="is not here"):
    return Entry(f"an increment on {what}", code, says,
                 lambda to: increment(parent(to)).mkfile("file").end())


def _clones(what, source, begun=lambda to: full()):
    return Entry(f"a clone from {what}", REFUSED, NEITHER,
                 lambda to: begun(to).clone("mine", source(to), "file", 4096).end())


def _through(what, target, add):
    """A stream that makes a symlink, and then uses it as if it were what it leads to."""
    return Entry(f"{what} through a symlink", REFUSED, SYMLINK,
                 lambda to: add(full().symlink(THROUGH, target(to))).end())


def _into_node(what, number, mode, device, says, add):
    """A stream that makes a node, and then uses it as if it were a file."""
    return Entry(what, RECEIVING, says, lambda to: add(full().add(
        number, (A_PATH, "node"), (A_INO, 260), (A_RDEV, device), (A_MODE, mode))).end())


def _own_parent(to):
    return increment(to.own_backup.received_uuid)


ENTRIES = [
    _builds_on("another tag's backup, by its received uuid",
               lambda to: to.other_backup.received_uuid),
    _builds_on("another tag's backup, by its own uuid", lambda to: to.other_backup.uuid),
    _builds_on("a backup that nobody has", lambda to: NOBODY),
    _builds_on("a backup of the tag by its own uuid, not the received one",
               lambda to: to.own_backup.uuid),
    _builds_on("no uuid", lambda to: NULL, REFUSED, "is null"),
    _builds_on("itself", lambda to: OWN, REFUSED, "have the same uuid"),
    Entry("a snapshot without a uuid", REFUSED, "is null",
          lambda to: Stream().add(stream.SUBVOL, (A_PATH, NAME), (A_UUID, NULL),
                                  (A_CTRANSID, 10)).end()),

    _clones("another tag's backup, by its received uuid", lambda to: to.other_backup.received_uuid),
    _clones("another tag's backup, by its own uuid", lambda to: to.other_backup.uuid),
    _clones("another tag's backup, in an increment", lambda to: to.other_backup.received_uuid,
            _own_parent),
    _clones("a backup that nobody has", lambda to: NOBODY),
    _clones("no uuid", lambda to: NULL),
    _clones("a backup of the tag that is not the parent", lambda to: to.own_backup.received_uuid),
    Entry("a clone from itself under the uuid of another tag's backup", RECEIVING, "clone",
          lambda to: stream.opened(NAME, 1, to.other_backup.received_uuid).clone(
              "file", to.other_backup.received_uuid, "file", 4096).end()),
    Entry("a clone from the parent by a path that is not there", RECEIVING, "nowhere",
          lambda to: _own_parent(to).mkfile("mine").clone(
              "mine", to.own_backup.received_uuid, "nowhere", 4096).end()),

    _through("a write", lambda to: os.path.join(to.other_backup.path, "file"),
             lambda made: made.write(THROUGH, b"evil")),
    _through("a write into a directory reached", lambda to: to.other_backup.path,
             lambda made: made.write(f"{THROUGH}/file", b"evil")),
    _through("a new file in a directory reached", lambda to: to.other.received_dir,
             lambda made: made.mkfile(f"{THROUGH}/evil")),
    _through("a new directory in the root reached", lambda to: "/",
             lambda made: made.mkdir(f"{THROUGH}/evil")),
    _through("a rename of what is received", lambda to: "/",
             lambda made: made.rename(f"{THROUGH}/partial-1", "mine")),
    _through("a clone", lambda to: os.path.join(to.other_backup.path, "file"),
             lambda made: made.clone("file", OWN, THROUGH, 4096)),
    _through("a clone from a directory reached", lambda to: "../../..",
             lambda made: made.clone("file", OWN, f"{THROUGH}/file", 4096)),
    _through("a chmod", lambda to: "/", lambda made: made.chmod(THROUGH, 0o777)),
    _through("a truncate", lambda to: os.path.join(to.other_backup.path, "file"),
             lambda made: made.truncate(THROUGH, 0)),
    _through("a link to a file reached", lambda to: to.other_backup.path,
             lambda made: made.link("mine", f"{THROUGH}/file")),
    _through("an unlink in a directory reached", lambda to: to.other_backup.path,
             lambda made: made.unlink(f"{THROUGH}/file")),
    Entry("a change to the parent's alias through a symlink", REFUSED, SYMLINK,
          lambda to: _own_parent(to).symlink(THROUGH, "/").rename(
              f"{THROUGH}/parent", f"{THROUGH}/other").end()),

    _into_node("a write to a block device that it has made", stream.MKNOD, 0o060666, 7 << 8,
               "Permission denied", lambda made: made.write("node", b"evil")),
    _into_node("a clone from a character device that it has made", stream.MKNOD, 0o020666, 0x105,
               "Permission denied", lambda made: made.clone("file", OWN, "node", 4096)),
    _into_node("a write into a FIFO that it has made", stream.MKFIFO, 0o010666, 0, "node",
               lambda made: made.write("node", b"evil")),
    _into_node("a write into a socket that it has made", stream.MKSOCK, 0o140666, 0, "node",
               lambda made: made.write("node", b"evil")),
    Entry("a write to what is a directory", RECEIVING, "dir",
          lambda to: full().mkdir("dir").write("dir", b"evil").end()),
    Entry("an unlink of what is not there", RECEIVING, "nowhere",
          lambda to: full().unlink("nowhere").end()),
    Entry("a path with terminal codes that is not there", RECEIVING, r"\x1b[2J",
          lambda to: full().unlink("\x1b[2J").end()),
    Entry("a path with a line that looks like an error", RECEIVING, "two",
          lambda to: full().unlink("two\nERROR: evil").end()),
]
