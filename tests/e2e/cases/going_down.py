"""A Pi that goes down when it is done: the script of the documentation."""

import os

from harness.case import OUR_PROGRAMS, case
from harness.documents import blocks
from harness.verdict import check, check_equal
from harness.world import write_file

SCRIPT = "/usr/local/sbin/backup-done"
SAID = "/run/shutdown-said"
STAYS = "/run/snapferry-stays"


def _script():
    return next(block.text for block in blocks("docs/operations.md")
                if "shutdown --poweroff" in block.text and block.text.startswith("#!/bin/sh"))


def _said():
    if not os.path.exists(SAID):
        return []
    with open(SAID, encoding="utf-8") as file:
        said = file.read().splitlines()
    os.unlink(SAID)
    return said


def _set_up(users=""):
    """Programs that stand before the real ones, and would turn nothing off."""
    write_file(SCRIPT, _script(), 0o755)
    write_file("/usr/local/sbin/shutdown", f'#!/bin/sh\necho "$*" >>{SAID}\n', 0o755)
    write_file("/usr/local/sbin/who", f"#!/bin/sh\nprintf '%s' '{users}'\n", 0o755)
    _said()


def _clear():
    for path in (SCRIPT, "/usr/local/sbin/shutdown", "/usr/local/sbin/who", STAYS):
        if os.path.exists(path):
            os.unlink(path)


def _send(world, lane):
    """The last hook may still be at work when the sender has ended."""
    lane.send_well()
    world.await_quiet()


@case(needs=OUR_PROGRAMS)
def the_script_of_the_documentation_goes_down_when_nobody_needs_the_machine(world):
    lane = world.lane()
    lane.write("file", b"something")
    lane.snapshot()
    try:
        with world.receiver_configured(f'before_receive = ["{SCRIPT}"]\nafter_receive = ["{SCRIPT}"]\n'
                                       "[defaults]\nkeep = 7\n"):
            _set_up()
            _send(world, lane)
            said = _said()  # twice: the manifest comes by a connection of its own
            check_equal(said, ["-c --no-wall", "--poweroff +10"] * (len(said) // 2), "what it did")
            check(said, "it did nothing")
            write_file(STAYS, "")
            _send(world, lane)
            check_equal(set(_said()), {"-c --no-wall"}, "what it did where it is to stay")
            os.unlink(STAYS)
            _set_up(users="pi pts/0")
            _send(world, lane)
            check_equal(set(_said()), {"-c --no-wall"}, "what it did while somebody was there")
    finally:
        _clear()


@case(needs=OUR_PROGRAMS)
def the_script_of_the_documentation_stays_up_while_another_receive_is_at_work(world):
    try:
        _set_up()
        for hook, others, wanted in (("after_receive", "1", []), ("before_receive", "1", ["-c --no-wall"]),
                                     ("after_receive", "0", ["--poweroff +10"])):
            result = world.commands.run("env", f"SNAPFERRY_HOOK={hook}", f"SNAPFERRY_OTHERS={others}",
                                        SCRIPT)
            check(result.code == 0, result.err)
            check_equal(_said(), wanted, f"what {hook} did with {others} at work")
    finally:
        _clear()
