"""Streams that no honest sender would send: refused, and nothing of another tag in the result.

Whoever holds the NAS holds the key to one tag. These are what they could send into it.
"""

import os
import struct
import uuid

from harness import processes, stream, subvolume
from harness.case import case
from harness.data import MIB
from harness.stream import Stream, opened
from harness.verdict import check, check_equal
from harness.victim import REFUSED, Victim

NEEDS = ("snapshot-receive",)


@case(needs=NEEDS)
def an_honest_stream_made_the_same_way_is_taken(world):
    lane = world.lane()
    lane.receive(bytes(opened().write("file", b"x" * 5000).end())).expect_well()
    lane.check_complete("hostile")
    parent = lane.received["hostile"].received_uuid
    lane.receive(bytes(Stream().snapshot("next", parent).clone(
        "file", parent, "file", 4096, offset=8192).end())).expect_well()
    lane.check_complete("hostile", "next")
    with open(os.path.join(lane.at_pi("next"), "file"), "rb") as file:
        check_equal(file.read()[8192:], b"x" * 4096, "what was cloned from the parent")


@case(needs=NEEDS)
def a_clone_from_another_tags_backup_is_refused(world):
    victim = world.once(Victim)
    theirs = victim.other_backup
    named = os.path.join("..", victim.other.tag, os.path.basename(theirs.path), "file")
    victim.check_all_refused(
        *((f"clone by {what}", opened().clone("file", source, "file", 4096).end())
          for what, source in (("received uuid", theirs.received_uuid), ("uuid", theirs.uuid),
                               ("an unknown uuid", uuid.uuid4()), ("no uuid", uuid.UUID(int=0)))),
        ("clone by path", _self_clone(named)),
        ("clone by an absolute path", _self_clone(os.path.join(theirs.path, "file"))))


def _self_clone(path):
    made = opened()
    return made.clone("file", made.uuid, path, 4096).end()


@case(needs=NEEDS)
def a_clone_through_a_symlink_does_not_reach_another_tags_backup(world):
    victim = world.once(Victim)
    theirs = os.path.join(victim.other_backup.path, "file")
    relative = os.path.join("..", "..", "..", victim.other.tag,
                            os.path.basename(victim.other_backup.path), "file")
    for target in (theirs, relative):
        made = opened().symlink("way-out", target)
        victim.check_refused(made.clone("file", made.uuid, "way-out", 4096).end(),
                             f"clone through a symlink to {target}")


@case(needs=NEEDS)
def a_parent_of_another_tag_is_refused(world):
    victim = world.once(Victim)
    for source in (victim.other_backup.received_uuid, victim.other_backup.uuid, uuid.uuid4(),
                   uuid.UUID(int=0)):
        victim.check_refused(Stream().snapshot("hostile", source).end(), f"the parent {source}",
                             codes=(3, *REFUSED))


@case(needs=NEEDS)
def names_that_climb_out_are_refused_in_every_command(world):
    victim = world.once(Victim)
    for out in ("../evil", "a/../../evil", "..", "/evil", "a/..", "./../evil",
                f"../{victim.other.tag}/evil"):
        victim.check_all_refused(
            *((f"{what} {out!r}", made.end()) for what, made in _commands_with_path(out).items()))


def _commands_with_path(path):
    """One stream a command that carries a path."""
    made = opened()
    return {
        "mkfile": opened().mkfile(path),
        "mkdir": opened().mkdir(path),
        "symlink": opened().symlink(path, "file"),
        "rename from": opened().rename(path, "mine"),
        "rename to": opened().rename("file", path),
        "link": opened().link(path, "file"),
        "link existing": opened().link("mine", path),
        "unlink": opened().unlink(path),
        "rmdir": opened().add(stream.RMDIR, (stream.A_PATH, path)),
        "write": opened().write(path, b"evil"),
        "clone into": made.clone(path, made.uuid, "file", 4096),
        "truncate": opened().truncate(path, 0),
        "chmod": opened().chmod(path, 0o777),
        "chown": opened().chown(path, 1000, 1000),
        "utimes": opened().utimes(path, 0),
        "mknod": opened().add(stream.MKNOD, (stream.A_PATH, path), (stream.A_INO, 260),
                              (stream.A_MODE, 0o020666), (stream.A_RDEV, 259)),
        "set_xattr": opened().add(stream.SET_XATTR, (stream.A_PATH, path),
                                  (stream.A_XATTR_NAME, "user.evil"), (stream.A_XATTR_DATA, b"1")),
    }


