"""The queue between the pages and the worker. It only wakes: what is to be done stands in rows.

So nothing is lost with it: huey's own connections need not be as durable as those of ``app.database``, and a
task that a killed worker had taken need not come back, because the worker looks at the rows every minute.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huey import PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from config import SettingsError

MOST_WAITING = 20
"""More tasks than these do not wait: each finds in the rows whatever the others would have found."""
LONGEST_WORD = 60
FEWEST_WORDS, MOST_WORDS = 2, 3
SECONDS_TO_CONNECT = 3
SECONDS_FOR_A_LOCK = 15
FILE = "queue.sqlite"


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey carries no types
    """A task as JSON: its id, its name, and the words it takes. Anything else is refused both ways."""

    def _serialize(self, data: Message) -> bytes:
        if data.kwargs or not all(isinstance(word, str) for word in data.args):
            raise TypeError("a task takes words")
        return json.dumps([data.id, data.name, *data.args]).encode()

    def _deserialize(self, data: bytes) -> Message:
        found = json.loads(bytes(data))
        if not isinstance(found, list) or not MOST_WORDS >= len(found) >= FEWEST_WORDS:
            raise ValueError("not a task of ours")
        if not all(isinstance(each, str) and len(each) <= LONGEST_WORD for each in found):
            raise ValueError("not a task of ours")
        id_, name, *words = found
        return Message(id_, name, None, 0, 0, None, tuple(words), {}, None, None)


class Queue:
    """Huey with its one task: do the job with this name."""

    def __init__(self, huey: Huey, run: Callable[[str], None]) -> None:
        self.huey = huey

        def do(name: str) -> None:
            run(name)

        self._do = huey.task(name="do")(do)

    def put(self, name: str) -> None:
        """Have the job done soon."""
        if self.huey.storage.queue_size() < MOST_WAITING:
            self._do(name)

    def every_minute(self, look: Callable[[], None]) -> None:
        """Have this done by the worker each minute, from its start on."""

        def look_round() -> None:
            look()

        self.huey.periodic_task(lambda _at: True, name="look_round")(look_round)


def _nothing(_name: str) -> None:
    """Whoever only puts tasks in does none."""


def open_queue(url: str, instance: Path, run: Callable[[str], None] = _nothing) -> Queue:
    """The queue of this installation: ``postgresql://…``, ``redis://…``, or a file in the instance folder.

    Raises SettingsError for another address, and where the driver for Redis is missing.
    """
    fixed: dict[str, Any] = {"serializer": JsonSerializer(), "results": False}
    scheme = urlsplit(url).scheme
    if not url:
        instance.mkdir(parents=True, exist_ok=True)
        file = str(instance / FILE)
        huey = SqliteHuey("rapporteur", filename=file, timeout=SECONDS_FOR_A_LOCK, **fixed)
    elif scheme in {"postgresql", "postgres"}:
        huey = PostgresHuey("rapporteur", dsn=url, connect_timeout=SECONDS_TO_CONNECT, **fixed)
    elif scheme in {"redis", "rediss"}:
        huey = _redis(url, fixed)
    else:
        raise SettingsError(
            f"RAPPORTEUR_QUEUE_URL begins with {scheme!r}. Use postgresql://… or redis://…, or leave it out."
        )
    return Queue(huey, run)


def _redis(url: str, fixed: dict[str, Any]) -> Huey:
    try:
        return RedisHuey("rapporteur", url=_bounded(url), **fixed)
    except ConfigurationError as missing:
        raise SettingsError(
            "RAPPORTEUR_QUEUE_URL names Redis, and its driver is not installed: pip install redis"
        ) from missing


def _bounded(url: str) -> str:
    """The address with a time limit, unless it has one: no page waits for a queue that is not there."""
    if "socket_connect_timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}socket_connect_timeout={SECONDS_TO_CONNECT}"
