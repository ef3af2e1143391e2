"""Which contenders carry which load, and the measuring of them in alternation."""

import contextlib
import os
from dataclasses import dataclass, field

from . import contenders as c
from . import loads
from .measure import measure as measure_run
from .measure import summary
from .place import Place
from .text import Text


@dataclass(frozen=True)
class Bound:
    """A ratio of two medians and what it may be at most."""

    of: str
    against: str
    figure: str  # a field of measure.Run
    most: float


@dataclass(frozen=True)
class Load:
    title: str
    fill: callable
    contenders: tuple
    bounds: tuple
    place: dict = field(default_factory=dict)
    lanes: int = 1
    change: callable = None  # what happens to the source between runs; None: the same again


def _bound(against, most, figure="wall", of="snapferry"):
    return Bound(of, against, figure, most)


def _fill_with_text(lane):
    loads.text(lane, Text())


def _change_one_file(lane, count):
    lane.write("large-0-note", f"one line more: {count}\n")


LOADS = {
    "a": Load("1 GiB of noise in 4 files, 20,000 small files", loads.noise_in_large_and_small_files,
              (c.Pipe, c.Pipeline, c.Btrbk, c.Snapferry),
              (_bound("plain pipeline", 0.75), _bound("local pipe", 1.25), _bound("btrbk", 0.65),
               _bound("plain pipeline", 1.10, "receiving_cpu"))),
    "b": Load("768 MiB of text, both filesystems compress with zstd", _fill_with_text,
              (c.Pipe, c.Pipeline, c.Btrbk, c.BtrbkCompressed, c.Snapferry),
              (_bound("plain pipeline", 0.30), _bound("btrbk, v2 compressed", 0.90)),
              place={"compress": True}),
    "c": Load("an increment: one file of the 20,000 changed", loads.noise_in_large_and_small_files,
              (c.Pipe, c.Pipeline, c.Btrbk, c.Snapferry), (_bound("btrbk", 0.35),),
              change=_change_one_file),
    "d": Load("768 MiB of text over 100 Mbit/s, nothing compresses", _fill_with_text,
              (c.Pipeline, c.Snapferry, c.SnapferryAgain),
              (_bound("plain pipeline", 0.40),
               _bound("plain pipeline", 0.25, of="snapferry, second run")),
              place={"rate": 100}),
    "f": Load("four tags at once, each a quarter of (a)", loads.quarter_of_that,
              (c.Pipeline, c.SnapferryAtOnce), (_bound("plain pipeline", 0.70),), lanes=4),
}
MEMORY = 64  # MiB that each of our programs may take


def measure(options, host, base, images, programs):
    """Returns what page.table() shows."""
    return {letter: _measure_load(letter, LOADS[letter], options, host, base, images, programs)
            for letter in options.loads}


def _measure_load(letter, load, options, host, base, images, programs):
    print(f"({letter}) {load.title}", flush=True)
    with contextlib.closing(Place(host, os.path.join(base, letter), images, programs,
                                  **load.place)) as place:
        lanes = [place.world.lane() for _ in range(load.lanes)]
        for lane in lanes:
            load.fill(lane)
        wanted = [kind(place, lanes) for kind in load.contenders
                  if not options.only or kind.name in options.only]
        runs = {contender.name: [] for contender in wanted}
        _take_first_snapshots(load, wanted, place)
        print("    to warm up:", flush=True)  # the first to write pays for the images' memory
        _run_once(load, wanted[-1], place, options.rounds)
        for number in range(options.rounds):
            for contender in wanted:
                runs[contender.name].append(_run_once(load, contender, place, number))
        return {"title": load.title, "medians": {name: summary(each) for name, each in runs.items()}}


def _take_first_snapshots(load, contenders, place):
    """For an increment, everything has gone across once before."""
    for contender in contenders:
        contender.take_snapshots()
        if load.change:
            place.run_to_the_end(contender.command())


def _run_once(load, contender, place, number):
    if load.change:
        for lane in contender.lanes:
            load.change(lane, number)
        contender.take_snapshots()
    contender.before_run()
    place.cool_down()
    run = measure_run(contender.command(), place.environment, place.ssh.pid, place.until_durable)
    print(f"    {contender.name:24} {run.wall:7.2f} s  CPU {run.sending_cpu:5.2f} + "
          f"{run.receiving_cpu:5.2f} s  peak {run.sending_peak:3.0f} + {run.receiving_peak:3.0f} MiB",
          flush=True)
    if not load.change:
        contender.forget()
    return run
