"""Whether and where the two machines run, and the count at the end."""

import argparse
import glob
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from harness import mounts
from harness.namespace import run_in_namespaces
from harness.verdict import Failed, Skipped

from . import control_groups, network, roots
from .shown import Shown

TOOLS = ("mmdebstrap", "systemd-nspawn", "nsenter", "ip", "tc", "mkfs.btrfs", "ssh", "ssh-keygen",
         "dpkg-deb", "openssl")
PACKAGES = ("snapferry", "snapferry-sender", "snapferry-receiver")
RELEASES = ("bookworm", "trixie")  # of the NAS and the Pi; with --long also the other way round


def main(project, description, tell):
    """tell(shown, directory, group, project, nas, pi) is what happens to them."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="also the other way round")
    parser.add_argument("--packages", default=os.environ.get(
        "SNAPFERRY_PACKAGES", os.path.join(project, "build", "packages")),
        help="directory of RELEASE/*.deb (default: $SNAPFERRY_PACKAGES or build/packages)")
    parser.add_argument("--roots", default=os.environ.get(
        "SNAPFERRY_ROOTS", os.path.join(project, "build", "roots")),
        help="directory of the root filesystems (default: $SNAPFERRY_ROOTS or build/roots)")
    options = parser.parse_args()
    shown = Shown()
    try:
        _check_requirements()
        packages = {release: _packages(options.packages, release) for release in RELEASES}
        made = _roots(project, packages, os.path.abspath(options.roots))
    except Skipped as reason:
        shown.skips("the two machines", reason)
        return shown.summary()
    except Failed as failure:
        shown.breaks(failure)
        return shown.summary()
    for nas, pi in (RELEASES, RELEASES[::-1]) if options.long else (RELEASES,):
        print(f"The NAS has {nas}, the Pi {pi}.", flush=True)
        shown.add(_apart(lambda *where, nas=nas, pi=pi: tell(
            *where, project, (made[nas], packages[nas]), (made[pi], packages[pi]))))
    return shown.summary()


def _check_requirements():
    if os.geteuid() != 0:
        raise Skipped("not root")
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        raise Skipped(f"not installed: {', '.join(absent)}")


def _packages(directory, release):
    machine = subprocess.run(["dpkg", "--print-architecture"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    found = sorted(path for name in PACKAGES for path in glob.glob(
        os.path.join(os.path.abspath(directory), release, f"{name}_*_{machine}.deb")))
    if not found:
        raise Skipped(f"no packages in {directory}/{release}; packaging/build-packages makes them")
    return found


def _roots(project, packages, directory):
    with ThreadPoolExecutor() as pool:
        made = pool.map(lambda item: roots.make(project, *item, directory), packages.items())
        return dict(zip(packages, made))


def _apart(body):
    """body(shown, directory, group) in namespaces of its own that end with it; its counts."""
    reader, writer = os.pipe()
    directory = tempfile.mkdtemp(prefix="snapferry-two-machines.", dir="/var/tmp")
    group = control_groups.name_for(os.getpid())

    def within():
        shown = Shown()
        mounts.mount("tmpfs", directory, "tmpfs", 0, "mode=755,size=90%")
        mounts.mount("tmpfs", "/run", "tmpfs", 0, "mode=755")  # nspawn is particular about it
        network.make()
        control_groups.make_private()
        try:
            body(shown, directory, group)
        except Exception as failure:  # what has been shown is still counted
            shown.breaks(failure)
        os.write(writer, shown.counts().encode())
        return 0

    try:
        run_in_namespaces(within)
        os.close(writer)
        return os.read(reader, 100).decode()
    finally:
        os.close(reader)
        os.rmdir(directory)
        control_groups.remove_those_of_the_dead()
