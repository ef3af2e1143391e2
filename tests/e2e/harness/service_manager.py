"""What a service tells systemd, heard in its place."""

import os
import socket
import time

from .verdict import Failed

PATIENCE = 120.0  # seconds


class ServiceManager:
    """A NOTIFY_SOCKET; `environment` is what the service is started with."""

    def __init__(self, directory, watchdog=None):
        """`watchdog`: seconds."""
        path = os.path.join(directory, "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self._path = path
        self.told = []
        self.environment = {"NOTIFY_SOCKET": path}
        if watchdog:
            self.environment["WATCHDOG_USEC"] = str(int(watchdog * 1e6))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        os.unlink(self._path)

    def await_told(self, words, run=None):
        """Waits until something with these words is told that was not asked for before."""
        deadline = time.monotonic() + PATIENCE
        self._socket.settimeout(0.2)
        while time.monotonic() < deadline and not (run and run.ended):
            try:
                told = self._socket.recv(4096).decode()
            except TimeoutError:
                continue
            self.told.append(told)
            if words in told:
                return told
        raise Failed(f"nobody said {words!r}: {self.told}")
