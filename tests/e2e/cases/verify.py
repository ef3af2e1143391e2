"""Whether a backup still is what the NAS sent: by its manifest, byte by byte."""

import hashlib
import json
import os
import re
import shutil
import signal
import time

from harness import data, shelf, subvolume, zstd
from harness.case import ALL_PROGRAMS, case
from harness.verdict import check, check_equal, check_says, told_of_failures

WELL, DIFFERS, CANNOT_SAY = 0, 1, 2
CRITICAL = 2  # of a check
MIB = data.MIB


def _snapferry(world, *arguments):
    return world.commands.run(shelf.SNAPFERRY, *arguments)


def _said(world, *arguments):
    """What `snapferry verify --json` says of each backup, by name."""
    result = _snapferry(world, "verify", "--json", *arguments)
    return {one["name"]: one for one in json.loads(result.out)["backups"]}, result


def _tree(lane):
    """A backup with one of most kinds, and its manifest; its name."""
    lane.write("a b", b"contents\n")
    lane.write("large", data.noise(3 * MIB + 5))
    lane.write("empty", b"")
    os.mkdir(os.path.join(lane.source, "folder"))
    lane.write("folder/inside", b"x")
    os.symlink("/etc", os.path.join(lane.source, "link"))
    os.mkfifo(os.path.join(lane.source, "fifo"))
    os.mknod(os.path.join(lane.source, "device"), 0o20644, os.makedev(1, 3))
    os.link(os.path.join(lane.source, "a b"), os.path.join(lane.source, "folder/again"))
    lane.write("twin", b"contents\n")
    os.setxattr(os.path.join(lane.source, "a b"), "user.colour", b"blue")
    return _backup(lane)


def _backup(lane):
    """Its manifest comes with it."""
    name = lane.snapshot()
    lane.send_well()
    return name


def _change(lane, name, new_name, change):
    """Another backup with the manifest of the first, but changed: what somebody leaves who has
    root's rights at the Pi, or a disk that does not keep what it is given."""
    copy = lane.at_pi("changing")
    subvolume.snapshot(lane.at_pi(name), copy)
    with subvolume.changed_quietly(copy):
        change(lambda path: os.path.join(copy, path))
        subvolume.snapshot(copy, lane.at_pi(new_name))
    subvolume.delete(copy)
    shutil.copy(shelf.place_of(lane, name), shelf.place_of(lane, new_name))


def _flip_a_byte(path, offset=0):
    """Behind the back of its time."""
    times = os.stat(path)
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _replaced(path, make):
    os.unlink(path)
    make(path)


KINDS = {  # what is to be said of which path: what is done
    ("a b", "contents"): lambda at: _flip_a_byte(at("a b")),
    ("large", "contents"): lambda at: _flip_a_byte(at("large"), 3 * MIB + 4),
    ("large", "contents size time"): lambda at: os.truncate(at("large"), 2 * MIB),
    ("empty", "contents size time"): lambda at: os.truncate(at("empty"), 1),
    ("a b", "mode"): lambda at: os.chmod(at("a b"), 0o600),
    ("empty", "mode"): lambda at: os.chmod(at("empty"), 0o4644),
    ("folder", "mode"): lambda at: os.chmod(at("folder"), 0o1755),
    ("empty", "owner"): lambda at: os.chown(at("empty"), 1, 0),
    ("link", "owner"): lambda at: os.lchown(at("link"), 0, 1),
    ("empty", "time"): lambda at: os.utime(at("empty"),
                                           ns=(0, os.stat(at("empty")).st_mtime_ns + 1)),
    ("a b", "xattr"): lambda at: os.setxattr(at("a b"), "user.colour", b"red"),
    ("folder/again", "xattr"): lambda at: os.removexattr(at("a b"), "user.colour"),
    ("empty", "xattr"): lambda at: os.setxattr(at("empty"), "system.posix_acl_access",
                                               data.shared_with_user(12345, 4)),
    ("twin", "kind"): lambda at: _replaced(at("twin"), os.mkdir),
    ("empty", "kind"): lambda at: _replaced(at("empty"), os.mkfifo),
    ("fifo", "kind"): lambda at: _replaced(at("fifo"), lambda path: os.symlink("empty", path)),
    ("link", "target time"): lambda at: _replaced(at("link"),
                                                  lambda path: os.symlink("/usr", path)),
    ("device", "device time"): lambda at: _replaced(
        at("device"), lambda path: os.mknod(path, 0o20644, os.makedev(1, 5))),
    ("folder/inside", "missing"): lambda at: os.unlink(at("folder/inside")),
    ("folder/more", "extra"): lambda at: os.mknod(at("folder/more")),
    ("twin", "links"): lambda at: _link_instead(at("a b"), at("twin")),
    ("folder/again", "links"): lambda at: _copy_instead(at("folder/again")),
}


