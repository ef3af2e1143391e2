"""Where was that file? Versions, search and differences, by manifests and without, here, on a disk
in another machine, and from the NAS."""

import contextlib
import json
import os
import shutil
import time

from harness import mounts, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.person import Person
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import RECEIVE_CONFIGURATION

SNAPFERRY = "/usr/local/sbin/snapferry"


def _snapferry(world, *arguments, **how):
    return world.commands.run(SNAPFERRY, *arguments, **how)


def _json(world, *arguments):
    return json.loads(_snapferry(world, *arguments, "--json").expect_well().out)


def _set_time(lane, path, seconds):
    os.utime(os.path.join(lane.source, path), (seconds, seconds))


def _history(world):
    """Four backups: a file that is the same twice, changes, is deleted, and is renamed elsewhere."""
    lane = world.lane()
    names = []

    def send():
        names.append(lane.snapshot())
        lane.send_well()

    os.makedirs(os.path.join(lane.source, "photos", "summer"))
    lane.write("diary", "day one")
    lane.write("photos/summer/sea.jpg", "blue" * 100)
    lane.write("photos/summer/Wood.jpg", "green" * 100)
    os.symlink("/etc", os.path.join(lane.source, "away"))
    send()
    lane.write("other", "x")
    send()
    lane.write("diary", "day three, longer")
    os.rename(os.path.join(lane.source, "photos/summer"), os.path.join(lane.source, "photos/2021"))
    send()
    os.unlink(os.path.join(lane.source, "diary"))
    os.chmod(os.path.join(lane.source, "other"), 0o600)
    send()
    check_equal(len(os.listdir(_shelf(lane))), len(names), "manifests that came")
    return lane, names


def _shelf(lane):
    return os.path.join(lane.world.pi.path, ".snapferry", lane.tag + ".manifests")


@contextlib.contextmanager
def _without_manifests(lane):
    shelf = _shelf(lane)
    if not os.path.isdir(shelf):
        yield
        return
    os.rename(shelf, shelf + ".away")
    try:
        yield
    finally:
        os.rename(shelf + ".away", shelf)


