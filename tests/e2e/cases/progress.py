"""How a person sees that a send gets on."""

import re
import subprocess

from harness.case import case
from harness.data import MIB, noise
from harness.terminal import Terminal, lines_drawn
from harness.verdict import check, check_equal, check_says


def _lane(world, size=16 * MIB):
    lane = world.lane()
    lane.write("file", noise(size))
    lane.name = lane.snapshot()
    return lane


def _on_a_terminal(world, lane, width, *options, **how):
    world.link.reset()
    world.link.rate = 4 * MIB
    return Terminal(width, world.commands.environment, world.sender(), *options,
                    *lane.arguments(), **how)


def _progress_in(text, lane):
    return [line for line in lines_drawn(text) if line.startswith(lane.tag + "  ")]


@case
def on_a_terminal_a_line_says_how_far_it_is_and_is_gone_at_the_end(world):
    lane = _lane(world)
    terminal = _on_a_terminal(world, lane, 80)
    drawn = terminal.read_until(" left")
    line = _progress_in(drawn, lane)[-1]
    check_says(line, "MiB", "MiB/s", "about", "% ")
    world.link.rate = None
    code, said = terminal.finish()
    check_equal((code, said), (0, ""), "how it ended")
    last = terminal.text.rpartition("\x1b[J")[2]
    check("MiB/s  about" not in last, f"the line was left behind: {last!r}")
    check_says(terminal.text, "it is complete and on the receiver's disk")
    lane.check_arrived(lane.name)


@case
def what_lies_compressed_at_the_nas_is_estimated_as_it_goes(world):
    lane = world.lane()
    subprocess.run(["btrfs", "property", "set", lane.source, "compression", "zstd"], check=True)
    size = 24 * MIB
    lane.write("file", noise(size // 4).hex() * 2)  # which zstd makes about half as large
    lane.name = lane.snapshot()
    terminal = _on_a_terminal(world, lane, 80, "--stream", "v2-compressed", "--compress", "off")
    share = 0
    while share < 50:
        for line in _progress_in(terminal.read_until("\x1b[J"), lane):
            told = re.search(r"  ([0-9.]+) MiB  .*about ([0-9]+) %", line)
            sent, share = (float(told[1]) * MIB, int(told[2])) if told else (0, share)
    world.link.rate = None
    check_equal(terminal.finish()[0], 0, "the exit code")
    whole = sent / share * 100
    check(whole < size * 3 // 4, f"{whole:.0f} bytes were expected of {size} before compression")


@case
def a_line_is_never_wider_than_the_terminal_also_when_that_changes(world):
    lane = _lane(world)
    terminal = _on_a_terminal(world, lane, 60)
    for line in _progress_in(terminal.read_until("MiB/s"), lane):
        check(len(line) < 60, f"wider than 60: {line!r}")
    terminal.resize(24)
    terminal.read_until("\x1b[J")  # what was being drawn when it changed
    terminal.read_until("\x1b[J")
    for _ in range(4):
        for line in _progress_in(terminal.read_until("\x1b[J"), lane):
            check(len(line) < 24, f"wider than 24: {line!r}")
    world.link.rate = None
    check_equal(terminal.finish()[0], 0, "the exit code")


@case
def a_terminal_that_knows_nothing_and_no_terminal_get_no_escapes(world):
    lane = _lane(world, 2 * MIB)
    terminal = _on_a_terminal(world, lane, 80, term="dumb")
    check_equal(terminal.finish()[0], 0, "the exit code")
    check("\x1b" not in terminal.text, "a dumb terminal got an escape")
    other = _lane(world, 2 * MIB)
    check("\x1b" not in other.send_well().out, "a pipe got an escape")


@case
def quiet_says_nothing_at_all(world):
    lane = _lane(world, 4 * MIB)
    terminal = _on_a_terminal(world, lane, 80, "--quiet")
    code, said = terminal.finish()
    check_equal((code, said, terminal.text), (0, "", ""), "all that was said")
    lane.check_arrived(lane.name)