def _link_instead(old, new):
    os.unlink(new)
    os.link(old, new)


def _copy_instead(path):
    """The same file, but no longer the same inode."""
    shutil.copy2(path, path + ".copy")
    os.rename(path + ".copy", path)


@case(needs=ALL_PROGRAMS)
def a_backup_that_is_what_was_sent_is_well_and_twenty_kinds_of_difference_are_named(world):
    lane = world.lane()
    name = _tree(lane)
    for number, change in enumerate(KINDS.values()):
        _change(lane, name, f"kind-{number:02}", change)
    found, result = _said(world, lane.tag)
    check_equal(result.code, DIFFERS, "the exit code")
    check_equal(found[name]["outcome"], "well", f"of what is well: {found[name]}")
    for number, (path, aspects) in enumerate(KINDS):
        one = found[f"kind-{number:02}"]
        with told_of_failures(f"{path}: {aspects}: {one}"):
            check_equal(one["outcome"], "differs", "the outcome")
            said = {entry["path"]: set(entry["differs"]) for entry in one["first"]}
            check(set(aspects.split()) <= said.get(path, set()), "it is not named")
    text = _snapferry(world, "verify", lane.tag, "kind-00").expect(DIFFERS).out
    check_says(text, f"{lane.tag} kind-00: a b: contents", "DIFFERS", "2 entries are not")
    _snapferry(world, "verify", lane.tag, name).expect_well()


@case(needs=ALL_PROGRAMS)
def what_came_of_it_is_remembered_listed_and_checked_until_all_of_it_is_well(world):
    lane = world.lane()
    name = _tree(lane)
    check_says(_snapferry(world, "list", lane.tag).expect_well().out, "never verified")
    found = _snapferry(world, "check", "--receiving", "--max-verify-age", "30d", lane.tag)
    check_says(found.out, "none of the backups was ever verified")
    _snapferry(world, "verify", lane.tag).expect_well()
    said = _snapferry(world, "list", lane.tag).expect_well().out
    check(re.search(r"verified \d+ s ago", said), f"nothing of the verification in: {said}")
    found = _snapferry(world, "check", "--receiving", "--max-verify-age", "30d", lane.tag)
    check_says(found.out, f"{lane.tag}: last verified")

    _change(lane, name, "swapped", lambda at: _flip_a_byte(at("large"), MIB))
    _snapferry(world, "verify", "--newest", lane.tag).expect(DIFFERS)
    for _ in range(2):
        check_says(_snapferry(world, "list", lane.tag).expect_well().out, "DIFFERS", "large")
        found = _snapferry(world, "check", "--receiving", lane.tag).expect(CRITICAL)
        check_says(found.out, "swapped is not what was sent", "large: contents")
        for part in range(1, 9):
            _snapferry(world, "verify", lane.tag, "swapped", "--part", f"{part}/8")
    said = json.loads(_snapferry(world, "list", lane.tag, "--json").expect_well().out)
    of = {one["name"]: one for one in said["tags"][0]["backups"]}
    check_equal((of["swapped"]["verified"]["state"], of[name]["verified"]["state"]),
                ("differs", "well"), "what the list says to programs")
    # what was wrong is put right: only then is it forgotten
    shelf.put(lane, "swapped", shelf.text_of(world, lane.at_pi("swapped")))
    _snapferry(world, "verify", lane.tag, "swapped").expect_well()
    check("DIFFERS" not in _snapferry(world, "list", lane.tag).out, "it still is said to differ")


@case(needs=ALL_PROGRAMS)
def each_file_is_read_in_exactly_one_part_and_the_next_part_is_the_one_whose_turn_it_is(world):
    lane = world.lane()
    for number in range(40):
        lane.write(f"file-{number}", data.noise(1000 + number, number))
    name = _backup(lane)
    whole, _ = _said(world, lane.tag, name)
    sizes, numbers = [], []
    for _ in range(5):
        found, _ = _said(world, lane.tag, "--newest", "--part", "next/5")
        sizes.append(found[name]["bytes"])
        numbers.append(found[name]["part"])
    check_equal(sorted(numbers), [1, 2, 3, 4, 5], "the parts")
    check_equal(sum(sizes), whole[name]["bytes"], "bytes that all parts have read")
    check(max(sizes) < whole[name]["bytes"], "one part was everything")
    again, _ = _said(world, lane.tag, "--newest", "--part", "next/5")
    check_equal(again[name]["part"], numbers[0], "the sixth part")
    check_says(_snapferry(world, "list", lane.tag).expect_well().out, "part 1 of 5 verified")
    for wrong in ("0/5", "6/5", "1/1001", "x", "next/", "1/", "/"):
        check_says(_snapferry(world, "verify", "--part", wrong).expect_trouble(CANNOT_SAY).err,
                   "--part")


