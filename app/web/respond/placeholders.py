"""The words that `{placeholders}` stand for, said only when they are asked for."""

from collections.abc import Callable, Iterator, Mapping


class Placeholders(Mapping[str, str]):
    """Some words that are always known, and answers by the key of their question."""

    def __init__(self, known: Mapping[str, Callable[[], str]], answer: Callable[[str], str | None]) -> None:
        self._known = known
        self._answer = answer

    def __getitem__(self, name: str) -> str:
        if name in self._known:
            return self._known[name]()
        said = self._answer(name)
        if said is None:
            raise KeyError(name)
        return said

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
