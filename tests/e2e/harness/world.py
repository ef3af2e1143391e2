"""A NAS and a Pi on this machine: two btrfs disks, sshd between them, a user and its sudo rule."""

import contextlib
import os
import re

from . import mounts, processes
from .command import Commands
from .filesystem import Filesystem
from .host import LOGIN, PROGRAM_DIRECTORY
from .lane import Lane
from .link import Link
from .ssh_server import SshServer
from .thin_disk import ThinDisk

GIB = 1 << 30
CLASSIC_DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(__file__)), "classic")
RECEIVE_CONFIGURATION = "/etc/snapferry/receive.toml"
SEND_CONFIGURATION = "/etc/snapferry/send.toml"
CLASSIC_CONFIGURATION = "/etc/classic-receive.conf"


class World:
    """One a module of cases, so that each test takes a lane of its own; close() removes it all.

    `programs` maps the names of the programs to their files; a missing one is simply not there.
    """

    def __init__(self, host, base, images, programs, nas_size=4 * GIB, pi_size=4 * GIB,
                 pi_may_fail=False, nas_may_fail=False):
        self.host, self.programs = host, programs
        self.directory, self._images = base, images
        self._open = contextlib.ExitStack()
        self._tags, self._shared = [], {}
        self.notes = []  # what the report of the present case says besides its verdict
        nodes = self.nodes = os.path.join(base, "nodes")
        os.mkdir(base, 0o755)
        os.mkdir(nodes)
        self.commands = Commands(_environment(host))
        self.nas = Filesystem(os.path.join(images, "nas.img"), os.path.join(base, "nas"), nas_size,
                              nodes, may_fail=nas_may_fail)
        self._open.callback(self.nas.close)
        self.pi = Filesystem(os.path.join(images, "pi.img"), os.path.join(base, "pi"), pi_size,
                             nodes, mounts.NOSUID | mounts.NODEV, pi_may_fail)
        self._open.callback(self.pi.close)
        self.ssh = SshServer(base, LOGIN, host.login_home)
        self._open.callback(self.ssh.stop)
        self.link = Link(self.ssh.port)
        self._open.callback(self.link.close)
        self._set_up_programs()

    def close(self):
        for program in (processes.SENDER, processes.RECEIVER, processes.LOCAL_RECEIVER,
                        processes.BTRFS):
            processes.kill(program)
        self._open.close()

    # Parts that tests ask for

    def lane(self, tag=None, source_tag="daily"):
        """A fresh tag that sudo allows, with an empty source at the NAS."""
        tag = tag or f"tag_{len(self._tags) + 1}"
        self._tags.append(tag)
        self.host.allow_tags(self._tags)
        self.link.reset()
        return Lane(self, tag, source_tag)

    def once(self, make):
        """What make(world) returns, made at the first call: for what several tests look at."""
        if make not in self._shared:
            try:
                self._shared[make] = make(self)
            except Exception as failure:
                self._shared[make] = failure
        if isinstance(self._shared[make], Exception):
            raise self._shared[make]
        return self._shared[make]

    @property
    def address(self):
        """user@host:port of the Pi, by way of the link."""
        return f"{LOGIN}@127.0.0.1:{self.link.port}"

    @property
    def known_hosts(self):
        """root's own file, which ssh and the programs look into without being told."""
        return os.path.join(self.host.root_home, ".ssh", "known_hosts")

    def trust_host_key(self):
        """Writes the server's present host key into root's known_hosts."""
        with open(self.known_hosts, "w", encoding="ascii") as file:
            file.write(self.ssh.known_hosts(self.link.port))

    def classic(self, program):
        return os.path.join(CLASSIC_DIRECTORY, program)

    def classic_receiver(self):
        """A context within which the Pi runs the classic bash script."""
        return self.receiver_is(self.classic("snapshot-receive"))

    @contextlib.contextmanager
    def receiver_is(self, program):
        """Within, the Pi runs another program (a file called snapshot-receive) for the sender."""
        self.host.install(program)
        try:
            yield
        finally:
            self._install_own("snapshot-receive")

    def configure_receiver(self, text="[defaults]\nkeep = 7\n", classic_keep=7):
        """Writes receive.toml: the target and then text.

        The backups of a test are all young: where it does not speak of ages, they count for
        nothing, and `keep` alone decides. They come as a flood, and few files live long: where it
        does not speak of alarms, there are none.
        """
        write_file(RECEIVE_CONFIGURATION,
                   f'target_dir = "{self.pi.path}"\n{_without_alarm(_pruning_the_young(text))}')
        write_file(CLASSIC_CONFIGURATION, f"target_dir={self.pi.path}\nkeep={classic_keep}\n")

    @contextlib.contextmanager
    def pi_is_away(self):
        """Within, nobody answers at the Pi's address."""
        self.ssh.stop()
        try:
            yield
        finally:
            self.ssh.start()

    def power_cut_at_pi(self):
        """A context with the path where the Pi's disk is, as a power cut now would leave it."""
        copy = self.pi.image + ".copy"
        self.pi.copy_image(copy)
        return self.pi.mount_copy_instead(copy, os.path.join(self.directory, "pi-after-power-cut"))

    @contextlib.contextmanager
    def receiver_configured(self, text, **classic):
        """Within, receive.toml has text behind the target."""
        self.configure_receiver(text, **classic)
        try:
            yield
        finally:
            self.configure_receiver()

    @contextlib.contextmanager
    def pi_is(self, path):
        """Within, the receiver's disk is the one mounted at path."""
        write_file(RECEIVE_CONFIGURATION, f'target_dir = "{path}"\n')
        try:
            yield
        finally:
            self.configure_receiver()

    def thin_disk(self):
        """A context with a disk for the Pi whose own room can be taken away."""
        return ThinDisk(self.directory, self.nodes)

    def another_disk(self, name, size):
        """A btrfs for root alone, to be closed by who asks for it."""
        return Filesystem(os.path.join(self._images, f"{name}.img"),
                          os.path.join(self.directory, name), size, self.nodes)

    def await_quiet(self):
        """Waits until both sides of a broken run have noticed and left."""
        processes.await_none(processes.SENDER, processes.RECEIVER, processes.LOCAL_RECEIVER,
                             processes.BTRFS)

    # Running the programs

    login = LOGIN

    def sender(self):
        return os.path.join(PROGRAM_DIRECTORY, "snapshot-send")

    def receiver(self):
        return os.path.join(PROGRAM_DIRECTORY, "snapshot-receive")

    def start_sender(self, *arguments, env=None):
        """Starts our snapshot-send on a fresh link: it is slowed down or cut only afterwards."""
        self.link.reset()
        return self.commands.start(self.sender(), *arguments, env=env)

    def receive(self, *arguments, stream=b""):
        """Runs our snapshot-receive as root, with a stream on stdin."""
        return self.commands.run(self.receiver(), *arguments, input=stream)

    def ssh_as_backups(self, *command, input=b""):
        """What somebody who stole the NAS's key can run at the Pi."""
        return self.commands.run("ssh", "-F", "none", "-o", "BatchMode=yes", "-o",
                                 f"UserKnownHostsFile={self.known_hosts}", "-i",
                                 self.ssh.login_key, "-p", str(self.ssh.port),
                                 f"{LOGIN}@127.0.0.1", *command, input=input)

    def _set_up_programs(self):
        os.makedirs("/etc/snapferry", 0o755, exist_ok=True)
        for program in self.programs:
            self._install_own(program)
        self.trust_host_key()
        self.configure_receiver()

    def _install_own(self, program):
        if program in self.programs:
            self.host.install(self.programs[program])
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(PROGRAM_DIRECTORY, program))


def _pruning_the_young(text):
    no_age = 'min_age = "0s"\n'
    if "min_age" in text:
        return text
    if "defaults" in text:
        return re.sub(r"(\[defaults\]\nkeep = [^\n]*\n)", r"\1" + no_age, text)
    return f"{text}\n[defaults]\n{no_age}"


def _without_alarm(text):
    many = 1_000_000
    return text if "[alarm]" in text else f"{text}\n[alarm]\narrivals = {many}\nfiles = {many}\n"


def write_file(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def _environment(host):
    """As cron's: little, and nothing of the person who runs the tests."""
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": host.root_home, "LANG": "C.UTF-8", "SHELL": "/bin/sh", "LOGNAME": "root"}
