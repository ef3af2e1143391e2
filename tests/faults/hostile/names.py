"""Raw streams with names that lead elsewhere, or that are none."""

from harness import stream
from harness.stream import A_CTRANSID, A_INO, A_MODE, A_PATH, A_PATH_LINK, A_RDEV, A_UUID, Stream

from .entry import NAME, OWN, RECEIVING, REFUSED, Entry, full

TITLE = "Names"

CLIMBS = "is not a relative path"
OUT = "../evil"


def _snapshot(what, name, says="is not a name for a snapshot"):
    return Entry(f"a snapshot called {what}", REFUSED, says,
                 lambda to: Stream().add(stream.SUBVOL, (A_PATH, name), (A_UUID, OWN),
                                         (A_CTRANSID, 10)).end())


def _file(what, path, says):
    return Entry(f"a file at {what}", REFUSED, says, lambda to: full().mkfile(path).end())


def _climbs(what, add):
    """A command that carries a path out of the snapshot; `add` adds it to a stream."""
    return Entry(f"{what} outside", REFUSED, CLIMBS, lambda to: add(full()).end())


def _xattr(what, number, name, says):
    value = [(stream.A_XATTR_DATA, b"1")] if number == stream.SET_XATTR else []
    return Entry(what, REFUSED, f"the attribute xattr_name {says}",
                 lambda to: full().add(number, (A_PATH, "file"), (stream.A_XATTR_NAME, name),
                                       *value).end())


def _symlink(what, target, says):
    return Entry(f"a symlink to {what}", REFUSED, f"the attribute path_link {says}",
                 lambda to: full().symlink("link", target).end())


ENTRIES = [
    _snapshot("nothing", b"", "is too short"),
    _snapshot("`.`", b"."),
    _snapshot("`..`", b".."),
    _snapshot("`../evil`", b"../evil"),
    _snapshot("`a/b`", b"a/b"),
    _snapshot("`/evil`", b"/evil"),
    _snapshot("`.snapferry`", b".snapferry"),
    _snapshot("by a name with NUL", NAME.encode() + b"\0evil", "holds a NUL"),
    _snapshot("by a name with a line end", b"two\nlines", r"\x0a"),
    _snapshot("by a name that clears the terminal", b"\x1b[2J", r"\x1b[2J"),
    _snapshot("by a name with a C1 control character", "\x9b2J".encode(), r"\xc2\x9b2J"),
    _snapshot("by a name of 201 bytes", b"x" * 201),
    _snapshot("by a name of 4096 bytes", b"x" * 4096, "is too long"),
    _snapshot("by a name that is not UTF-8", b"\xff\xfe", r"\xff\xfe"),
    _snapshot("by a slash in overlong UTF-8", b"..\xc0\xafevil"),
    _snapshot("by half a surrogate pair", b"\xed\xa0\x80"),

    _file("an absolute path", "/evil", CLIMBS),
    _file("`..`", "..", CLIMBS),
    _file("`.`", ".", CLIMBS),
    _file("`a/../../evil`", "a/../../evil", CLIMBS),
    _file("`./evil`", "./evil", CLIMBS),
    _file("`a//evil`, with an empty component", "a//evil", CLIMBS),
    _file("`a/`, with an empty component", "a/", CLIMBS),
    _file("no path", "", "is too short"),
    _file("a path with NUL", b"file\0/../../evil", "holds a NUL"),
    _file("a path with a component of 256 bytes", "x" * 256, "more than 255 bytes"),
    _file("a path of 4096 bytes", "x/" * 2047 + "xx", "is too long"),
    _file("a climbing path that turns the direction of writing", "\u202egpj.exe/..",
          r"\xe2\x80\xaegpj.exe/.."),
    _file("a climbing path with a separator of lines", "one\u2028two/..", r"one\xe2\x80\xa8two"),
    _file("a climbing path with terminal codes", "\x1b]0;evil\x07/..", r"\x1b]0;evil\x07/.."),

    _climbs("a directory", lambda made: made.mkdir(OUT)),
    _climbs("a device", lambda made: made.add(
        stream.MKNOD, (A_PATH, OUT), (A_INO, 260), (A_RDEV, 259), (A_MODE, 0o020666))),
    _climbs("a symlink", lambda made: made.symlink(OUT, "file")),
    _climbs("a rename from", lambda made: made.rename(OUT, "mine")),
    _climbs("a rename to", lambda made: made.rename("file", OUT)),
    _climbs("a link", lambda made: made.link(OUT, "file")),
    _climbs("a link to a file", lambda made: made.link("mine", OUT)),
    _climbs("an unlink", lambda made: made.unlink(OUT)),
    _climbs("an rmdir", lambda made: made.add(stream.RMDIR, (A_PATH, OUT))),
    _climbs("a write", lambda made: made.write(OUT, b"evil")),
    _climbs("a clone into a file", lambda made: made.clone(OUT, OWN, "file", 4096)),
    _climbs("a clone from a file", lambda made: made.clone("file", OWN, OUT, 4096)),
    _climbs("a truncate", lambda made: made.truncate(OUT, 0)),
    _climbs("a chmod", lambda made: made.chmod(OUT, 0o777)),
    _climbs("a chown", lambda made: made.chown(OUT, 1000, 1000)),
    _climbs("a change of times", lambda made: made.utimes(OUT, 0)),
    _climbs("an extended attribute", lambda made: made.add(
        stream.SET_XATTR, (A_PATH, OUT), (stream.A_XATTR_NAME, "user.evil"),
        (stream.A_XATTR_DATA, b"1"))),

    Entry("an unlink of the snapshot itself", REFUSED, "is too short",
          lambda to: full().unlink("").end()),
    Entry("a rename onto the snapshot itself", REFUSED, "is too short",
          lambda to: full().rename("file", "").end()),
    _xattr("an extended attribute without a name", stream.SET_XATTR, b"", "is too short"),
    _xattr("an extended attribute with a name of 256 bytes", stream.SET_XATTR,
           b"user." + b"x" * 251, "is too long"),
    _xattr("an extended attribute with NUL in its name", stream.SET_XATTR, b"user.a\0b",
           "holds a NUL"),
    _xattr("the removal of an extended attribute without a name", stream.REMOVE_XATTR, b"",
           "is too short"),
    _symlink("nothing", b"", "is too short"),
    _symlink("a target of 4096 bytes", b"x" * 4096, "is too long"),
    _symlink("a target with NUL", b"file\0evil", "holds a NUL"),
    *(Entry(f"a file called `{error}` that is not there", RECEIVING, "No such file",
            lambda to, error=error: full().unlink(error).end())
      for error in ("No space left on device", "Too many levels of symbolic links")),
    Entry("a symlink without a target", REFUSED, "is missing",
          lambda to: full().add(stream.SYMLINK, (A_PATH, "link"), (A_INO, 259)).end()),
    Entry("a link that has two targets", REFUSED, "has the attribute path_link twice",
          lambda to: full().add(stream.LINK, (A_PATH, "mine"), (A_PATH_LINK, "file"),
                                (A_PATH_LINK, OUT)).end()),
]