@case(needs=ALL_PROGRAMS)
def what_cannot_be_said_is_neither_well_nor_a_difference(world):
    lane = world.lane()
    lane.write("file", b"x")
    name = lane.snapshot()
    with world.receiver_configured(f"[tags.{lane.tag}]\nkeep = 3\n"):
        nothing = _snapferry(world, "verify", lane.tag).expect_trouble(CANNOT_SAY)
        check_says(nothing.err, "there are no backups")
    lane.send_well("--no-manifest")
    result = _snapferry(world, "verify", lane.tag).expect_trouble(CANNOT_SAY)
    check_says(result.err, f"{lane.tag} {name}: cannot say", "no manifest",
               "snapshot-send --manifest-only")
    check_says(_snapferry(world, "list", lane.tag).expect_well().out, "no manifest")
    check_says(_snapferry(world, "verify", lane.tag, "nothing").expect_trouble(CANNOT_SAY).err,
               "no backup nothing")
    _snapferry(world, "verify", "nowhere").expect_trouble(CANNOT_SAY)
    _snapferry(world, "verify", "--nonsense").expect_trouble(CANNOT_SAY)
    stranger = world.commands.run(shelf.SNAPFERRY, "verify", user=65534)
    check_says(stranger.expect_trouble(CANNOT_SAY).err, "root")
    with subvolume.changed_quietly(lane.at_pi(name)):
        with open(os.path.join(lane.at_pi(name), "file"), "wb") as file:
            file.write(b"y")
    world.pi.sync()
    check_says(_snapferry(world, "verify", lane.tag).expect_trouble(CANNOT_SAY).err, name)


def _end(lines):
    text = "".join(line + "\n" for line in lines)
    digest = hashlib.sha256(text.encode("latin-1")).hexdigest()
    return f"{text}#end {len(lines) - 2} {digest}\n".encode("latin-1")