@case(needs=NEEDS)
def names_of_the_snapshot_that_lead_elsewhere_are_refused(world):
    victim = world.once(Victim)
    for name in ("../evil", f"../{victim.other.tag}/evil", "a/b", "/evil", "..", ".", "",
                 "with\0zero", "x" * 256, ".snapferry"):
        victim.check_refused(opened(name).end(), f"a snapshot called {name!r}",
                             codes=(4, *REFUSED))


@case(needs=NEEDS)
def writing_through_a_symlink_changes_nothing_of_another_tag(world):
    victim = world.once(Victim)
    theirs = victim.other_backup.path
    victim.check_all_refused(
        *((f"write through a symlink to {target}",
           opened().symlink("way-out", target).write("way-out" + below, b"evil").end())
          for target, below in (
              (os.path.join(theirs, "file"), ""), (theirs, "/file"), ("/", "/evil"),
              ("..", "/evil"), ("../../../..", "/tmp/evil"),
              (f"../../../{victim.other.tag}", "/evil"))))


@case(needs=NEEDS)
def making_things_through_a_symlinked_directory_is_refused(world):
    victim = world.once(Victim)
    for target in ("/", "..", victim.other.received_dir, "../../.."):
        made = opened().symlink("way-out", target)
        victim.check_refused(made.mkfile("way-out/evil").write("way-out/evil", b"evil").end(),
                             f"a file in a symlink to {target}")


@case(needs=NEEDS)
def a_stream_with_two_subvolumes_is_refused(world):
    victim = world.once(Victim)
    victim.check_all_refused(
        ("two subvolumes", opened("one").subvol("two").mkfile("file").end()),
        ("a subvolume and a snapshot",
         opened("one").snapshot("two", victim.own_backup.received_uuid).end()),
        ("two streams, one behind the other",
         opened("one").end().raw(bytes(opened("two").end()))),
        ("two commands of an own end", opened("one").end().subvol("two").end()))


@case(needs=NEEDS)
def a_stream_without_an_end_is_refused(world):
    victim = world.once(Victim)
    victim.check_refused(opened().write("file", b"data"), "no END")


@case(needs=NEEDS)
def bytes_after_the_end_are_refused(world):
    victim = world.once(Victim)
    victim.check_all_refused(
        ("a byte", opened().end().raw(b"\0")),
        ("another command", opened().end().mkfile("more")),
        ("another end", opened().end().end()),
        ("a megabyte", opened().end().raw(bytes(MIB))))


@case(needs=NEEDS)
def a_stream_that_makes_no_subvolume_first_is_refused(world):
    victim = world.once(Victim)
    victim.check_all_refused(
        ("header and END alone", Stream().end()),
        ("a file first", Stream().mkfile("file").subvol("hostile").end()),
        ("a write into what stands there",
         Stream().write(f"{os.path.basename(victim.own_backup.path)}/file", b"evil").end()),
        ("an unlink of what stands there",
         Stream().unlink(os.path.basename(victim.own_backup.path)).subvol("hostile").end()))


@case(needs=NEEDS)
def commands_and_versions_that_nobody_knows_are_refused(world):
    victim = world.once(Victim)
    whole = bytes(opened().end())
    victim.check_all_refused(
        *((f"command {number}", opened().add(number, (stream.A_PATH, "file")).end())
          for number in (0, 23, 24, 25, 26, 27, 255, 65535)),
        *((f"version {version}", stream.header(version) + whole[stream.HEADER_SIZE:])
          for version in (0, 3, 4, 0xFFFFFFFF)))


