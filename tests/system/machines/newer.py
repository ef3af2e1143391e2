"""A package with a higher version, and all else as it was: for upgrades, with their scripts."""

import os
import re
import subprocess
import tempfile

ADDED = "+newer1"


def with_higher_version(package, directory):
    """The new file, in directory."""
    with tempfile.TemporaryDirectory(dir=directory) as unpacked:
        subprocess.run(["dpkg-deb", "--raw-extract", package, unpacked], check=True)
        control = os.path.join(unpacked, "DEBIAN", "control")
        with open(control, encoding="utf-8") as file:
            text = file.read()
        version = re.search(r"^Version: (.*)$", text, re.MULTILINE).group(1)
        with open(control, "w", encoding="utf-8") as file:  # the packages ask for one another's
            file.write(re.sub(rf"{re.escape(version)}(?=\)|$)", version + ADDED, text,
                              flags=re.MULTILINE))
        newer = os.path.join(directory, os.path.basename(package).replace(version, version + ADDED))
        subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "--build", unpacked, newer], check=True,
                       stdout=subprocess.DEVNULL)
    return newer
