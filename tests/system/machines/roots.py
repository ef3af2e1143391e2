"""Root filesystems of Debian releases, made once by mmdebstrap from this machine's own mirror.

A root holds what a machine of that release has before snapferry comes, and the packages that ours
ask for lie in apt's cache: so apt installs ours there as on any machine, without a network.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import tempfile

from harness.verdict import Failed, Skipped

STANDARD = ("systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "sudo")
ARCHIVES = "/var/cache/apt/archives"


def make(release, packages, directory):
    """The root of a release for these packages (files): the one that is there, or a new one."""
    path = os.path.join(directory, f"machine-{release}-{_fingerprint(packages)}")
    if not os.path.isdir(path):
        for outdated in glob.glob(os.path.join(directory, f"machine-{release}-*")):
            shutil.rmtree(outdated)
        _make(release, packages, path)
    return path


def _make(release, packages, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    unfinished = path + ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w+") as log:
        ended = subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", "--skip=cleanup/apt",
             f"--include={','.join(STANDARD)}", f"--customize-hook=copy-in {' '.join(packages)} /root",
             "--customize-hook=chroot \"$1\" apt-get install --yes --quiet --download-only "
             + " ".join(f"/root/{os.path.basename(package)}" for package in packages),
             "--customize-hook=rm \"$1\"/root/*.deb",
             release, unfinished, f"deb {_mirror()} {release} main"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        if ended.returncode != 0:
            log.seek(0)
            raise Failed(f"mmdebstrap could not make {release}: {log.read()[-3000:]}")
    os.rename(unfinished, path)


def _fingerprint(packages):
    """Of all that is in the root: what is standard, and what the packages ask for."""
    wanted = [*STANDARD, *sorted(_field(package, "Depends", "Recommends") for package in packages)]
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:8]


def _field(package, *names):
    return subprocess.run(["dpkg-deb", "--field", package, *names], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def _mirror():
    """Where this machine's apt has its own Debian from."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(SITE)",
         "Created-By: Packages", "Component: main"], check=False, text=True, stdout=subprocess.PIPE)
    for line in told.stdout.splitlines():
        origin, codename, site = line.split(" ", 2)
        if origin == "Debian" and "-" not in codename:
            return site
    raise Skipped("this machine's apt has no Debian to make root filesystems from")
