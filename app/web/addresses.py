"""Addresses within the service, built once for each endpoint: to build one anew takes as long as to draw a
question, and a page has a dozen.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import request, url_for

STAND_INS = tuple(UUID(int=number) for number in range(4))
"""They stand in an endpoint's address where the keys of a request go."""


def address(endpoint: str, **values: Any) -> str:
    """As Flask's own `url_for`. An address that takes only keys of rows, or nothing, is put together from one
    that was built before.
    """
    if len(values) > len(STAND_INS) or not all(isinstance(value, UUID) for value in values.values()):
        return url_for(endpoint, **values)
    found = _built(request.script_root, endpoint, tuple(values))
    for stand_in, key in zip(STAND_INS, values.values(), strict=False):
        found = found.replace(str(stand_in), str(key))
    return found


@lru_cache(maxsize=512)
def _built(_script_root: str, endpoint: str, names: tuple[str, ...]) -> str:
    keys: dict[str, Any] = dict(zip(names, STAND_INS, strict=False))
    return url_for(endpoint, **keys)
