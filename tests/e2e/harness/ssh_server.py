"""A private sshd on loopback with host keys, log and authorized keys of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time

PROGRAM_DIRECTORY = "/usr/local/sbin"  # where the sudo rule names snapshot-receive
START_PATIENCE = 60.0  # seconds

CONFIGURATION = """\
Port {port}
ListenAddress {address}
{ipv6}HostKey {host_key}
PidFile none
LogLevel VERBOSE
UsePAM no
StrictModes yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers {login}
MaxStartups 100
{ciphers}{penalties}"""


class SshServer:
    def __init__(self, directory, login, login_home, address="127.0.0.1"):
        self.address, self.port = address, free_port()
        self.log = os.path.join(directory, "sshd.log")
        self._directory, self._login, self._login_home = directory, login, login_home
        self._daemon, self._ciphers = None, ""
        self.host_key = make_key(os.path.join(directory, "host_key"))
        self.login_key = make_key(os.path.join(directory, "login_key"))
        self.has_ipv6 = address == "127.0.0.1" and _ipv6_works()
        os.makedirs("/run/sshd", 0o755, exist_ok=True)  # sshd's own empty directory
        self.authorize()
        self.start()

    # Many tags share the one key of these tests, so the client says which it wants. A key of a real
    # receiver is tied to one tag: see authorize_for().
    ANY_TAG = 'restrict,command="eval \\"$SSH_ORIGINAL_COMMAND\\""'

    def authorize_for(self, tag):
        """Lets the login key in as docs/by-hand.md words it: for one tag, and nothing else."""
        self.authorize(
            f'restrict,command="sudo -n {PROGRAM_DIRECTORY}/snapshot-receive {tag}"')

    def authorize(self, options=ANY_TAG):
        """Lets the login key in, with options such as `restrict,command="..."`."""
        directory = os.path.join(self._login_home, ".ssh")
        os.makedirs(directory, 0o700, exist_ok=True)
        path = os.path.join(directory, "authorized_keys")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"{options} {public_key(self.login_key)}\n".lstrip())
        for owned in (directory, path):
            shutil.chown(owned, self._login, self._login)

    def start(self):
        configuration = os.path.join(self._directory, "sshd_config")
        for penalties in ("PerSourcePenalties no\n", ""):  # since OpenSSH 9.8
            self._write_configuration(configuration, penalties)
            if subprocess.run([_sshd(), "-t", "-f", configuration], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0:
                break
        shutil.copyfile(configuration, "/etc/ssh/sshd_config")  # as `sshd -T` reads it
        self._daemon = subprocess.Popen([_sshd(), "-D", "-f", configuration, "-E", self.log],
                                        stdin=subprocess.DEVNULL)
        self._await_listening()

    def change_host_key(self):
        """As after a new installation of the receiver, or with somebody in the middle."""
        self.stop()
        self.host_key = make_key(os.path.join(self._directory, f"host_key_{time.monotonic_ns()}"))
        self.start()

    def restrict_ciphers(self, *names):
        """From now on it takes no others."""
        self.stop()
        self._ciphers = f"Ciphers {','.join(names)}\n"
        self.start()

    @property
    def pid(self):
        """Of the process that listens, and waits for those that serve connections."""
        return self._daemon.pid

    def stop(self):
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGTERM)
            self._daemon.wait()
            self._daemon = None

    def known_hosts(self, *ports):
        """The lines with which a client knows this server, also behind other ports."""
        key = public_key(self.host_key)
        return "".join(f"[{address}]:{port} {key}\n"
                       for port in (self.port, *ports) for address in (self.address, "::1"))

    def _write_configuration(self, path, penalties):
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                port=self.port, address=self.address, host_key=self.host_key, login=self._login,
                ciphers=self._ciphers, penalties=penalties,
                ipv6="ListenAddress ::1\n" if self.has_ipv6 else ""))

    def _await_listening(self):
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and self._daemon.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((self.address, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("sshd did not start: " + open(self.log, encoding="utf-8").read())


def make_key(path):
    """An ed25519 key pair without a passphrase; returns the path of the private half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path],
                   check=True)
    return path


def public_key(path):
    with open(path + ".pub", encoding="ascii") as file:
        return " ".join(file.read().split()[:2])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _sshd():
    return shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin") or "/usr/sbin/sshd"


def _ipv6_works():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False
