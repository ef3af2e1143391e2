"""A person with logins at both machines: an account at the Pi with a password and sudo, ssh's own
configuration at the NAS, and a terminal to be asked on."""

import fcntl
import os
import pty
import shutil
import subprocess
import termios
import time

from .ssh_server import SshServer
from .verdict import Failed
from .world import write_file

NAME = "pia"
PASSWORD = "correct horse"
ALIAS = "pi.lan"  # what ssh's configuration at the NAS calls the Pi
ANYTHING = f"{NAME} ALL=(ALL) ALL\n"
ANYTHING_UNASKED = f"{NAME} ALL=(ALL) NOPASSWD: ALL\n"
ONLY_ANSWERS = f"{NAME} ALL=(root) NOPASSWD: /usr/local/sbin/snapferry answer\n"
RULES = "/etc/sudoers.d/person"
PATIENCE = 60.0  # seconds


class Person:
    """A context."""

    def __init__(self, world):
        self.world = world
        self._directory = os.path.join(world.directory, "person")
        self.home = os.path.join(self._directory, "home")  # at the Pi
        self._configuration = os.path.join(world.host.root_home, ".ssh", "config")

    def __enter__(self):
        os.makedirs(self._directory, 0o755, exist_ok=True)
        hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], check=True, text=True,
                                capture_output=True).stdout.strip()
        _quietly("useradd", "--no-log-init", "--create-home", "--home-dir", self.home, "--shell",
                 "/bin/bash", "--password", hashed, NAME)
        self._kept = open("/etc/ssh/sshd_config", encoding="ascii").read()
        self.ssh = SshServer(self._directory, NAME, self.home)
        self.ssh.authorize("")
        write_file("/etc/ssh/sshd_config", self._kept)
        self.configure_ssh()
        self.may(ANYTHING_UNASKED)
        self._known = open(self.world.known_hosts, encoding="ascii").read()
        self.trust()
        return self

    def __exit__(self, *_):
        self.ssh.stop()
        for path in (self._configuration, RULES):
            os.unlink(path)
        write_file(self.world.known_hosts, self._known)
        _quietly("userdel", "--force", "--remove", NAME)  # a session may still be ending
        shutil.rmtree(self._directory, ignore_errors=True)

    address = f"{NAME}@{ALIAS}"

    def configure_ssh(self, key=None, port=None):
        write_file(self._configuration, self.ssh_configuration(key, port), 0o600)

    def ssh_configuration(self, key=None, port=None):
        """With what a careless one may have, too."""
        return (f"Host {ALIAS}\n  HostName 127.0.0.1\n  Port {port or self.ssh.port}\n"
                f"  IdentityFile {key or self.ssh.login_key}\n  RequestTTY force\n"
                "  RemoteCommand reboot\n  ForwardAgent yes\n")

    def trust(self):
        write_file(self.world.known_hosts, self._known + self.host_line())

    def host_line(self):
        return self.ssh.known_hosts()

    def distrust(self):
        write_file(self.world.known_hosts, self._known)

    def may(self, rules):
        """What sudo at the Pi lets this person do."""
        write_file(RULES, rules, 0o440)
        subprocess.run(["visudo", "-c", "-q"], check=True, stdout=subprocess.DEVNULL)

    def run(self, *arguments, **how):
        """snapferry at the NAS, without a terminal."""
        return self.world.commands.run("/usr/local/sbin/snapferry", *arguments, **how)

    def at_terminal(self, *arguments):
        return AtTerminal(self.world.commands.environment, "/usr/local/sbin/snapferry", *arguments)

    def give_key_to(self, path, owner):
        """The private key, for another user of the NAS."""
        shutil.copyfile(self.ssh.login_key, path)
        shutil.copyfile(self.ssh.login_key + ".pub", path + ".pub")
        os.chmod(path, 0o600)
        for each in (path, path + ".pub"):
            shutil.chown(each, owner, owner)

class AtTerminal:
    """A program with a terminal that is its own to ask on: its output and its errors are apart."""

    def __init__(self, environment, *command):
        self.asked, self.echoed_at_the_end = "", None
        self._master, self._slave = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=self._slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/",
            env=environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def await_question(self, words):
        """Until the terminal shows these words, after what was shown before."""
        begin, deadline = len(self.asked), time.monotonic() + PATIENCE
        while words not in self.asked[begin:]:
            if time.monotonic() > deadline or not self._read():
                raise Failed(f"{words!r} was not asked: {self.asked!r}")

    def type(self, text):
        os.write(self._master, text.encode())

    def finish(self):
        """(exit code, standard output, standard error)"""
        out, err = self._process.communicate(timeout=PATIENCE)
        self.echoed_at_the_end = bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)
        os.close(self._slave)
        while self._read():
            pass
        os.close(self._master)
        return self._process.returncode, out.decode(), err.decode()

    def echoes(self):
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def _read(self):
        try:
            piece = os.read(self._master, 4096)
        except OSError:  # nobody has it open any more
            return False
        self.asked += piece.decode(errors="replace")
        return bool(piece)


def _quietly(*command):
    subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
