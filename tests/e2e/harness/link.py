"""The line between NAS and Pi: a TCP relay that counts, slows down, falls silent and cuts."""

import contextlib
import socket
import struct
import threading
import time

from .verdict import Failed

CHUNK = 256 * 1024  # bytes relayed at a time
PATIENCE = 120.0  # seconds
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: the peer sees a broken connection


class Link:
    """Connections to `port` go on to target_port. `sent` counts bytes from client to server, `came`
    those that come back."""

    def __init__(self, target_port):
        self._target_port = target_port
        self._connections = []
        self._resets = 0
        self.refused = 0  # connections that found no sshd
        self.reset()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self):
        """Counts from zero, at full speed, without a cut, and only connections made from now on."""
        self._resets += 1
        self.rate = None  # bytes a second towards the server, None for all there is
        self.cut_after = None  # cuts every connection once so many bytes have been sent
        self._hold_after = None
        self.sent = 0
        self.rate_back = None  # bytes a second towards the client
        self.came = 0

    def await_came(self, size, run=None):
        """Waits until so many bytes have come back, or run has ended before that."""
        _await(lambda: self.came >= size or (run and run.ended),
               lambda: f"only {self.came} of {size} bytes have come")

    def await_sent(self, size, run=None):
        """Waits until so many bytes have been sent, or run has ended before that."""
        _await(lambda: self.sent >= size or (run and run.ended),
               lambda: f"only {self.sent} of {size} bytes were sent")

    @contextlib.contextmanager
    def held_at(self, size, run):
        """Within, about so many bytes of a run have been sent, and no more go, however slow this machine is.

        After it what was held back is lost, also what the client's kernel would have sent after its death.
        """
        self._hold_after = size
        self.await_sent(size, run)
        try:
            yield
        finally:
            self._hold_after = None
            for connection in self._connections:
                connection.lose_held()

    def await_refused(self, count):
        """Waits until so many connections in all have found no sshd."""
        _await(lambda: self.refused >= count, lambda: "nobody has tried to connect")

    def cut(self):
        """Breaks every connection that is open, as a pulled plug does once noticed.

        Returns how many there were.
        """
        return sum([connection.cut() for connection in self._connections])

    def freeze(self):
        """Lets nothing through any more on the connections that are open; neither end is told."""
        for connection in self._connections:
            connection.freeze()

    def deafen(self):
        """Lets nothing more come back to the client on the connections that are open."""
        for connection in self._connections:
            connection.deafen()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.cut()

    def _accept(self):
        with self._listener:
            while True:
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    return  # closed
                self._connect(client)

    def _connect(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self._target_port))
        except ConnectionRefusedError:
            self.refused += 1
            client.close()
            return
        self._connections = [one for one in self._connections if not one.over]
        resets = self._resets
        self._connections.append(
            _Connection(client, server, lambda size: self._count(size, resets),
                        lambda size: self._count_back(size, resets)))

    def _count(self, size, resets):
        if resets != self._resets:
            return  # what is left of an earlier run's connection
        self.sent += size
        if self.rate:
            time.sleep(size / self.rate)
        if self.cut_after is not None and self.sent >= self.cut_after:
            self.cut()
        if self._hold_after is not None and self.sent >= self._hold_after:
            for connection in self._connections:
                connection.hold()

    def _count_back(self, size, resets):
        if resets != self._resets:
            return
        self.came += size
        if self.rate_back:
            time.sleep(size / self.rate_back)


class _Connection:
    """Two sockets and a thread for each direction; the last thread closes both.

    Nobody else closes them: another thread could still be about to read the number of a socket
    that is a new connection's by then.
    """

    def __init__(self, client, server, count, count_back):
        self._ends = client, server
        self._lock = threading.Lock()
        self._running = 2
        self._held = self._loses = False  # what goes to the server
        self._to_server, self._to_client = threading.Event(), threading.Event()
        for source, target, is_open, told in ((client, server, self._to_server, count),
                                              (server, client, self._to_client, count_back)):
            is_open.set()
            threading.Thread(target=self._relay, args=(source, target, is_open, told),
                             daemon=True).start()

    @property
    def over(self):
        return self._running == 0

    def cut(self):
        """Whether there was anything to cut."""
        with self._lock:
            if self.over:
                return False
            for end in self._ends:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                _shut(end, socket.SHUT_RDWR)
            self._to_server.set()
            self._to_client.set()
            return True

    def freeze(self):
        self._to_server.clear()
        self._to_client.clear()

    def deafen(self):
        self._to_client.clear()

    def hold(self):
        """Lets nothing more through to the server, until it is lost."""
        with self._lock:
            if not self.over and not self._loses:
                self._to_server.clear()
                self._held = True

    def lose_held(self):
        """The server gets nothing more but the end."""
        if self._held:
            self._loses = True
            self._to_server.set()

    def _relay(self, source, target, is_open, count):
        try:
            while data := source.recv(CHUNK):
                count(len(data))
                is_open.wait()
                if self._loses and target is self._ends[1]:
                    break
                target.sendall(data)
            is_open.wait()
            _shut(target, socket.SHUT_WR)
        except OSError:
            self.cut()
        with self._lock:
            self._running -= 1
            if self._running == 0:
                for end in self._ends:
                    end.close()


def _await(condition, otherwise):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"{otherwise()} in {PATIENCE:.0f} s")
        time.sleep(0.002)


def _shut(end, how):
    try:
        end.shutdown(how)
    except OSError:
        pass  # the peer was faster
