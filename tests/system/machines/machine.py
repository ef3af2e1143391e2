"""A machine: a Debian on a root of its own, booted by systemd-nspawn, and what is done to it as root."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field

from harness import mounts
from harness.command import Commands
from harness.verdict import Failed

from . import control_groups, network

PATIENCE = 180.0  # seconds; a boot takes five
REBOOTS = 133  # how nspawn ends when it is to be started again; systemd's EXIT_FORCE_RESTART
WHO_MATTERS = ("snapshot-send", "snapshot-receive", "snapferry", "sshd", "sshd-session", "sudo")
ENVIRONMENT = ("HOME=/root", "LANG=C.UTF-8", "TERM=xterm", "SHELL=/bin/bash", "USER=root",
               "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
# systemd does not look for disks where it sees that it is in a container, and so it leaves alone
# what fstab says of them.
MOUNT_WHAT_FSTAB_SAYS = """\
[Unit]
DefaultDependencies=no
Before=local-fs.target
After=systemd-tmpfiles-setup-dev.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/mount --all
"""


@dataclass
class Machine:
    """`root` is shared by all that have it and stays as it is: what changes is in `directory`."""

    name: str
    address: str
    root: str
    directory: str
    group: str  # of the control groups of all machines
    disks: list = field(default_factory=list)
    others: dict = field(default_factory=dict)  # addresses by name

    def __post_init__(self):
        self.commands = Commands(dict(os.environ, LC_ALL="C"))
        self._nspawn = self._leader = None
        self._console = os.path.join(self.directory, "console")
        self.system = os.path.join(self.directory, "system")
        upper, work = (os.path.join(self.directory, part) for part in ("changed", "work"))
        for path in (self.system, upper, work):
            os.makedirs(path)
        mounts.mount("overlay", self.system, "overlay", 0,
                     f"lowerdir={self.root},upperdir={upper},workdir={work}")
        self._make_it_one_of_its_own()

    @property
    def port(self):
        """The name of the line's end that is not the machine's."""
        return f"vb-{self.name}"

    def start(self):
        self._begin()
        self._await_boot()

    def node(self, disk):
        """What the machine itself calls a disk."""
        return f"/dev/{os.path.basename(disk.device)}"

    def reboot(self):
        self.run("systemctl", "reboot")
        if self._nspawn.wait(PATIENCE) != REBOOTS:
            raise Failed(f"{self.name} went off instead of rebooting: {self.console()[-3000:]}")
        self.start()

    def stop(self):
        if self._nspawn is None:
            return
        if self._nspawn.poll() is None:
            self._nspawn.send_signal(signal.SIGTERM)  # an orderly shutdown
            try:
                self._nspawn.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        self._nspawn = None

    def run(self, *command, **how):
        """As root; the Result."""
        return self.commands.run(*self._inside(), *command, **how)

    def start_command(self, *command, **how):
        return self.commands.start(*self._inside(), *command, **how)

    def told(self, *command):
        """What a command that ends well says."""
        return self.run(*command).expect(0).out.strip()

    def copy_in(self, source, target, mode=0o644):
        """target is a path at the machine."""
        path = self.outside(target)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(source, "rb") as source_file, open(path, "wb") as file:
            file.write(source_file.read())
        os.chmod(path, mode)

    def files_in(self, path):
        """What a file, or each file below a directory, has in it, by name."""
        found = {}
        outside = self.outside(path)
        walk = os.walk(outside) if os.path.isdir(outside) else [("", (), [outside])]
        for directory, _, names in walk:
            for name in sorted(names):
                file = os.path.join(directory, name)
                if os.path.isfile(file):
                    with open(file, "rb") as content:
                        found[file[len(self.system):]] = content.read()
        return found

    def outside(self, path):
        """Where a path of the machine's root is found from outside. Not what it has mounted."""
        return os.path.join(self.system, path.lstrip("/"))

    def within(self, path):
        """Where from outside a path is found of what the machine, which is on, has mounted."""
        return f"/proc/{self._leader}/root{path}"

    def journal(self):
        return self.run("journalctl", "--no-pager", "--boot=all", "--lines=80", *(
            f"--identifier={name}" for name in WHO_MATTERS)).out

    def console(self):
        with open(self._console, encoding="utf-8", errors="replace") as file:
            return file.read()

    def _begin(self):
        group = control_groups.make(self.group, self.name)
        with open(self._console, "ab") as console:
            self._nspawn = subprocess.Popen(
                ["systemd-nspawn", "--quiet", f"--directory={self.system}",
                 f"--machine={self.name}", f"--network-bridge={network.BRIDGE}", "--register=no",
                 "--keep-unit", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
                 *(f"--bind={disk.device}:{self.node(disk)}" for disk in self.disks), "--boot"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                preexec_fn=lambda: control_groups.enter(group))
        self._leader = None

    def _inside(self):
        return ("nsenter", f"--target={self._leader}", "--all", "--wd=/", "env", "-i", *ENVIRONMENT)

    def _await_boot(self):
        deadline = time.monotonic() + PATIENCE
        while not (self._is_up() and self._listens()):
            if self._nspawn.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{self.name} does not boot: {self.console()[-3000:]}")
            time.sleep(0.1)

    def _is_up(self):
        self._leader = _only_child(self._nspawn.pid)
        if self._leader is None:
            return False
        state = subprocess.run([*self._inside(), "systemctl", "is-system-running"], check=False,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return state.stdout.strip() in ("running", "degraded")

    def _listens(self):
        try:
            socket.create_connection((self.address, 22), timeout=1.0).close()
        except OSError:
            return False
        return True

    def _make_it_one_of_its_own(self):
        hosts = "".join(f"{address} {name}\n" for name, address in self.others.items())
        self.write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n{hosts}")
        self.write("/etc/hostname", f"{self.name}\n")
        self.write("/etc/machine-id", "")
        self.write("/etc/systemd/network/10-host0.network",
                    f"[Match]\nName=host0\n[Network]\nAddress={self.address}/{network.PREFIX}\n")
        self.write("/etc/systemd/system/mount-what-fstab-says.service", MOUNT_WHAT_FSTAB_SAYS)
        wants = self.outside("/etc/systemd/system/local-fs.target.wants")
        os.makedirs(wants, exist_ok=True)
        os.symlink("../mount-what-fstab-says.service", f"{wants}/mount-what-fstab-says.service")
        self.prepare("systemctl", "enable", "systemd-networkd.service")
        self.prepare("systemctl", "disable", "apt-daily.timer", "apt-daily-upgrade.timer")
        self.prepare("sh", "-c", "rm -f /etc/ssh/ssh_host_*")
        self.prepare("ssh-keygen", "-A")

    def prepare(self, *command, text=None):
        """Runs a command on the root before it boots."""
        ended = subprocess.run(["chroot", self.system, *command], check=False, input=text, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ended.returncode != 0:
            raise Failed(f"{self.name}: {command}: {ended.stdout}")

    def write(self, path, text):
        path = self.outside(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def _only_child(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
    except FileNotFoundError:
        return None
    return int(children[0]) if len(children) == 1 else None
