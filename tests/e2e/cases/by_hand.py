"""Setting up by hand, as docs/by-hand.md says, where sshd listens at its own port and nothing is set
up yet: in a network of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

from harness import documents
from harness.case import ALL_PROGRAMS, case
from harness.host import LOGIN
from harness.lane import check_same_tree
from harness.verdict import Failed, check, told_of_failures
from harness.world import write_file

CHANGED = ("passwd", "group", "shadow", "gshadow", "hosts", "sudoers.d/snapferry")
KEY_LINE = "ssh-ed25519 AAAA... root@nas"
PATIENCE = 60.0  # seconds
SSHD = """\
ListenAddress 127.0.0.1
HostKey {host_key}
PidFile none
UsePAM yes
PasswordAuthentication no
AllowUsers {login}
"""


class _Network:
    """A context: what is run in it has a loopback of its own, with an sshd at port 22."""

    def __init__(self, world):
        self.world = world

    def __enter__(self):
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        ours = os.readlink("/proc/self/ns/net")
        _await(lambda: os.readlink(self._namespace) != ours)
        self.run("ip link set lo up")
        configuration = os.path.join(self.world.directory, "by-hand-sshd")
        write_file(configuration, SSHD.format(host_key=self.world.ssh.host_key, login=LOGIN))
        self._sshd = subprocess.Popen(self._inside("/usr/sbin/sshd", "-D", "-f", configuration, "-E",
                                                   self.world.ssh.log))
        _await(lambda: self.run_quietly("exec 3<>/dev/tcp/127.0.0.1/22"))
        return self

    def __exit__(self, *_):
        for process in (self._sshd, self._holder):
            process.send_signal(signal.SIGTERM)
            process.wait()

    def run(self, script, editor="true"):
        return self.world.commands.run(*self._inside("/bin/bash", "-euo", "pipefail", "-c", script),
                                       env={"SUDO_EDITOR": editor}).expect(0)

    def run_quietly(self, script):
        return subprocess.run(self._inside("/bin/bash", "-c", script), check=False,
                              stderr=subprocess.DEVNULL).returncode == 0

    @property
    def _namespace(self):
        return f"/proc/{self._holder.pid}/ns/net"

    def _inside(self, *command):
        return ("nsenter", f"--net={self._namespace}", *command)


def _await(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failed("the network of the test does not come up")
        time.sleep(0.02)


@contextlib.contextmanager
def _freshly_installed(world):
    """Within, there is no user `backups`, no rule and no configuration."""
    kept = os.path.join(world.directory, "kept")
    os.makedirs(os.path.join(kept, "sudoers.d"))
    for name in CHANGED:
        shutil.copy2(f"/etc/{name}", os.path.join(kept, name))
    subprocess.run(["userdel", LOGIN], check=True, stderr=subprocess.DEVNULL)
    os.unlink("/etc/sudoers.d/snapferry")
    shutil.rmtree("/etc/snapferry")
    with open("/etc/hosts", "a", encoding="ascii") as file:
        file.write("127.0.0.1 pi.lan\n")
    try:
        yield
    finally:
        for name in CHANGED:
            shutil.copy2(os.path.join(kept, name), f"/etc/{name}")
        for place in ("/etc/snapferry", "/var/lib/backups"):
            shutil.rmtree(place, ignore_errors=True)
        os.mkdir("/etc/snapferry")
        world.configure_receiver()


class _Places:
    """Where what the page names is, in the test."""

    def __init__(self, world, lane):
        home = os.path.join(world.host.root_home, ".ssh")
        self.public_key = os.path.join(home, "snapferry.pub")
        self.names = {"/mnt/backups": world.pi.path, "/data/.snapshots": lane.snapshot_dir,
                      "/root/.ssh": home, "/usr/local/share/doc/snapferry/examples":
                      os.path.join(documents.ROOT, "packaging")}

    def here(self, text):
        for name, ours in self.names.items():
            text = text.replace(name, ours)
        if os.path.exists(self.public_key):
            with open(self.public_key, encoding="ascii") as file:
                text = text.replace(KEY_LINE, file.read().strip())
        return text

    def editor(self, directory):
        """A person who puts their own names into an example."""
        path = os.path.join(directory, "editor")
        write_file(path, "#!/bin/sh\nsed -i " + " ".join(
            f"-e 's|{name}|{ours}|'" for name, ours in self.names.items()) + ' "$1"\n', 0o755)
        return path


@case(needs=ALL_PROGRAMS)
def what_is_set_up_by_hand_as_the_page_says_sends(world):
    lane = world.lane(tag="home")
    lane.write("file", "of the first day")
    name = lane.snapshot()
    places = _Places(world, lane)
    blocks = [block for block in documents.blocks("docs/by-hand.md") if block.mark == "run"]
    check(len(blocks) > 6, "the page has lost its commands")
    with _freshly_installed(world), _Network(world) as network:
        editor = places.editor(world.directory)
        for block in blocks:
            with told_of_failures(str(block)):
                network.run(f"cd {world.directory}\n" + places.here(block.text), editor)
        check_same_tree(lane.at_nas(name), lane.at_pi(name))