@contextlib.contextmanager
def _with_broken_manifests(lane):
    """Each is cut in the middle."""
    with _without_manifests(lane):
        shelf = _shelf(lane)
        if os.path.isdir(shelf + ".away"):
            shutil.copytree(shelf + ".away", shelf)
            for name in os.listdir(shelf):
                path = os.path.join(shelf, name)
                os.truncate(path, os.path.getsize(path) // 2)
        try:
            yield
        finally:
            shutil.rmtree(shelf, ignore_errors=True)


WAYS = {"as they came": contextlib.nullcontext, "without manifests": _without_manifests,
        "with broken manifests": _with_broken_manifests}


@case(needs=ALL_PROGRAMS)
def the_versions_of_a_file_are_those_that_differ_and_when_it_was_deleted(world):
    lane, names = world.once(_history)
    for path in ("diary", "/diary", "./diary"):
        found = _json(world, "versions", lane.tag, path)
        told = [(one["there"], one.get("size"), one["backups"], one["first"], one["last"])
                for one in found["versions"]]
        check_equal(told, [(True, 7, 2, names[0], names[1]), (True, 17, 1, names[2], names[2]),
                           (False, None, 1, names[3], names[3])], f"the versions of {path}")
    text = _snapferry(world, "versions", lane.tag, "diary").expect_well().out
    check_says(text, "2 versions in 3 of 4 backups", "not there", "in 2 backups")
    check(text.index(names[3]) < text.index(names[0]), "the newest is not first")
    check(all(len(line) <= 80 for line in text.splitlines()), f"wider than 80 columns: {text}")
    one = _json(world, "versions", lane.tag, "photos/summer")["versions"]
    check_equal([(each["there"], each.get("kind")) for each in one],
                [(True, "directory"), (False, None)], "a directory")


@case(needs=ALL_PROGRAMS)
def a_path_leads_out_of_no_backup(world):
    lane, _ = world.once(_history)
    for path in ("away/passwd", "../../etc/passwd", "nothing", "diary/more", "x" * 5000):
        with told_of_failures(path[:40]):
            _snapferry(world, "versions", lane.tag, path).expect_trouble(1)
    check_equal(_json(world, "versions", lane.tag, "away")["versions"][0]["kind"], "symlink",
                "the symlink itself")
    check_says(_snapferry(world, "versions", "nothing", "diary").expect_trouble(1).err,
               "no backups of nothing")


@case(needs=ALL_PROGRAMS)
def a_file_is_found_by_a_part_of_its_name_in_all_backups(world):
    lane, names = world.once(_history)
    asked = {
        ("sea",): ["photos/2021/sea.jpg", "photos/summer/sea.jpg"],
        ("wood",): [],
        ("wood", "--ignore-case"): ["photos/2021/Wood.jpg", "photos/summer/Wood.jpg"],
        ("*.jpg", "--in", names[3]): ["photos/2021/Wood.jpg", "photos/2021/sea.jpg"],
        ("/photos/*/sea*",): ["photos/2021/sea.jpg", "photos/summer/sea.jpg"],
        ("summer/*.jpg",): ["photos/summer/Wood.jpg", "photos/summer/sea.jpg"],
        ("/summer/*.jpg",): [],
        ("mmer/s",): ["photos/summer/sea.jpg"],
        ("diary",): ["diary"],
    }
    for way, within in WAYS.items():
        with within(lane) if way != "as they came" else within():
            for words, wanted in asked.items():
                with told_of_failures(f"{words} {way}"):
                    found = _json(world, "find", lane.tag, *words)["found"]
                    check_equal([one["path"] for one in found], wanted, "what is found")
            check_equal((found[0]["backups"], found[0]["first"], found[0]["last"],
                         found[0]["size"]), (3, names[0], names[2], 17), f"of diary, {way}")
    check_says(_snapferry(world, "find", lane.tag, "sea").expect_well().out, "in 2 of 4 backups",
               f"{names[0]} to {names[1]}")
    check_says(_snapferry(world, "find", lane.tag, "nowhere").expect_trouble(1).err, "nothing in 4")


@case(needs=ALL_PROGRAMS)
def what_changed_between_two_backups_is_named_with_what_was_renamed(world):
    lane, names = world.once(_history)
    for way, within in WAYS.items():
        with told_of_failures(way), (within(lane) if way != "as they came" else within()):
            found = _json(world, "diff", lane.tag, names[1], names[2])
            check_equal((found["added"], found["deleted"]), ([], []), "added and deleted")
            check_equal(found["renamed"], [{"from": "photos/summer", "to": "photos/2021"}],
                        "what was renamed")
            check_equal([(one["path"], "size" in one["what"]) for one in found["changed"]],
                        [("diary", True)], "what was changed")
            newest = _json(world, "diff", lane.tag, names[2])
            check_equal((newest["after"], newest["deleted"]), (names[3], ["diary"]), "to the newest")
            check_equal(newest["changed"], [{"path": "other", "what": ["mode"]}], "the mode")
            below = _json(world, "diff", lane.tag, names[0], "photos")
            check_equal((below["changed"], below["deleted"], len(below["renamed"])), ([], [], 1),
                        "below a path")
            both = _json(world, "diff", lane.tag, names[0], names[1], "/")
            check_equal((both["added"], both["changed"]), (["other"], []), "both and a path")
    text = _snapferry(world, "diff", lane.tag, names[1], names[2]).expect_well().out
    check_says(text, "changed  diary (size", "renamed  photos/summer -> photos/2021",
               "0 added, 0 deleted, 1 changed, 1 renamed")
    _snapferry(world, "diff", lane.tag, "nothing").expect_trouble(1)


@case(needs=ALL_PROGRAMS)
def files_of_one_size_are_read_where_their_times_differ(world):
    lane = world.lane()
    names = []
    lane.write("touched", "same")
    lane.write("rewritten", "old!")
    for _ in range(2):
        names.append(lane.snapshot())
        lane.send_well()
        lane.write("rewritten", "new!")
        _set_time(lane, "touched", 1_000_000_000)
        _set_time(lane, "rewritten", 1_000_000_000)
    with _without_manifests(lane):
        found = _json(world, "diff", lane.tag, *names)["changed"]
    check_equal({one["path"]: one["what"] for one in found},
                {"touched": ["time"], "rewritten": ["contents", "time"]}, "what is told")


@case(needs=ALL_PROGRAMS)
def odd_names_and_times_are_shown_harmless(world):
    lane = world.lane()
    for name in (b"new\nline", b"esc\x1b[2J", b"latin-\xe9"):
        path = os.path.join(lane.source.encode(), name)
        with open(path, "w", encoding="ascii") as file:
            file.write("x")
        os.utime(path, (2**35, 2**35))
    name = lane.snapshot()
    lane.send_well()
    for text in (_snapferry(world, "find", lane.tag, "*").expect_well().out,
                 _snapferry(world, "versions", lane.tag, b"esc\x1b[2J").expect_well().out):
        check("\x1b" not in text, repr(text))
        check_says(text, "esc\\x1b[2J")
    with Person(world) as pia:
        there = pia.run("versions", lane.tag, b"latin-\xe9", "--from", pia.address)
        check_says(there.expect_well().out, "latin-\\xe9", name)


@contextlib.contextmanager
def _disk_in_a_laptop(world):
    """The disk, read-only, at another place, where nothing is configured."""
    place = os.path.join(world.directory, "usb")
    os.makedirs(place, exist_ok=True)
    mounts.mount(world.pi.path, place, None, mounts.BIND)
    mounts.mount(None, place, None, mounts.BIND | mounts.REMOUNT | mounts.RDONLY)
    os.rename(RECEIVE_CONFIGURATION, RECEIVE_CONFIGURATION + ".away")
    try:
        yield place
    finally:
        os.rename(RECEIVE_CONFIGURATION + ".away", RECEIVE_CONFIGURATION)
        mounts.unmount(place)


@case(needs=ALL_PROGRAMS)
def a_disk_in_another_machine_is_looked_at_with_nothing_configured(world):
    lane, names = world.once(_history)
    with _disk_in_a_laptop(world) as disk:
        check_says(_snapferry(world, "list", lane.tag).expect_trouble(1).err, "no backup disk",
                   "--disk", "--from")
        listed = _snapferry(world, "list", lane.tag, "--disk", disk).expect_well().out
        check_says(listed, *names, "the policy is not known here")
        check("goes when" not in listed, "it says what lets a backup go")
        above = _json(world, "versions", lane.tag, "diary", "--disk", os.path.dirname(disk) + "/usb/")
        check_equal(len(above["versions"]), 3, "versions")
        check_equal(len(_json(world, "find", lane.tag, "sea", "--disk", disk)["found"]), 2, "finds")
        _json(world, "diff", lane.tag, names[0], "--disk", disk)
        told = _snapferry(world, "verify", lane.tag, names[3], "--disk", disk).expect_well().out
        check_says(told, names[3])
        for wrong in ("/nowhere", "/etc"):
            _snapferry(world, "list", "--disk", wrong).expect_trouble(2)
        check_says(_snapferry(world, "list", "--disk", disk, user=world.login).expect_trouble(5).err,
                   "root")
        _snapferry(world, "list", "--disk", disk, "--from", "x@y").expect_trouble(1)


@case(needs=ALL_PROGRAMS)
def what_the_pi_finds_can_be_asked_from_the_nas(world):
    lane, names = world.once(_history)
    with Person(world) as pia:
        for words in (("versions", lane.tag, "diary"), ("find", lane.tag, "*.jpg", "--ignore-case"),
                      ("diff", lane.tag, names[0], names[2], "photos", "--json"),
                      ("find", lane.tag, "sea", "--in", names[0])):
            here = _snapferry(world, *words).expect_well().out
            there = pia.run(*words, "--from", pia.address).expect_well().out
            check_equal(there, here, f"the answer to {words}")
        check_says(pia.run("versions", lane.tag, "a b'c$(id)", "--from",
                           pia.address).expect_trouble(1).err, "a b'c$(id)")


@case(needs=ALL_PROGRAMS)
def the_versions_in_300_backups_are_told_within_a_second(world):
    lane = world.lane()
    lane.write("diary", "day one")
    first = lane.snapshot()
    lane.send_well()
    for number in range(299):
        subvolume.snapshot(lane.at_pi(first), lane.at_pi(f"more-{number:03}"))
    took = []
    for _ in range(3):
        begin = time.monotonic()
        text = _snapferry(world, "versions", lane.tag, "diary").expect_well().out
        took.append(time.monotonic() - begin)
    check_says(text, "1 version in 300 of 300 backups")
    world.notes.append(f"{min(took):.2f} s")
    check(min(took) < 1, f"{min(took):.2f} s")
