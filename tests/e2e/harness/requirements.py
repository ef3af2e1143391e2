"""What the machine must have for these tests."""

import os
import shutil

from .filesystem import Filesystem

TOOLS = ("btrfs", "mkfs.btrfs", "sshd", "sudo", "visudo", "ssh", "ssh-keygen", "useradd", "bash")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SMALLEST_IMAGE = 128 << 20  # bytes; mkfs.btrfs wants a little over 100 MiB
MEMORY_FOR_IMAGES = 6 << 30  # bytes that must be available to keep the images in memory


def missing_before_namespaces():
    """Why nothing can run here, or None."""
    if os.geteuid() != 0:
        return "not root"
    absent = [tool for tool in TOOLS if shutil.which(tool, path=PATH) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def missing_inside(base, images):
    """Tries a btrfs image on a loop device: the reason why it does not work, or None."""
    nodes = os.path.join(base, "probe-nodes")
    os.mkdir(nodes)
    try:
        probe = Filesystem(os.path.join(images, "probe.img"), os.path.join(base, "probe"),
                           SMALLEST_IMAGE, nodes)
    except OSError as failure:
        return f"no btrfs on loop devices: {failure}"
    probe.close()
    return None


def memory_available():
    """Bytes that programs can take without swapping."""
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0
