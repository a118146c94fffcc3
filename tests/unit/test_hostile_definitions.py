"""Hostile definition files are refused within bounds, each in a process with little time and memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CPU_SECONDS = 20
MEMORY = 400 * 1024 * 1024

# One process reads every file of a folder, each in a fork of its own with limits of its own.
# The engine stands alone: the package around it is a stand-in, so that nothing else is loaded.
CHILD = """
import json, os, resource, sys, types
from pathlib import Path

package = types.ModuleType("app")
package.__path__ = [str(Path.cwd() / "app")]
sys.modules["app"] = package
from app.definitions import loader
from app.definitions.faults import DefinitionErrors

cpu, memory = int(sys.argv[2]), int(sys.argv[3])
for path in sorted(Path(sys.argv[1]).glob("*.yaml")):
    if os.fork():
        status = os.wait()[1]
        if status:
            path.with_suffix(".json").write_text(json.dumps(["died", str(status)]))
        continue
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        loader.load(path, path.parent)
        faults = None
    except DefinitionErrors as refused:
        faults = [str(fault) for fault in refused.faults]
    path.with_suffix(".json").write_text(json.dumps(faults))
    os._exit(0)
"""

HEAD = b"key: x\nversion: 1\naudience: state\ntitle: T\n"
QUESTION = HEAD + b"sections:\n- key: s\n  title: S\n  pages:\n  - key: p\n    title: P\n    questions:\n"


def read_all(contents: dict[str, bytes], folder: Path) -> dict[str, list[str] | None]:
    """Return the faults of each file, None for one that is accepted."""
    for name, content in contents.items():
        (folder / f"{name}.yaml").write_bytes(content)
    arguments = [sys.executable, "-c", CHILD, str(folder), str(CPU_SECONDS), str(MEMORY)]
    subprocess.run(arguments, cwd=PROJECT, check=True, timeout=280)
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in contents}


def pages(count: int, more: str = "txt: U") -> bytes:
    written = HEAD + b"sections:\n- key: s\n  title: S\n  pages:\n"
    for page in range(count):
        written += f"  - key: p{page}\n    title: P\n    questions:\n".encode()
        for number in range(100):
            written += f"    - {{key: q{page}_{number}, kind: yes_no, text: T, {more}}}\n".encode()
    return written


def aliases() -> bytes:
    lines = [b"a0: &a0 [x, x]\n"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n".encode() for n in range(1, 40)]
    return b"".join(lines)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "alias bomb": (aliases(), "anchors and aliases"),
    "alias to itself": (b"a: &a\n  b: *a\n", "anchors and aliases"),
    "merge key": (HEAD + b"x: &x {a: 1}\ny:\n  <<: *x\n", "anchors and aliases"),
    "flow depth bomb": (b"a: " + b"[" * 400_000, "nests more than"),
    "flow mappings": (b"{a: " * 200_000, "nests more than"),
    "block depth bomb": (b"".join(b" " * n + b"a:\n" for n in range(1200)), "nests more than"),
    "sequence depth bomb": (b"- " * 400_000, "nests more than"),
    "question marks": (b"? " * 400_000, "key must be a word"),
    "many nodes": (b"a: [" + b"1," * 490_000 + b"]", "more than 50,000 values"),
    "many keys": (b"".join(b"k%d: 1\n" % n for n in range(80_000)), "more than 50,000 values"),
    "many faults": (pages(50), "unknown key “txt”; did you mean “text”?"),
    "many unknown references": (pages(29, "when: {question: nothing_at_all, answered: true}"), "no question"),
    "many unknown vocabularies": (pages(35, "options: {vocabulary: colours}"), "no vocabulary"),
    "many forward references": (pages(29, "when: {question: q28_99, answered: true}"), "asked later"),
    "many unknown placeholders": (pages(45, "hint: '{nothing_at_all_of_this_name}'"), "unknown placeholder"),
    "ten megabytes": (HEAD + b"intro: " + b"x" * 10_000_000, "larger than 1,000,000 bytes"),
    "a long scalar": (HEAD + b"intro: " + b"x" * 900_000, "longer than 20,000 characters"),
    "a long quoted scalar": (HEAD + b'intro: "' + b"\\x41" * 200_000 + b'"', "longer than 20,000 characters"),
    "a long folded scalar": (HEAD + b"intro: >\n" + b"  x\n\n" * 150_000, "longer than 20,000 characters"),
    "a long plain scalar of many lines": (
        HEAD + b"intro: x\n" + b"  x\n" * 200_000,
        "longer than 20,000 characters",
    ),
    "a long key": (b"k" * 900_000 + b": 1\n", ""),
    "a long number": (HEAD.replace(b"version: 1", b"version: " + b"9" * 500_000), "longer than 20,000"),
    "many comments": (b"# x\n" * 240_000, "not a mapping"),
    "blank lines": (b"\n" * 990_000, "not a mapping"),
    "duplicate keys": (HEAD + b"title: U\n", "given twice; first on line 4"),
    "duplicate keys deep inside": (
        QUESTION + b"    - {key: q, key: r, kind: note, text: T}\n",
        "given twice",
    ),
    "a tag": (HEAD + b"intro: !!python/object/apply:os.system [id]\n", "tags (!…) are not allowed"),
    "a tag of one's own": (HEAD + b"intro: !env SECRET\n", "tags (!…) are not allowed"),
    "a tag on a key": (b"!!str key: x\n", "tags (!…) are not allowed"),
    "a directive": (b"%YAML 1.1\n---\n" + HEAD, "directive"),
    "a tag directive": (b"%TAG ! tag:example.org,2000:\n---\n" + HEAD, "directive"),
    "two documents": (HEAD + b"---\n" + HEAD, "more than one document"),
    "latin-1": (HEAD + "intro: caf\u00e9\n".encode("latin-1"), "not UTF-8"),
    "utf-16": (HEAD.decode().encode("utf-16"), "not UTF-8"),
    "utf-16 without mark": (HEAD.decode().encode("utf-16-le"), "not UTF-8"),
    "utf-7 is nothing but text": (b"+AGsAZQB5-: x\n", "unknown key"),
    "a surrogate": (HEAD + b"intro: \xed\xa0\x80\n", "not UTF-8"),
    "nul": (HEAD + b"intro: a\x00b\n", "not UTF-8"),
    "escape codes": (HEAD + b"intro: a\x1b[31mb\n", "characters that YAML does not allow"),
    "escape codes in a key": (HEAD + b'"\\e[31m\\u202e<script>": b\n', "\\u001b[31m\\u202e<script>"),
    "a broken flow": (HEAD + b"intro: [a, b\n", "this is not YAML"),
    "a tab": (HEAD + b"\tintro: a\n", "this is not YAML"),
    "a list": (b"- a\n- b\n", "not a mapping"),
    "nothing": (b"", "not a mapping"),
    "a complex key": (b"? [a, b]\n: c\n", "a key must be a word"),
    "an unknown kind": (QUESTION + b"    - {key: q, kind: yes_on, text: T}\n", "unknown kind “yes_on”"),
    "a kind that is a list": (QUESTION + b"    - {key: q, kind: [a], text: T}\n", "unknown kind"),
    "a kind that is a mapping": (QUESTION + b"    - {key: q, kind: {a: {b: c}}, text: T}\n", "unknown kind"),
    "a vocabulary that is a mapping": (
        QUESTION + b"    - {key: q, kind: choice, text: T, options: {vocabulary: {a: b}, only: {c: d}}}\n",
        "there is no vocabulary",
    ),
    "a vocabulary outside the folder": (
        QUESTION + b"    - {key: q, kind: choice, text: T, options: {vocabulary: ../../etc/passwd}}\n",
        "there is no vocabulary",
    ),
    "an unknown key": (HEAD + b"sectoins: []\n", "did you mean “sections”?"),
    "a question about itself": (
        QUESTION + b"    - {key: q, kind: yes_no, text: T, when: {question: q, is: x}}\n",
        "cannot depend on itself",
    ),
    "a cycle": (
        QUESTION
        + b"    - {key: q, kind: yes_no, text: T, when: {question: r, answered: true}}\n"
        + b"    - {key: r, kind: yes_no, text: T, when: {question: q, answered: true}}\n",
        "“r” is asked later",
    ),
    "a deep rule": (
        QUESTION + b"    - {key: q, kind: yes_no, text: T, when: " + b"{not: " * 200 + b"}" * 200 + b"}\n",
        "nests more than",
    ),
    "keys of other types": (b"1: 2\ntrue: x\nnull: y\n", "unknown key “true”"),
    "the form of the stored definition": (
        HEAD.replace(b"title: T", b"title: {source: T, fr: U}"),
        "should be text",
    ),
}


OPTIONS = b"[{key: a, text: NO}, {key: b, text: 22:22}, {key: c, text: 2019-03-01}, {key: d, text: on}]"
IN_ORDER = QUESTION + b"    - {key: q, kind: choice, text: T, options: " + OPTIONS + b"}\n"
STRANGE = "x\x1b[31m"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | None]:
    numbered = {f"x{number}": HOSTILE[name][0] for number, name in enumerate(HOSTILE)}
    found = read_all({**numbered, "in_order": IN_ORDER, STRANGE: b"- a"}, tmp_path_factory.mktemp("hostile"))
    return {**{name: found[f"x{number}"] for number, name in enumerate(HOSTILE)}, **found}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds(name: str, outcomes: dict[str, list[str] | None]) -> None:
    faults = outcomes[name]
    assert faults
    assert any(HOSTILE[name][1] in fault for fault in faults), faults[:5]
    assert len(faults) <= 200
    for fault in faults:
        assert fault.startswith("x")
        assert ".yaml:" in fault
        assert len(fault) < 1000
        assert fault.isprintable()


def test_no_is_norway_and_a_time_is_text(outcomes: dict[str, list[str] | None]) -> None:
    assert outcomes["in_order"] is None


def test_the_name_of_a_file_is_safe_to_show(outcomes: dict[str, list[str] | None]) -> None:
    assert outcomes[STRANGE] == ["x\\u001b[31m.yaml:1: the file is not a mapping of keys to values"]
