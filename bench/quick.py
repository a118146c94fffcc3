"""``python -m bench.quick``: pages, saves, weight and compiling, each beside a bare baseline of the same run.

Prints a table of figures and the targets with their outcome; ends with 1 if a target was missed.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter

from bench import compiling, definitions, tracking, world
from bench.serving import Server, serving
from bench.visiting import Answer, Visitor
from bench.world import QUESTIONS, World

_HIDDEN = re.compile(r'name="([^"]+)"[^>]*?\bvalue="([^"]*)"')


@dataclass
class Measured:
    """Repeated measurements of one request."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    last: Answer | None = None

    @property
    def cpu(self) -> float:
        """The median batch's processor milliseconds a request."""
        return statistics.median(self.cpu_ms)


@dataclass(frozen=True)
class Target:
    """What was promised, and what came of it."""

    words: str
    measured: float
    limit: float
    unit: str

    @property
    def reached(self) -> bool:
        """Whether the measured value keeps the promise."""
        return self.measured <= self.limit


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=15, help="interleaved batches (default 15)")
    parser.add_argument("--requests", type=int, default=20, help="requests a batch (default 20)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapporteur-bench-") as folder:
        figures, targets = _measure(Path(folder), options.batches, options.requests)
    _print(figures, targets)
    if options.json:
        named = {target.words: {"measured": target.measured, "limit": target.limit} for target in targets}
        options.json.write_text(json.dumps({"figures": figures, "targets": named}, indent=2) + "\n")
    return 0 if all(target.reached for target in targets) else 1


def _measure(instance: Path, batches: int, requests: int) -> tuple[dict[str, dict[str, float]], list[Target]]:
    database = world.open_database(instance)
    made = world.prepare(database)
    with database.begin() as session:
        tracking.prepare(session)
    database.dispose()
    environment = {
        "RAPPORTEUR_ENV": "development",
        "RAPPORTEUR_INSTANCE": str(instance),
        "DATABASE_URL": world.database_url(instance),
    }
    with serving(environment) as server:
        visitor = Visitor(server.port)
        staff = Visitor(server.port)
        assert staff.get(f"/bench/enter?email={tracking.EMAIL}").status == 204
        requests_of = _Asking(visitor, made).by_name()
        requests_of["tracking page"] = lambda: staff.get(tracking.PAGE)
        measured = _interleaved(server, requests_of, batches, requests)
        weight, loads, _page = Visitor(server.port, dict(visitor.cookies)).weight(made.page)
    figures = {one.name: _row(one) for one in measured.values()}
    targets = _targets(measured, weight, loads)
    for more_figures, more_targets in (compiling.measure(instance), definitions.measure()):
        figures.update(more_figures)
        targets += [Target(*target) for target in more_targets]
    return figures, targets


class _Asking:
    """The requests that are measured; each sends something new every time, with the revision it saw."""

    def __init__(self, visitor: Visitor, made: World) -> None:
        self._visitor, self._made = visitor, made
        assert visitor.get(f"/bench/enter?email={made.user_email}").status == 204
        page = visitor.get(made.page)
        assert page.status == 200, f"The question page answered {page.status}"
        hidden = dict(_HIDDEN.findall(page.text))
        self._token = hidden["csrf_token"]
        self._revisions = {n: int(hidden.get(f"a.question_{n}.seen", "1")) for n in range(QUESTIONS)}
        self._turns = count(1)

    def by_name(self) -> dict[str, Callable[[], Answer]]:
        """One callable a request."""
        return {
            "bare page": lambda: self._visitor.get("/bare/page"),
            "question page": lambda: self._visitor.get(self._made.page),
            "bare upsert": self._upsert,
            "autosave": self._autosave,
            "page save": self._save,
        }

    def _upsert(self) -> Answer:
        turn = next(self._turns)
        data = {"key": f"k{turn % 10}", "value": world.typed(0, turn)[0]}
        return self._visitor.post_json("/bench/upsert", data, self._token)

    def _autosave(self) -> Answer:
        turn = next(self._turns)
        number = 4 * (turn % (QUESTIONS // 4))
        name = f"a.question_{number}"
        change = {"name": name, "values": {name: world.typed(number, turn)}, "seen": self._revisions[number]}
        body = {"page": f"{world.SECTION}//{world.PAGE}", "changes": [change]}
        answer = self._visitor.post_json(self._made.autosave, body, self._token)
        self._revisions[number] = json.loads(answer.text)["outcomes"][0]["revision"]
        return answer

    def _save(self) -> Answer:
        turn = next(self._turns)
        fields = {f"a.question_{n}": world.typed(n, turn) for n in range(QUESTIONS)}
        seen = {f"a.question_{n}.seen": [str(self._revisions[n])] for n in range(QUESTIONS)}
        body = {"csrf_token": [self._token], "action": ["keep"], **fields, **seen}
        answer = self._visitor.post_form(self._made.page, body)
        assert answer.status in {302, 303}, f"Saving the page answered {answer.status}"
        for number in range(QUESTIONS):
            self._revisions[number] += 1
        return answer


def _interleaved(
    server: Server, requests_of: Mapping[str, Callable[[], Answer]], batches: int, requests: int
) -> dict[str, Measured]:
    measured = {name: Measured(name) for name in requests_of}
    for ask in requests_of.values():
        for _warming in range(5):
            ask()
    for _batch in range(batches):
        for name, ask in requests_of.items():
            one = measured[name]
            cpu, wall = server.cpu_ms(), perf_counter()
            for _request in range(requests):
                one.last = ask()
                assert one.last.status < 400, f"{name} answered {one.last.status}: {one.last.text[:300]}"
            one.cpu_ms.append((server.cpu_ms() - cpu) / requests)
            one.wall_ms.append((perf_counter() - wall) * 1000 / requests)
    return measured


def _row(one: Measured) -> dict[str, float]:
    assert one.last is not None
    return {
        "cpu ms": round(one.cpu, 2),
        "wall ms": round(statistics.median(one.wall_ms), 2),
        "statements": one.last.statements,
        "bytes": one.last.wire_bytes,
    }


def _targets(measured: Mapping[str, Measured], weight: int, loads: int) -> list[Target]:
    page = measured["question page"].cpu / measured["bare page"].cpu
    autosave = measured["autosave"].cpu / measured["bare upsert"].cpu
    followed = measured["tracking page"].cpu / measured["bare page"].cpu
    return [
        Target("question page of 40 answers, times a bare page", round(page, 2), 3, "×"),
        Target("autosave, times a bare committed upsert", round(autosave, 2), 3, "×"),
        Target("tracking page of 244 respondents, times a bare page", round(followed, 1), 60, "×"),
        Target("first question page with all it loads", round(weight / 1000, 1), 60, "kB"),
        Target("requests of the first question page", loads, 8, ""),
    ]


def _print(figures: Mapping[str, Mapping[str, float]], targets: list[Target]) -> None:
    write = sys.stdout.write
    write(f"{'':<44}{'cpu ms':>9}{'wall ms':>9}{'statements':>12}{'bytes':>9}\n")
    for name, row in figures.items():
        cells = (
            f"{row.get(key, ''):>{width}}"
            for key, width in (("cpu ms", 9), ("wall ms", 9), ("statements", 12), ("bytes", 9))
        )
        write(f"{name:<44}{''.join(cells)}\n")
    write("\n")
    for target in targets:
        word = "reached" if target.reached else "MISSED "
        write(f"{word}  {target.words}: {target.measured} {target.unit} (at most {target.limit})\n")


if __name__ == "__main__":
    sys.exit(main())
