"""The table for people, and docs/performance.md around it."""

from . import going_on
from .plan import LOADS, MEMORY

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
OURS = "snapferry"


def table(measured):
    """Markdown."""
    loads = measured["loads"]
    lines = ["| load | contender | wall, s | CPU sending, s | CPU receiving, s | peak sending, MiB "
             "| peak receiving, MiB | snapferry's wall ÷ this |",
             "|---|---|---|---|---|---|---|---|"]
    for letter, load in loads.items():
        ours = load["medians"].get(OURS)
        for name, run in load["medians"].items():
            ratio = f"{ours['wall'] / run['wall']:.2f}" if ours and not name.startswith(OURS) else ""
            lines.append(f"| {letter} | {name} | {run['wall']:.2f} | {run['sending_cpu']:.2f} | "
                         f"{run['receiving_cpu']:.2f} | {run['sending_peak']:.0f} | "
                         f"{run['receiving_peak']:.0f} | {ratio} |")
    if measured["going_on"]:
        lines += ["", *going_on.rows(measured["going_on"])]
    return "\n".join(lines) + "\n\n" + "\n".join(_verdicts(loads, measured["going_on"])) + "\n"


def _verdicts(loads, gone_on):
    """One row for every promise."""
    yield "| load | ratio | at most | measured | |"
    yield "|---|---|---|---|---|"
    for letter, load in loads.items():
        medians = load["medians"]
        for bound in LOADS[letter].bounds:
            if bound.of in medians and bound.against in medians:
                ratio = medians[bound.of][bound.figure] / medians[bound.against][bound.figure]
                what = "wall" if bound.figure == "wall" else "CPU at the receiving end"
                yield _verdict(letter, f"{bound.of} ÷ {bound.against}, {what}", bound.most, ratio)
    for what, most, ratio in going_on.verdicts(gone_on):
        yield _verdict("g", what, most, ratio)
    peaks = [run[side] for load in loads.values() for name, run in load["medians"].items()
             if name.startswith(OURS) for side in ("sending_peak", "receiving_peak")]
    if peaks:
        yield (f"| all | the largest of our processes, MiB | {MEMORY} | {max(peaks):.0f} | "
               f"{'' if max(peaks) <= MEMORY else 'missed'} |")


def _verdict(letter, what, most, ratio):
    return f"| {letter} | {what} | {most:.2f} | {ratio:.2f} | {'' if ratio <= most else 'missed'} |"


def save(path, machine, rounds, text):
    with open(path, encoding="utf-8") as file:
        before, _, rest = file.read().partition(BEGIN)
    after = rest.partition(END)[2]
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n\nMachine: {machine}. Medians of {rounds} rounds.\n\n{text}\n"
                   f"{END}{after}")
