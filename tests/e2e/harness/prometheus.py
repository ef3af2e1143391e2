"""Reads the text format of Prometheus, and refuses what its own parser or linter would.

Source: "Exposition formats" and "Metric and label naming" of its documentation.
"""

import re

from .verdict import check

HELP = re.compile(r"# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)")
TYPE = re.compile(r"# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (gauge|counter)")
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"([a-zA-Z_:][a-zA-Z0-9_:]*)\{{({LABEL}(?:,{LABEL})*)\}} (\d+(?:\.\d+)?)")
RESERVED = {"job", "instance"}  # labels that Prometheus adds itself


def read(text):
    """{(name, {(label, value), ...}): number}"""
    check(text.endswith("\n"), "the last line does not end")
    samples, described, family, kind = {}, set(), None, None
    for line in text.splitlines():
        if found := HELP.fullmatch(line):
            family = found[1]
            check(family not in described, f"{family} is described twice")
            described.add(family)
        elif found := TYPE.fullmatch(line):
            check(found[1] == family, f"the type of {found[1]} stands below {family}")
            kind = found[2]
            check((kind == "counter") == family.endswith("_total"), f"{family} is a {kind}")
        else:
            found = SAMPLE.fullmatch(line)
            check(found and found[1] == family, f"no sample of {family}: {line!r}")
            labels = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[2]))
            check(not RESERVED & {name for name, _ in labels}, f"a reserved label in {line!r}")
            check((family, labels) not in samples, f"twice: {line!r}")
            samples[family, labels] = float(found[3])
    return samples
