"""Stands in for systemd's journal: takes the datagrams that sd_journal_send(3) writes."""

import contextlib
import os
import socket
import threading

SOCKET = "/run/systemd/journal/socket"  # in the private /run of the tests
LARGEST = 1 << 20  # bytes of a datagram
END = b"END=1\n"


class Journal:
    """A context; afterwards `entries` holds what arrived, a dictionary of fields each."""

    def __enter__(self):
        os.makedirs(os.path.dirname(SOCKET), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(SOCKET)
        self._datagrams = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(SOCKET)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(END, SOCKET)
        self._thread.join()
        self._socket.close()
        os.unlink(SOCKET)

    @property
    def entries(self):
        return [dict(_fields(datagram)) for datagram in self._datagrams]

    def of(self, program):
        """NAS and Pi have one journal here."""
        return [entry for entry in self.entries if entry["SYSLOG_IDENTIFIER"] == program]

    def _listen(self):
        while (datagram := self._socket.recv(LARGEST)) != END:
            self._datagrams.append(datagram)


class HungJournal:
    """A context: a journal that takes nothing any more, with as much waiting as there is room."""

    def __enter__(self):
        os.makedirs(os.path.dirname(SOCKET), exist_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(SOCKET)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as writer:
            writer.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while writer.sendto(b"MESSAGE=waiting\n", SOCKET):
                    pass
        return self

    def __exit__(self, *_):
        self._socket.close()
        os.unlink(SOCKET)


def _fields(datagram):
    """FIELD=value in a line; or FIELD, its length and its bytes, where it has more than one."""
    while datagram:
        line, _, datagram = datagram.partition(b"\n")
        name, is_plain, value = line.partition(b"=")
        if not is_plain:
            size = int.from_bytes(datagram[:8], "little")
            value, datagram = datagram[8:8 + size], datagram[8 + size + 1:]
        yield name.decode(), value.decode()
