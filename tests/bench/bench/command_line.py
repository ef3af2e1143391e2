"""What tests/bench/run is told, and the namespaces in which it does it."""

import argparse
import json
import os
import shutil
import subprocess
import tempfile

from harness import mounts, namespace, requirements
from harness.host import Host

from . import machine, page, plan
from .place import PROGRAMS

TOOLS = ("btrbk", "tc", "ip")


def main(here, description):
    project = os.path.dirname(os.path.dirname(here))
    options = _options(project, description)
    if reason := _missing(options):
        print(f"cannot run: {reason}")
        return 2
    base = tempfile.mkdtemp(prefix="snapferry-bench.", dir=options.directory)
    os.chmod(base, 0o755)  # the user of sshd must get to its home
    results = os.path.join(base, "results.json")
    try:
        status, = namespace.run_in_namespaces(lambda: _measure(options, base, results))
        if status == 0:
            with open(results, encoding="utf-8") as file:
                _tell(options, project, json.load(file))
        return status
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _options(project, description):
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default: 5)")
    parser.add_argument("--loads", default="".join(plan.LETTERS), help="the letters of the loads "
                        "(default: all)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3, 12], metavar="GIB",
                        help="of load g (default: 3 12)")
    parser.add_argument("--directory", default="/var/tmp",
                        help="for the images of the loads g and i (default: /var/tmp)")
    parser.add_argument("--only", default="", metavar="NAMES",
                        help="only these contenders, with commas between them")
    parser.add_argument("--save", action="store_true",
                        help="put the table into docs/performance.md")
    parser.add_argument("--bin", default=os.path.join(project, "build", "release", "bin"),
                        help="directory of the programs (default: build/release/bin)")
    options = parser.parse_args()
    options.bin = os.path.abspath(options.bin)
    options.only = [name for name in options.only.split(",") if name]
    return options


def _missing(options):
    if reason := requirements.missing_before_namespaces():
        return reason
    for tool in TOOLS:
        if shutil.which(tool, path=requirements.PATH) is None:
            return f"not installed: {tool}"
    if not _knows_protocol_2():
        return "btrbk is older than 0.32.6, which Debian 13 has (its package installs on Debian 12)"
    for program in PROGRAMS:
        if not os.access(os.path.join(options.bin, program), os.X_OK):
            return f"not built: {program} (cmake --preset release && cmake --build --preset release)"
    return None


def _knows_protocol_2():
    """btrbk has an option for it since 0.32.6."""
    said = subprocess.run(["btrbk", "--version"], capture_output=True, check=False).stdout
    version = said.decode().rpartition(" ")[2].strip()
    return tuple(int(part) for part in version.split(".") if part.isdigit()) >= (0, 32, 6)


def _measure(options, base, results):
    """The body of the namespace."""
    room = plan.Room(*(os.path.join(base, name) for name in ("images", "large-images", "work")))
    os.mkdir(room.on_disk, 0o755)
    for directory in (room.in_memory, room.work):
        os.mkdir(directory, 0o755)
        mounts.mount("tmpfs", directory, "tmpfs", 0, "mode=755,size=95%")
    programs = {name: shutil.copy(os.path.join(options.bin, name), os.path.join(room.work, name))
                for name in PROGRAMS}
    measured = plan.measure(options, Host(room.work), room, programs)
    with open(results, "w", encoding="utf-8") as file:
        json.dump(measured, file)
    return 0


def _tell(options, project, measured):
    text = page.table(measured)
    print("\n" + text)
    if options.save:
        page.save(os.path.join(project, "docs", "performance.md"), machine.description(),
                  options.rounds, text)
