"""What may lie where snapshots lie: loops of symlinks, sockets, names that turn what is read."""

import os
import socket

from harness import stream, subvolume
from harness.case import case
from harness.verdict import check, check_equal, check_says, told_of_failures

NEEDS = ("snapshot-receive",)

# What a screen shows as nothing, or by what it turns the direction of what follows.
UNSEEN = "\u202e\u2066\u200b\u2028\u2029\u061c\u200f\ufeff\u2060"


def _litter(directory, name):
    """Every kind of entry that is no snapshot, under names that snapshots could have."""
    os.symlink(f"{name}-loop", os.path.join(directory, f"{name}-loop"))
    os.symlink(f"{name}-b", os.path.join(directory, f"{name}-a"))
    os.symlink(f"{name}-a", os.path.join(directory, f"{name}-b"))
    os.symlink("nowhere", os.path.join(directory, f"{name}-dangling"))
    os.symlink("/proc/self/root/proc/1", os.path.join(directory, f"{name}-far"))
    os.mkfifo(os.path.join(directory, f"{name}-fifo"))
    os.mkdir(os.path.join(directory, f"{name}-directory"))
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(directory, os.O_RDONLY)
        try:  # a path of its own would be too long for a socket
            made.bind(f"/proc/self/fd/{here}/{name}-socket")
        finally:
            os.close(here)
    return {entry for entry in os.listdir(directory) if entry.startswith(name)}


@case
def whatever_lies_beside_the_backups_is_foreign_and_in_nobodys_way(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.send_well() if lane.snapshot() else None
    at_pi = _litter(lane.received_dir, "odd@daily")
    at_nas = _litter(lane.snapshot_dir, "2031@daily")
    lane.write("file", "more")
    name = lane.snapshot()
    os.symlink("zzz@daily", lane.at_nas("zzz@daily"))  # it would be the newest
    lane.send_well()
    lane.check_arrived(name)
    check(at_pi <= set(os.listdir(lane.received_dir)), "something at the Pi is gone")
    check(at_nas <= set(os.listdir(lane.snapshot_dir)), "something at the NAS is gone")


@case
def loops_among_the_pins_and_in_staging_are_in_nobodys_way(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.snapshot()
    lane.send_well()
    pins = lane.pin_place
    _litter(pins, "odd@daily")
    _litter(lane.staging, "odd")
    lane.write("file", "more")
    name = lane.snapshot()
    lane.send_well()
    lane.check_arrived(name)
    check_equal(os.listdir(lane.staging), [], "what is left in staging")


@case(needs=NEEDS)
def a_loop_under_the_name_that_arrives_is_in_the_way_and_is_said(world):
    lane = world.lane()
    lane.receive(bytes(stream.small("first"))).expect_well()
    for what, target in (("a loop", "small"), ("a symlink to a backup", "first")):
        with told_of_failures(what):
            os.symlink(target, lane.at_pi("small"))
            result = lane.receive(bytes(stream.small("small"))).expect_trouble(14)
            check_says(result.err, "in the way", "small")
            os.unlink(lane.at_pi("small"))
    lane.receive(bytes(stream.small("small"))).expect_well()
    lane.check_complete("first", "small")


@case(needs=NEEDS)
def a_loop_in_the_place_of_a_directory_of_the_receiver_is_said(world):
    for path in ("tag", "staging"):
        lane = world.lane()
        place = lane.received_dir if path == "tag" else lane.staging
        os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
        os.symlink(os.path.basename(place), place)
        try:
            result = lane.receive(bytes(stream.small("small"))).expect_trouble(1)
            check_says(result.err, place, "is not a directory")
        finally:
            os.unlink(place)
        lane.receive(bytes(stream.small("small"))).expect_well()


@case(needs=("snapshot-send", "snapshot-receive", "snapferry"))
def names_with_characters_that_are_not_seen_arrive_and_are_shown_escaped(world):
    lane = world.lane()
    lane.write("file", "contents")
    odd = f"2021{UNSEEN}gpj-@daily"
    os.rename(lane.at_nas(lane.snapshot()), lane.at_nas(odd))
    said = [lane.send_well("--verbose", "--log-format", form)
            for form in ("text",)] + [lane.send("--dry-run", "--log-format", "json")]
    lane.check_arrived(odd)
    page = os.path.join(world.directory, "page.html")
    for command in (("status",), ("status", "--json"), ("history",), ("history", "--json"),
                    ("report", "--html", page), ("check", "--sending")):
        said.append(world.commands.run("/usr/local/sbin/snapferry", *command))
    said.append(lane.receive(bytes(stream.small(odd + "2"))).expect(0))
    said.append(world.receive(f"tag{UNSEEN}").expect_trouble(4))
    with open(page, encoding="utf-8") as file:
        texts = [file.read(), *(result.text for result in said)]
    for text in texts:
        shown = [character for character in UNSEEN if character in text]
        check_equal(shown, [], f"what is not seen in {text!r}")
    check_says(said[0].text, r"\xe2\x80\xae")
    check_says(said[1].text, r"\u202e")


@case
def a_newest_snapshot_whose_name_cannot_be_sent_is_named_and_not_passed_over(world):
    lane = world.lane()
    lane.write("base", "x")
    first = lane.snapshot()
    lane.send_well()
    for odd, why in ((b"2022-" + b"x" * 220 + b"@daily", "longer than 200 bytes"),
                     (b"2022-M\xe4rz-@daily", "not UTF-8"), (b"2022\n-@daily", "control")):
        path = os.path.join(os.fsencode(lane.snapshot_dir), odd)
        subvolume.snapshot(lane.source, path)
        check_says(lane.send("--retries", "0").expect_trouble(13).err, "is not sent", why)
        subvolume.delete(path)
    lane.send_well()
    lane.check_complete(first)


@case
def a_snapshot_whose_name_cannot_be_sent_does_not_hold_up_what_can(world):
    lane = world.lane()
    lane.write("base", "x")
    odd = os.path.join(os.fsencode(lane.snapshot_dir), b"9999\n@daily")
    subvolume.snapshot(lane.source, odd)
    check_says(lane.send("--retries", "0").expect_trouble(4).err, "a control character")
    name = lane.snapshot()
    lane.send_well()  # it is older
    lane.check_complete(name)