@case(needs=NEEDS)
def commands_with_malformed_attributes_are_refused(world):
    victim = world.once(Victim)
    path = stream.attribute(stream.A_PATH, "file")
    offset = stream.attribute(stream.A_FILE_OFFSET, 0)
    bodies = {
        "a path missing": offset + stream.attribute(stream.A_DATA, b"x"),
        "an offset missing": path + stream.attribute(stream.A_DATA, b"x"),
        "the data missing": path + offset,
        "a path twice": path + path + offset + stream.attribute(stream.A_DATA, b"x"),
        "a length beyond the command":
            path + offset + struct.pack("<HH", stream.A_DATA, 500) + b"x",
        "half an attribute": path + offset + stream.attribute(stream.A_DATA, b"x") + b"\1",
        "an unknown attribute":
            path + offset + stream.attribute(stream.A_DATA, b"x") + stream.attribute(200, b"?"),
        "an offset of three bytes":
            path + struct.pack("<HH", stream.A_FILE_OFFSET, 3) + b"\0\0\0"
            + stream.attribute(stream.A_DATA, b"x"),
    }
    victim.check_all_refused(
        *((what, opened().raw(stream.command(stream.WRITE, body)).end())
          for what, body in bodies.items()))


@case(needs=NEEDS)
def a_command_that_claims_gigabytes_is_refused_at_once_and_without_the_memory(world):
    victim = world.once(Victim)
    for length in (0xFFFFFFFF, 0x7FFFFFFF, 1 << 30, 200_000):
        claim = stream.COMMAND_HEAD.pack(length, stream.WRITE, 0)
        with processes.PeakMemory(processes.RECEIVER, processes.BTRFS) as memory:
            victim.check_refused(opened().raw(claim + bytes(8 * MIB)), f"{length} bytes claimed")
        check(max(memory.peaks.values()) < 64 * MIB, f"peaks of {memory.peaks}")


@case(needs=NEEDS)
def encoded_writes_that_could_overrun_are_refused(world):
    victim = world.once(Victim)

    def encoded(data, unencoded, compression):
        return opened(version=2).encoded_write("file", data, unencoded, compression).end()

    lzo = struct.pack("<II", 64, 60) + b"\xff" * 56
    victim.check_all_refused(
        ("LZO that unpacks to more than it says", encoded(lzo, 16, stream.ENCODED_LZO_4K)),
        ("an unknown compression", encoded(b"x" * 100, 4096, 99)),
        ("a gigabyte unpacked", encoded(b"x" * 100, 1 << 30, stream.ENCODED_ZSTD)),
        ("a negative length", encoded(b"x" * 100, (1 << 64) - 1, stream.ENCODED_ZLIB)),
        ("no zstd at all", encoded(b"this is not zstd" * 8, 4096, stream.ENCODED_ZSTD)))


@case(needs=NEEDS)
def a_snapshot_of_a_name_that_is_there_already_does_not_destroy_it(world):
    victim = world.once(Victim)
    name = os.path.basename(victim.own_backup.path)
    victim.own.receive(bytes(opened(name).write("file", b"ransom").raw(b"\xff" * 100)))
    victim.check_untouched("a broken stream under the name of a backup")


@case(needs=NEEDS)
def what_a_refused_stream_had_made_is_gone_from_the_disk(world):
    victim = world.once(Victim)
    victim.check_refused(opened().write("file", bytes(40_000)).mkfile("../evil").end(), "evil")
    own = os.path.join(world.pi.path, ".snapferry")
    left = [os.path.join(directory, name) for directory, _, files in os.walk(own)
            for name in files if name == "file"]
    check_equal(left, [], "files of a refused stream")


@case(needs=NEEDS)
def after_all_that_an_honest_stream_is_taken(world):
    victim = world.once(Victim)
    victim.own.write("file", b"the next day")
    name = victim.own.snapshot()
    whole = subvolume.send(victim.own.at_nas(name), victim.own.at_nas(victim.own.complete[0]))
    victim.own.receive(whole).expect_well()
    victim.own.check_arrived(name)
