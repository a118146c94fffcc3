"""A slow line that breaks: 256 kbit/s for all who are on it, requests cut in the middle, replies lost."""

import http.client
import threading
import time
from itertools import count
from typing import Any

from tests.resilience.clients import SECONDS_FOR_A_REPLY, Client

BYTES_A_SECOND = 256_000 // 8
PIECE = 4096
"""How many bytes leave at once: what the line carries in an eighth of a second."""
CUT_EVERY, LOST_EVERY = 17, 13
REQUEST, REPLY = "request", "reply"


class Line:
    """The line of one ministry. Each way is shared: whoever sends waits for those who began before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at = {REQUEST: 0.0, REPLY: 0.0}
        self.carried = {REQUEST: 0, REPLY: 0}

    def carry(self, way: str, size: int) -> None:
        """Return when so many bytes have crossed."""
        with self._lock:
            self.carried[way] += size
            until = max(self._free_at[way], time.monotonic()) + size / BYTES_A_SECOND
            self._free_at[way] = until
        time.sleep(max(0.0, until - time.monotonic()))


class _Connection(http.client.HTTPConnection):
    """A connection over the line, which may end in the middle of what it sends."""

    def __init__(self, host: str, port: int, client: "SlowClient", *, cut: bool) -> None:
        super().__init__(host, port, timeout=SECONDS_FOR_A_REPLY)
        self._client, self._cut, self._blocks = client, cut, 0

    def send(self, data: Any) -> None:
        """Send head or body as fast as the line carries it. Raises ConnectionResetError where it is cut."""
        self._blocks += 1
        ends = len(data) // 2 if self._cut and self._blocks > 1 else len(data)
        for begin in range(0, ends, PIECE):
            piece = data[begin : min(begin + PIECE, ends)]
            self._client.line.carry(REQUEST, len(piece))
            super().send(piece)
        if ends < len(data):
            self._client.dropped = REQUEST
            raise ConnectionResetError("the line broke in the middle of a request")


class SlowClient(Client):
    """The browser of somebody on that line; by turns a request is cut in its body, or a reply lost."""

    def __init__(self, signed_in: Client, line: Line, turn: int) -> None:
        super().__init__(signed_in.url)
        self.cookies, self.token = dict(signed_in.cookies), signed_in.token
        self.says = {"Accept-Encoding": "gzip"}
        self.line = line
        self._turns = count(turn)
        self._turn = turn

    def _connection(self) -> http.client.HTTPConnection:
        self._turn, self.dropped = next(self._turns), ""
        return _Connection(self._host, self._port, self, cut=self._turn % CUT_EVERY == 0)

    def _received(self, connection: http.client.HTTPConnection) -> tuple[http.client.HTTPResponse, bytes]:
        answer, content = super()._received(connection)
        self.line.carry(REPLY, sum(len(name) + len(value) + 4 for name, value in answer.getheaders()))
        if self._turn % LOST_EVERY == 0:
            self.line.carry(REPLY, len(content) // 2)
            self.dropped = REPLY
            raise ConnectionResetError("the line broke in the middle of a reply")
        self.line.carry(REPLY, len(content))
        return answer, content
