"""What the tests change of the machine, made private first: /etc, /run, /var/lib, /usr/local/sbin."""

import os
import shutil
import socket
import subprocess

from . import mounts

PROGRAM_DIRECTORY = "/usr/local/sbin"  # where the sudo rule names snapshot-receive
LOGIN = "backups"

SUDOERS = """\
Defaults env_reset
Defaults mail_badpass
Defaults !mail_no_user
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults use_pty
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
"""


class Host:
    """Made once a run, inside the private mount namespace. `base` is an empty directory."""

    def __init__(self, base):
        self.root_home = os.path.join(base, "root-home")
        self.login_home = os.path.join(base, "backups-home")
        self._make_etc_private(os.path.join(base, "etc"))
        mounts.mount("tmpfs", "/run", "tmpfs", mounts.NOSUID | mounts.NODEV, "mode=755")
        mounts.mount("tmpfs", "/var/lib", "tmpfs", mounts.NOSUID | mounts.NODEV, "mode=755")
        mounts.mount("tmpfs", PROGRAM_DIRECTORY, "tmpfs", 0, "mode=755")
        self._name_this_host()
        self._move_root_home()
        self._add_login()
        _write("/etc/sudoers", SUDOERS, 0o440)
        shutil.rmtree("/etc/sudoers.d", ignore_errors=True)
        os.mkdir("/etc/sudoers.d", 0o750)

    def install(self, program):
        """Puts a program where cron and sudo find it."""
        target = os.path.join(PROGRAM_DIRECTORY, os.path.basename(program))
        shutil.copyfile(program, target + ".new")
        os.chmod(target + ".new", 0o755)
        os.rename(target + ".new", target)

    def allow_tags(self, tags):
        """The sudo rule, exactly as docs/by-hand.md words it, once a tag."""
        rules = "".join(
            f"{LOGIN} ALL=(root) NOPASSWD: {PROGRAM_DIRECTORY}/snapshot-receive {tag}\n"
            for tag in tags)
        candidate = "/etc/sudoers.snapferry-candidate"
        _write(candidate, rules, 0o440)
        subprocess.run(["visudo", "-c", "-q", "-f", candidate], check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.rename(candidate, "/etc/sudoers.d/snapferry")

    def _make_etc_private(self, copy):
        # A copy and not an overlay: an overlay cannot lie on every file system that "/" may be.
        subprocess.run(["cp", "-a", "/etc", copy], check=True)
        mounts.mount(copy, "/etc", None, mounts.BIND)

    def _name_this_host(self):
        name = socket.gethostname()  # sudo complains on stderr where it does not resolve
        _write("/etc/hosts", f"127.0.0.1 localhost {name}\n::1 localhost {name}\n", 0o644)

    def _move_root_home(self):
        os.makedirs(os.path.join(self.root_home, ".ssh"), 0o700)
        os.chmod(self.root_home, 0o700)
        lines = [line.split(":") for line in open("/etc/passwd", encoding="utf-8")]
        for fields in lines:
            if fields[0] == "root":
                fields[5] = self.root_home
        _write("/etc/passwd", "".join(":".join(fields) for fields in lines), 0o644)

    def _add_login(self):
        subprocess.run(["userdel", LOGIN], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["useradd", "--system", "--no-log-init", "--create-home", "--home-dir",
                        self.login_home, "--shell", "/bin/sh", "--password", "*", LOGIN],
                       check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _write(path, text, mode):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
