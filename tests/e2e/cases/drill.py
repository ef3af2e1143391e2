"""Getting some files back, drawn at random: a backup that nobody has restored from is a hope."""

import json
import os
import re
import signal
import time

from harness import data, shelf, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.verdict import check, check_equal, check_says

WELL, DIFFERS, CANNOT_SAY = 0, 1, 2
CRITICAL = 2  # of a check
MIB = data.MIB


def _snapferry(world, *arguments):
    return world.commands.run(shelf.SNAPFERRY, *arguments)


def _without_age(text):
    return re.sub(r"\b\d+ s ago\b", "just now", text)


def _scratch(world):
    """A place for scratch space, that must be empty afterwards."""
    place = os.path.join(world.directory, f"scratch-{time.monotonic_ns()}")
    os.mkdir(place)
    return place


def _drilled(world, lane):
    """The last drill, as the list has it."""
    said = json.loads(_snapferry(world, "list", lane.tag, "--json").expect_well().out)
    return said["tags"][0]["drill"]


@case(needs=ALL_PROGRAMS)
def a_drill_gets_files_of_every_kind_back_and_leaves_nothing_but_the_news(world):
    lane = world.lane()
    data.fill(lane.source)
    name = lane.snapshot()
    lane.send_well()
    check_equal(_drilled(world, lane), None, "a drill before the first")
    place = _scratch(world)
    said = _snapferry(world, "drill", lane.tag, "--to", place, "--files", "1000").expect_well().out
    check_says(said, f"{lane.tag} {name}: well", "files")
    found = _drilled(world, lane)
    check_equal((found["outcome"], found["backup"]), ("well", name), "what is remembered")
    check(found["files"] > 20, f"only {found['files']} files came back")
    _snapferry(world, "drill", lane.tag, "--to", place, "--files", "3").expect_well()
    check_equal(_drilled(world, lane)["files"], 3, "files of three")
    check_equal(os.listdir(place), [], "what is left")
    check_says(_without_age(_snapferry(world, "list", lane.tag).expect_well().out),
               "the drill of just now got 3")
    check_says(_without_age(_snapferry(world, "check", "--receiving", lane.tag).out),
               f"{lane.tag}: the drill of just now got 3 files back whole")


@case(needs=ALL_PROGRAMS)
def a_drill_that_does_not_get_back_what_was_sent_names_it_and_is_critical(world):
    lane = world.lane()
    for number in range(4):
        lane.write(f"file-{number}", data.noise(10_000, number))
    name = lane.snapshot()
    lane.send_well()
    place = _scratch(world)
    manifest = shelf.text_of(world, lane.at_nas(name))
    changed = lane.at_pi("changed")
    subvolume.snapshot(lane.at_pi(name), lane.at_pi("changing"))
    with subvolume.changed_quietly(lane.at_pi("changing")):
        with open(os.path.join(lane.at_pi("changing"), "file-1"), "r+b") as file:
            file.write(b"!")
        os.unlink(os.path.join(lane.at_pi("changing"), "file-2"))
        subvolume.snapshot(lane.at_pi("changing"), changed)
    subvolume.delete(lane.at_pi("changing"))
    shelf.put(lane, "changed", manifest)
    said = _snapferry(world, "drill", lane.tag, "--to", place).expect(DIFFERS).out
    check_says(said, "changed: file-1: contents", "changed: file-2: missing", "DIFFERS")
    check_equal(os.listdir(place), [], "what is left")
    said = _snapferry(world, "check", "--receiving", lane.tag).expect(CRITICAL).out
    check_says(_without_age(said), "the drill of just now of changed went wrong")
    check_says(_snapferry(world, "list", lane.tag).out, "WENT WRONG")


@case(needs=ALL_PROGRAMS)
def what_keeps_a_drill_from_being_done_is_no_difference(world):
    lane = world.lane()
    lane.write("file", b"x")
    name = lane.snapshot()
    lane.send_well("--no-manifest")
    place = _scratch(world)
    result = _snapferry(world, "drill", lane.tag, "--to", place).expect_trouble(CANNOT_SAY)
    check_says(result.err, "cannot say", "has a manifest", "--manifest-only")
    shelf.put_of_source(lane, name)
    result = _snapferry(world, "drill", lane.tag, "--to", place + "/nowhere")
    check_says(result.expect_trouble(CANNOT_SAY).err, "cannot say", "nowhere")
    for wrong in (("--files", "0"), ("--bytes", "many"), ("nowhere",), ("--nonsense",)):
        _snapferry(world, "drill", *wrong).expect_trouble(CANNOT_SAY)
    shelf.put(lane, name, b"no manifest")
    check_says(_snapferry(world, "drill", lane.tag, "--to", place).expect_trouble(CANNOT_SAY).err,
               "manifest refused")
    check_equal(os.listdir(place), [], "what is left")


@case(needs=ALL_PROGRAMS)
def an_interrupted_drill_removes_what_it_had_got_back(world):
    lane = world.lane()
    for number in range(20):
        lane.write(f"file-{number}", data.noise(8 * MIB, number))
    lane.snapshot()
    lane.send_well()
    place = _scratch(world)
    run = world.commands.start(shelf.SNAPFERRY, "drill", lane.tag, "--to", place)
    deadline = time.monotonic() + 60
    while not os.listdir(place) and time.monotonic() < deadline and not run.ended:
        time.sleep(0.001)
    if not run.ended:
        os.kill(run.pid, signal.SIGTERM)
    result = run.finish().expect(WELL, CANNOT_SAY)  # it may have been at its end already
    check(result.code == WELL or "stopped" in result.err, "it does not say why it ended")
    check_equal(os.listdir(place), [], "what is left")
