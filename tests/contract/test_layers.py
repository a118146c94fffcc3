"""Imports point one way, everywhere and at any time; the contracts themselves stand in pyproject.toml."""

import ast
import tomllib

import grimp
import pytest

from tests.contract.sources import ROOT, python_files, short, tree_of

WEB = {"flask", "flask_babel", "flask_limiter", "flask_login", "flask_wtf", "werkzeug", "wtforms"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", include_external_packages=True)


def _layers() -> list[list[str]]:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in configured if contract["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def test_no_module_imports_from_above_it(graph: grimp.ImportGraph) -> None:
    layers = _layers()
    upward = []
    for height, layer in enumerate(layers):
        forbidden = [name for above in layers[:height] for name in above]
        for module in graph.modules:
            if any(_inside(module, name) for name in layer):
                imported = graph.find_modules_directly_imported_by(module)
                siblings = [name for name in layer if not _inside(module, name)]
                upward += [
                    f"{module} -> {each}"
                    for each in imported
                    if any(_inside(each, name) for name in (*forbidden, *siblings))
                ]
    assert sorted(upward) == []


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_every_package_has_a_layer_or_is_a_leaf(graph: grimp.ImportGraph) -> None:
    named = {name for layer in _layers() for name in layer}
    tops = {".".join(module.split(".")[:2]) for module in graph.modules if module.startswith("app.")}
    for leaf in tops - named:
        ours = {each for each in graph.find_modules_directly_imported_by(leaf) if each.startswith("app")}
        assert ours <= tops - named, f"{leaf} stands in no layer and imports {ours}"


def test_no_two_modules_import_each_other_by_any_way(graph: grimp.ImportGraph) -> None:
    cycles = [
        f"{module} -> {imported} -> … -> {module}"
        for module in sorted(graph.modules)
        if module.startswith("app.")
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.startswith("app.") and graph.chain_exists(importer=imported, imported=module)
    ]
    assert cycles == []


def test_only_the_web_knows_the_web_framework(graph: grimp.ImportGraph) -> None:
    knowing = {
        module
        for framework in WEB & graph.modules
        for module in graph.find_modules_that_directly_import(framework)
        if not any(_inside(module, allowed) for allowed in ("app.web", "app.cli", "app.extensions"))
    }
    assert knowing - {"app"} == set()


def test_nothing_of_ours_is_imported_inside_a_function_or_for_types_only() -> None:
    hidden = []
    for path in python_files("app"):
        for node in ast.walk(tree_of(path)):
            body = node.body if isinstance(node, ast.FunctionDef) else _checked(node)
            hidden += [
                f"{short(path)}:{each.lineno}"
                for statement in body
                for each in ast.walk(statement)
                if isinstance(each, ast.ImportFrom) and (each.module or "").split(".")[0] == "app"
            ]
    assert hidden == []


def _checked(node: ast.AST) -> list[ast.stmt]:
    """The body of an `if TYPE_CHECKING:`."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return node.body
    return []
