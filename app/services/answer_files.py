"""The data of a file of answers, JSON or YAML 1.2, read within bounds."""

import json
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from app.services.errors import ImportRefused

MAX_BYTES = 20_000_000


def parse(content: bytes, name: str) -> Any:
    """The data of a JSON or YAML file (YAML 1.2; no aliases). Raises ImportRefused."""
    if len(content) > MAX_BYTES:
        raise ImportRefused([f"{name}: the file is larger than {MAX_BYTES:,} bytes"])
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_constant) if name.endswith(".json") else _yaml(text)
    except UnicodeDecodeError:
        raise ImportRefused([f"{name}: the file is not UTF-8 text"]) from None
    except (ValueError, RecursionError) as problem:
        raise ImportRefused([f"{name}: {problem}"]) from None
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark is not None else ""
        raise ImportRefused([f"{name}:{line} {getattr(problem, 'problem', problem)}"]) from None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a file can give")


def _yaml(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    if any(isinstance(event, AliasEvent) for event in yaml.parse(text)):
        raise ValueError("the file uses aliases (*name); write the value out")
    return _plain(YAML(typ="safe", pure=True).load(text))


def _plain(data: Any) -> Any:
    """The same data in JSON's types: dates as text, keys as text."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, str | int | float | bool) else str(data)
