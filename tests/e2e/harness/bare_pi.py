"""A Pi on which nothing is set up yet: no user, no rule, no configuration, an empty disk."""

import contextlib
import os
import shutil
import stat
import subprocess

from . import mounts
from .host import LOGIN
from .loop_device import LoopDevice
from .ssh_server import public_key
from .verdict import check, check_equal
from .world import RECEIVE_CONFIGURATION, write_file

DISK_SIZE = 512 << 20  # bytes
FSTAB = "# what the Pi starts with\ntmpfs /mnt/other tmpfs noauto 0 0\n"
SUDO_RULES, TABLE = "/etc/sudoers.d/snapferry", "/etc/fstab"
KEYS = f"/var/lib/{LOGIN}/.ssh/authorized_keys"
TARGET = "/mnt/backups"
USERS = ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow")
KEPT = (*USERS, TABLE, SUDO_RULES, RECEIVE_CONFIGURATION)
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


class BarePi:
    """A context, within which the world's Pi is this one. Its disk is `device`."""

    def __init__(self, world):
        self.world = world
        self.image = os.path.join(world.directory, "bare.img")
        self.key = public_key(world.ssh.login_key)

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        self._keep_files()
        self._make_dev_private()
        mounts.mount("tmpfs", "/mnt", "tmpfs", mounts.NOSUID | mounts.NODEV, "mode=755")
        self._stack.callback(mounts.detach, "/mnt")
        os.mkdir("/mnt/other")
        self.make_bare()
        return self

    def __exit__(self, *_):
        self._let_go_of_disk()
        self._stack.close()

    def make_bare(self):
        """Also after a test has set something up."""
        self._let_go_of_disk()
        subprocess.run(["userdel", "--force", LOGIN], check=False, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(f"/var/lib/{LOGIN}", ignore_errors=True)
        for path in (SUDO_RULES, RECEIVE_CONFIGURATION):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        write_file(TABLE, FSTAB)
        with open(self.image, "wb") as file:
            file.truncate(DISK_SIZE)
        self._device = LoopDevice(self.image, "/dev")
        self.device = self._device.path

    @property
    def name(self):
        """What is to be typed to have the disk erased."""
        return os.path.basename(self.device)

    def run(self, *arguments, **how):
        return self.world.commands.run("/usr/local/sbin/snapferry", "setup", *arguments, **how)

    def set_up(self, tag, *arguments, **how):
        return self.run("receiver", tag, *arguments, **how)

    def set_up_whole(self, tag="home", *arguments):
        """With the empty disk, and the key of the NAS."""
        return self.set_up(tag, "--key", self.key, "--format", self.device, "--typed", self.name,
                           "--yes", *arguments)

    def make_btrfs(self):
        subprocess.run(["mkfs.btrfs", "-q", self.device], check=True, stdout=subprocess.DEVNULL)

    def state(self):
        """All that a set-up changes, to be compared."""
        files = {path: _photograph(path) for path in (*KEPT, KEYS, os.path.dirname(KEYS),
                                                      f"/var/lib/{LOGIN}", TARGET)}
        return files, mounts.is_mounted(TARGET)

    @staticmethod
    def check_sound(when):
        """sudo, sshd and the table of mounts are as they should be."""
        for command in (["visudo", "-c", "-q"], ["sshd", "-t"],
                        ["findmnt", "--verify", "--tab-file", TABLE]):
            found = subprocess.run(command, check=False, capture_output=True, text=True,
                                   env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"})
            check("[E]" not in found.stdout and
                  (found.returncode == 0 or command[0] == "findmnt"),
                  f"{' '.join(command)} {when}: {found.stdout}{found.stderr}")

    def _keep_files(self):
        for path in KEPT:
            text = open(path, "rb").read() if os.path.exists(path) else None
            mode = stat.S_IMODE(os.stat(path).st_mode) if text is not None else 0
            self._stack.callback(_put_back, path, text, mode)

    def _make_dev_private(self):
        """Where the mount program finds the disk by its UUID, and nothing of the machine's own."""
        private = os.path.join(self.world.directory, "dev")
        os.makedirs(private, exist_ok=True)
        mounts.mount("tmpfs", private, "tmpfs", mounts.NOSUID, "mode=755")
        for name in (*DEVICES, "btrfs-control", "loop-control"):
            number = os.stat(f"/dev/{name}").st_rdev if os.path.exists(f"/dev/{name}") else None
            if number is not None:
                os.mknod(os.path.join(private, name), 0o600 | stat.S_IFCHR, number)
                os.chmod(os.path.join(private, name), 0o666)
        for name in ("pts", "shm"):
            os.mkdir(os.path.join(private, name))
            mounts.mount(f"/dev/{name}", os.path.join(private, name), None, mounts.BIND)
        os.symlink("pts/ptmx", os.path.join(private, "ptmx"))
        os.symlink("/proc/self/fd", os.path.join(private, "fd"))
        mounts.mount(private, "/dev", None, mounts.BIND | mounts.REC)
        self._stack.callback(mounts.detach, private)
        self._stack.callback(mounts.detach, "/dev")

    def _let_go_of_disk(self):
        while mounts.is_mounted(TARGET):
            mounts.unmount(TARGET)
        if getattr(self, "_device", None) is not None:
            self._device.close()
            self._device = None


def _photograph(path):
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    text = open(path, "rb").read() if stat.S_ISREG(found.st_mode) else None
    return found.st_uid, found.st_gid, found.st_mode, text


def _put_back(path, text, mode):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    if text is not None:
        with open(path, "wb") as file:
            file.write(text)
        os.chmod(path, mode)
        shutil.chown(path, "root", "shadow" if "shadow" in path else "root")
