"""What tests/e2e/run and tests/faults/run are told, and by what they are started."""

import argparse
import os

from . import runner


def main(suite, description, jobs):
    """Runs the cases of the directory `suite`, `jobs` modules at a time; returns the exit code."""
    project = os.path.dirname(os.path.dirname(suite))
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("patterns", nargs="*", metavar="PATTERN",
                        help="run only what has one of these in 'module: sentence'; * and ? match")
    parser.add_argument("--list", action="store_true", help="name the tests and end")
    parser.add_argument("--long", action="store_true", help="also those that take minutes")
    parser.add_argument("--jobs", type=int, default=jobs,
                        help="modules at a time, each in a private world (default: %(default)s)")
    parser.add_argument("--bin", default=os.environ.get(
        "SNAPFERRY_BIN", os.path.join(project, "build", "release", "bin")),
        help="directory of the programs (default: $SNAPFERRY_BIN or build/release/bin)")
    options = parser.parse_args()
    options.cases = os.path.join(suite, "cases")
    options.bin = os.path.abspath(options.bin)
    return runner.run(options)
