"""A script and the modules that it imports, served as one file, because on a slow line each request costs
more than a module weighs.

Our modules are written for it: they import by name from their own folder and export declarations. Each keeps
a scope of its own. A page loads one script, so that no module is there twice.
"""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) ([\w$]+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b[^\n]*", re.MULTILINE)
_COMMENTS = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


def bundled(name: str, modules: Mapping[str, str]) -> str:
    """Return the script without the comments that fill lines, after all that it imports.

    Raises ValueError for what only a browser could put together.
    """
    return "".join(_parts(name, modules, {}, within=()).values())


def _parts(
    name: str, modules: Mapping[str, str], made: dict[str, str], within: tuple[str, ...]
) -> dict[str, str]:
    """Add the parts of a module: those of its imports, which go before it, then its own."""
    if name in within:
        raise ValueError(f"{name} imports itself, through {', '.join(within)}")
    if name not in modules:
        raise ValueError(f"{within[-1] if within else 'a page'} wants {name}, which is not there")
    text = modules[name]
    for _names, imported in _IMPORT.findall(text):
        if imported not in made:
            _parts(imported, modules, made, (*within, name))
    body = _COMMENTS.sub("", _IMPORT.sub(_taken, text))
    inner = _EXPORT.sub("", body)
    if other := _OTHER.search(inner):
        raise ValueError(f"{name}: {other.group()!r} cannot be put into one file")
    exported = ", ".join(_EXPORT.findall(text))
    scoped = f"const {_scope(name)} = (() => {{\n{inner}return {{ {exported} }};\n}})();\n"
    made[name] = scoped if within else body
    return made


def _taken(found: re.Match[str]) -> str:
    """What an import becomes: its names, taken from the scope of the module that stands before."""
    names, imported = found.groups()
    return f"const {{{names.replace(' as ', ': ')}}} = {_scope(imported)};\n" if names else ""


def _scope(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