def _hostile(good):
    """{what it is: a manifest that no reader must take}."""
    lines = good.decode("latin-1").splitlines()
    head, entries = lines[:2], lines[2:-1]
    top, rest = entries[0], entries[1:]
    file = next(line for line in rest if "type=file" in line)
    folder = next(line for line in rest if "type=dir" in line)
    words = file.split(" ", 1)[1]

    def with_entry(path, more=words):
        return _end([*head, top, f"{path} {more}"])

    return {
        "nothing": b"",
        "not a manifest": b"hello\n",
        "binary": data.noise(100_000),
        "only a head": "\n".join(head).encode() + b"\n",
        "cut": good[:-70],
        "cut in an entry": good[:len(good) // 2],
        "more behind its end": good + b"x",
        "twice": good + good,
        "another digest": good[:-3] + b"00\n",
        "another number": good.replace(b"#end ", b"#end 1"),
        "another version": good.replace(b"manifest 1", b"manifest 2"),
        "a path of ..": with_entry("./.."),
        "a path through ..": with_entry("./folder/../../etc/passwd"),
        "an absolute path": with_entry("/etc/passwd"),
        "a path without ./": with_entry("etc"),
        "an empty name": with_entry(".//x"),
        "a NUL": with_entry("./a\\000b"),
        "an entry twice": _end([*head, top, file, file]),
        "the wrong order": _end([*head, top, *rest[::-1]]),
        "no top": _end([*head, *rest]),
        "a file in a file": _end([*head, top, file, f"{file.split(' ')[0]}/x {words}"]),
        "a file in nothing": with_entry("./nothing/x"),
        "a long name": with_entry("./" + "a" * 256),
        "a long path": with_entry("./" + "/".join(["a" * 200] * 30)),
        "a long line": _end([*head, top, "./x " + words + " " + "x" * 70_000]),
        "a long target": with_entry("./x", folder.split(" ", 1)[1].replace("type=dir", "type=link")
                                    + " link=" + "a" * 5000),
        "a size that is none": with_entry("./x", words.replace("size=", "size=-")),
        "a mode of other bits": with_entry("./x", words.replace("mode=0", "mode=7770")),
        "an unescaped byte": with_entry("./a*b"),
        "an escape of what needs none": with_entry("./\\141"),
        "words in another order": with_entry("./x", " ".join(words.split()[::-1])),
    }


@case(needs=ALL_PROGRAMS)
def a_hostile_manifest_is_refused_in_one_line_and_leads_nowhere(world):
    lane = world.lane()
    lane.write("file", b"x")
    os.mkdir(os.path.join(lane.source, "folder"))
    name = _backup(lane)
    good = shelf.text_of(world, lane.at_nas(name))
    place = shelf.place_of(lane, name)
    tries = _hostile(good)
    check(len(tries) >= 25, f"{len(tries)} are fewer than were promised")
    for what, text in tries.items():
        for packed in (False, True):
            with told_of_failures(f"{what}, {'packed' if packed else 'plain'}"):
                shelf.put(lane, name, text, packed)
                _check_refused(world, lane)
    for what, frame in {"a bomb": zstd.bomb(500 * MIB), "cut": zstd.frame(good)[:-5],
                        "two frames": zstd.frame(good) * 2, "a skippable frame":
                        zstd.skippable(b"x") + zstd.frame(good)}.items():
        with told_of_failures(what):
            shelf.put(lane, name, frame, packed=False)
            _check_refused(world, lane)
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/passwd", path)):
        with told_of_failures("something else in its place"):
            shutil.rmtree(place) if os.path.isdir(place) else os.unlink(place)
            make(place)
            _check_refused(world, lane)
    os.unlink(place)
    shelf.put(lane, name, good)
    _snapferry(world, "verify", lane.tag).expect_well()


def _check_refused(world, lane):
    result = _snapferry(world, "verify", lane.tag).expect(CANNOT_SAY)
    check_equal(len(result.err.splitlines()), 1, f"lines on stderr: {result.err!r}")
    check_says(result.err, "cannot say")


@case(needs=ALL_PROGRAMS)
def a_manifest_that_names_what_lies_behind_a_symlink_makes_nobody_look_there(world):
    lane = world.lane()
    outside = os.path.join(world.directory, "outside")
    os.mkdir(outside)
    with open(os.path.join(outside, "secret"), "wb") as file:
        file.write(b"x")
    os.mkdir(os.path.join(lane.source, "out"))
    lane.write("out/secret", b"x")
    as_if = lane.snapshot()
    lane.send_well()
    text = shelf.text_of(world, lane.at_nas(as_if))
    shutil.rmtree(os.path.join(lane.source, "out"))
    os.symlink(outside, os.path.join(lane.source, "out"))
    name = lane.snapshot()
    lane.send_well()
    shelf.put(lane, name, text)
    found, result = _said(world, lane.tag, name)
    check_equal(result.code, DIFFERS, "the exit code")
    said = {entry["path"]: entry["differs"] for entry in found[name]["first"]}
    check_equal((said["out"], said["out/secret"]), (["kind"], ["missing"]), "what is said")


@case(needs=ALL_PROGRAMS)
def a_backup_that_is_pruned_meanwhile_is_no_difference_and_receives_go_on(world):
    lane, name, run = _at_work(world)
    os.kill(run.pid, signal.SIGSTOP)
    lane.write("news", b"x")
    lane.snapshot()
    lane.send_well()
    subvolume.delete(lane.at_pi(name))
    os.kill(run.pid, signal.SIGCONT)
    check_says(run.finish().expect_trouble(CANNOT_SAY).err, "deleted or changed while")


@case(needs=ALL_PROGRAMS)
def an_interrupted_verification_says_so_and_ends_with_2(world):
    lane, _, run = _at_work(world)
    os.kill(run.pid, signal.SIGTERM)
    check_says(run.finish().expect_trouble(CANNOT_SAY).err, "interrupted")
    check_says(_snapferry(world, "list", lane.tag).expect_well().out, "never verified")


def _at_work(world):
    """A tag with a backup, its name, and a program that reads it to verify it."""
    lane = world.lane()
    for number in range(20):
        lane.write(f"file-{number}", data.noise(8 * MIB, number))
    name = _backup(lane)
    run = world.commands.start(shelf.SNAPFERRY, "verify", lane.tag, name, "--threads", "1")
    _await_reading(run.pid, lane.at_pi(name))
    return lane, name, run


def _await_reading(pid, tree):
    """Waits until the program has a file of the tree open."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        place = f"/proc/{pid}/fd"
        for entry in os.listdir(place):
            try:
                if os.readlink(os.path.join(place, entry)).startswith(tree + "/"):
                    return
            except FileNotFoundError:
                continue
    check(False, "it opens no file")
