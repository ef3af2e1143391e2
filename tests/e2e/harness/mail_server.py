"""A mail server on this machine, with STARTTLS and a login, by aiosmtpd of Debian."""

import contextlib
import email
import email.policy
import os
import ssl
import threading
import time

from .verdict import Failed, Skipped

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, SMTP
except ImportError:
    Controller = SMTP = AuthResult = None

USER, PASSWORD = "nas", "p\u00e4ss w0rd"
PATIENCE = 180  # seconds


class Certificates:
    """An authority of our own, and what it has signed."""

    def __init__(self, world):
        self.directory = os.path.join(world.directory, f"certificates {time.monotonic_ns()}")
        os.mkdir(self.directory)
        self._world = world
        self.authority = self._make("authority", "authority", ())

    def server(self, name):
        """A file with key and certificate of this name."""
        ca = os.path.join(self.directory, "authority.both")
        return self._make(f"server {name}", name, ("-CA", self.authority, "-CAkey", ca, "-addext",
                                                   f"subjectAltName=DNS:{name}"))

    def _make(self, file, name, signed_by):
        path = os.path.join(self.directory, file)
        run = self._world.commands.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", path + ".key", "-out",
            path, *signed_by)
        if run.code != 0:
            raise Failed(f"openssl: {run.err}")
        with open(path + ".both", "w", encoding="ascii") as both:
            for part in (path + ".key", path):
                with open(part, encoding="ascii") as text:
                    both.write(text.read())
        return path if not signed_by else path + ".both"


class MailServer:
    """Takes mails from who has logged in over TLS; `mails` are those it has taken."""

    def __init__(self, certificate=None, login=True):
        if Controller is None:
            raise Skipped("aiosmtpd is not installed")
        self.mails, self.logins = [], []
        self._arrival = threading.Condition()
        context = None
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
        self._options = {"tls_context": context, "require_starttls": bool(certificate),
                         "auth_required": login,
                         "authenticator": self._authenticate if login else None,
                         "auth_require_tls": bool(certificate)}
        self._controller = None
        self.port = 0
        self.start()

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port or _free_port(),
                                      server_hostname="localhost", **self._options)
        self._controller.start()
        self.port = self._controller.port

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._arrival:
            self.mails.append((message, envelope.mail_from, list(envelope.rcpt_tos)))
            self._arrival.notify_all()
        return "250 taken"

    def _authenticate(self, _server, _session, _envelope, _mechanism, data):
        login = (data.login.decode(), data.password.decode())
        self.logins.append(login)
        return AuthResult(success=login == (USER, PASSWORD), handled=False)

    def await_mails(self, count):
        """The mails, once there are so many."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.mails) >= count, PATIENCE):
                raise Failed(f"{len(self.mails)} mails came, and not {count}")
        return self.mails

    @property
    def subjects(self):
        return [message["Subject"] for message, _, _ in self.mails]


@contextlib.contextmanager
def mail_server(*arguments, **options):
    server = MailServer(*arguments, **options)
    try:
        yield server
    finally:
        server.stop()


def _free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
