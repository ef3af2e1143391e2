"""Root filesystems of Debian releases, made once by packaging/debian-root.

A root holds what a machine of that release has before snapferry comes, and the packages that ours
ask for lie in apt's cache: so apt installs ours there as on any machine, without a network.
"""

import glob
import hashlib
import os
import shutil
import subprocess

from harness.verdict import Failed

STANDARD = ("systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "sudo")


def make(project, release, packages, directory):
    """The root of a release for these packages (files): the one that is there, or a new one."""
    path = os.path.join(directory, f"fresh-{release}-{_fingerprint(packages)}")
    if not os.path.isdir(path):
        for outdated in glob.glob(os.path.join(directory, f"fresh-{release}-*")):
            shutil.rmtree(outdated)
        _make(project, release, packages, path)
    return path


def _make(project, release, packages, path):
    """debian-root puts it in its place when it is whole."""
    there = " ".join(f"/root/{os.path.basename(package)}" for package in packages)
    ended = subprocess.run(
        [os.path.join(project, "packaging", "debian-root"), release, path, "--variant=minbase",
         "--skip=cleanup/apt", f"--include={','.join(STANDARD)}",
         f"--customize-hook=copy-in {' '.join(packages)} /root",
         f"--customize-hook=chroot \"$1\" apt-get install --yes -qq --option=APT::Install-Recommends=true "
         f"--download-only {there}",
         "--customize-hook=rm \"$1\"/root/*.deb"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if ended.returncode != 0:
        raise Failed(f"no root filesystem of {release}: {ended.stdout}")


def _fingerprint(packages):
    """Of all that is in the root: what is standard, and what the packages ask for."""
    wanted = [*STANDARD, *sorted(_asked_for(package) for package in packages)]
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:8]


def _asked_for(package):
    return subprocess.run(["dpkg-deb", "--field", package, "Depends", "Recommends"], check=True,
                          text=True, stdout=subprocess.PIPE).stdout
