"""What the figures were measured on."""

import os
import platform
import re
import subprocess


def description():
    """One sentence."""
    return (f"{os.cpu_count()} cores of {_cpu()}, {_memory_gib():.0f} GiB of memory, Linux "
            f"{platform.release().split('-')[0]}, {_version('btrfs', '--version')}, "
            f"{_version('ssh', '-V')}, btrbk {_version('btrbk', '--version')}; the images of both "
            "disks in memory")


def _cpu():
    with open("/proc/cpuinfo", encoding="ascii") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    return re.sub(r"\s+", " ", found.group(1)) if found else platform.machine()


def _memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def _version(*command):
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    line = (told.stdout.decode().splitlines() or [""])[0]
    return line.split(",")[0].replace("btrbk command line client", "").strip() or (
        line.rpartition(" ")[2])
