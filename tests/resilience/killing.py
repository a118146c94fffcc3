"""Killing the server at the worst moments, while people type."""

import random
import time
from collections.abc import Sequence

from tests.resilience.ledger import Attempt, Ledger
from tests.resilience.writers import Writer
from tests.serving import Server


def killed_again_and_again(
    server: Server, writers: Sequence[Writer], kills: int, between: int
) -> list[list[Attempt]]:
    """Lets the writers type, and kills the server so many times, each time with a save between request and
    reply and after some that were acknowledged. Returns what each kill cut off.
    """
    ledger, chance = writers[0].ledger, random.Random(1)
    for one in writers:
        one.start()
    cut_off: list[list[Attempt]] = []
    for _attempt in range(2 * kills):
        enough = len(ledger.saved()) + between
        while len(ledger.saved()) < enough and not any(one.trouble for one in writers):
            time.sleep(0.01)
        troubles = [one.trouble for one in writers if one.trouble]
        assert not troubles, troubles
        if lost := kill_while_a_save_is_on_its_way(server, ledger, chance):
            cut_off.append(lost)
        server.start()
        if len(cut_off) == kills:
            return cut_off
    raise AssertionError(f"the server was killed between request and reply only {len(cut_off)} times")


def kill_while_a_save_is_on_its_way(server: Server, ledger: Ledger, chance: random.Random) -> list[Attempt]:
    """Kills every process at a moment when saves lie between request and reply, and returns those that never
    got one.

    The processes are stopped first where they stand: so the ledger can be read before they die there.
    """
    while True:
        time.sleep(chance.uniform(0.005, 0.06))
        server.freeze()
        moment = time.monotonic()
        time.sleep(0.05)  # replies that had left are read
        waiting = ledger.waiting(before=moment)
        if waiting:
            break
        server.thaw()
    server.kill()
    while any(one.ended is None for one in waiting):
        time.sleep(0.01)
    return [one for one in waiting if not one.told and not one.dropped]
