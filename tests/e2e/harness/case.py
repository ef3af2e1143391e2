"""A test case: a function named as a sentence, found in a module of tests/e2e/cases."""

import importlib
import os
import pkgutil
from dataclasses import dataclass

OUR_PROGRAMS = ("snapshot-send", "snapshot-receive")
ALL_PROGRAMS = (*OUR_PROGRAMS, "snapferry")
TEST_PROGRAMS = ("made-stream",)  # tests/e2e/programs


@dataclass(frozen=True)
class Case:
    module: str
    sentence: str
    body: callable
    needs: tuple  # the programs of ours that it runs
    long: bool  # only with --long

    def __str__(self):
        return f"{self.module}: {self.sentence}"


def case(body=None, *, needs=OUR_PROGRAMS, long=False):
    """Marks body(world) as a test case; its name is its sentence."""
    if body is None:
        return lambda function: case(function, needs=needs, long=long)
    body.case = Case(body.__module__.rpartition(".")[2], body.__name__.replace("_", " "), body,
                     needs, long)
    return body


def load(directory):
    """All cases of a package directory as {module name: (world options, [cases])}, in order."""
    package = os.path.basename(directory)
    found = {}
    for entry in sorted(pkgutil.iter_modules([directory]), key=lambda entry: entry.name):
        module = importlib.import_module(f"{package}.{entry.name}")
        cases = [item.case for item in vars(module).values()
                 if hasattr(item, "case") and item.__module__ == module.__name__]
        found[entry.name] = (getattr(module, "WORLD", {}), cases)
    return found
