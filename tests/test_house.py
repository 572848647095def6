"""The rules of docs/architecture.md and docs/house-style.md, as tests."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
LONGEST_FUNCTION = 70
REVISIONS = "server/ledger/revisions/versions/"  # one function each by Alembic's rule, never edited again
FORBIDDEN_WORDS = {"manager", "util", "utils", "helper", "helpers", "common", "base", "misc", "handler"}
# OpenGL's own word, and 承办 (who handles an incident), which the field calls so.
ALLOWED_NAMES = {"has_base_instance", "handler", "checker_is_no_handler", "rework_by_same_handler", "not_a_handler"}
ALLOWED_NAMES |= {"same_handler_sent"}
MAY_PRINT = ("demo", "bench", "main.py", "gis_data/check.py", "tests")


def _tracked() -> list[Path]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = _tracked()
SOURCES = [path for path in FILES if path.suffix == ".py"]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
TEXTS = {
    path: path.read_text(encoding="utf-8", errors="replace")
    for path in FILES
    if path.suffix not in {".png", ".jpg", ".bin", ".pbf", ".ttf", ".wav"}
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- the tree ---


def _named_folders() -> set[str]:
    """Top-level folders in the tree of docs/architecture.md."""
    tree = (ROOT / "docs/architecture.md").read_text().split("```text\n")[1].split("```")[0]
    return {match[1] for match in re.finditer(r"^([a-z_]+)/", tree, re.M)}


def test_top_level_folders_are_those_of_the_architecture() -> None:
    present = {path.relative_to(ROOT).parts[0] for path in FILES if len(path.relative_to(ROOT).parts) > 1}
    assert {folder for folder in present if not folder.startswith(".")} - {"requirements"} == _named_folders()


def test_packaging_stays_a_plain_folder() -> None:
    assert not (ROOT / "packaging/__init__.py").exists(), "it would hide PyPI's packaging"


def _lines_of_the_tree() -> dict[str, bool]:
    """Every path in the tree of docs/architecture.md, and whether it is said to come later."""
    tree = (ROOT / "docs/architecture.md").read_text().split("```text\n")[1].split("```")[0]
    found, above = {}, list[str]()
    for line in tree.splitlines():
        indent = (len(line) - len(line.lstrip())) // 2
        above = [*above[:indent], line.split()[0].rstrip("/")]
        found["/".join(above)] = line.endswith("(later)")
    return found


def test_what_the_architecture_names_is_there_unless_it_comes_later() -> None:
    committed = {str(part) for path in FILES for part in (path.relative_to(ROOT), *path.relative_to(ROOT).parents)}
    wrong = [path for path, later in _lines_of_the_tree().items() if later == (path in committed)]
    assert wrong == []


def test_every_module_is_named_in_the_architecture() -> None:
    named = _lines_of_the_tree()
    parts = {"/".join(path.relative_to(ROOT).parts[:2]) for path in SOURCES if path.parent != ROOT}
    tops = ("governance/", "wire/", "gis_data/", "server/", "desktop/")
    assert [p for p in sorted(parts) if p.startswith(tops) and "__init__" not in p and p not in named] == []


# --- size and names ---


def test_files_hold_one_idea() -> None:
    too_long = {name(path): len(text.splitlines()) for path, text in TEXTS.items() if path in TREES}
    assert {path: lines for path, lines in too_long.items() if lines > LONGEST_FILE} == {}


def test_functions_can_be_seen_at_a_glance() -> None:
    too_long = [
        f"{name(path)}:{node.lineno} {node.name} {length} lines"
        for path, tree in TREES.items()
        if not name(path).startswith(REVISIONS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_names_come_from_the_field() -> None:
    found = []
    for path, tree in TREES.items():
        named = [(path.stem, 1)]
        for node in ast.walk(tree):
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(node, ast.ClassDef) or (is_function and not name(path).startswith("tests/")):
                named.append((node.name, node.lineno))
        found += [
            f"{name(path)}:{line} {each}"
            for each, line in named
            if each not in ALLOWED_NAMES and FORBIDDEN_WORDS & set(_words(each))
        ]
    assert found == []


def _words(identifier: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier)
    return [word.lower() for word in spaced.split("_") if word]


@pytest.mark.parametrize(
    ("identifier", "words"),
    [("IncidentManager", ["incident", "manager"]), ("db_utils", ["db", "utils"]), ("handling", ["handling"])],
)
def test_the_words_of_a_name(identifier: str, words: list[str]) -> None:
    assert _words(identifier) == words


def test_an_incident_is_never_called_an_event() -> None:
    """In the field's own types; Qt, X and threads have events of their own."""
    found = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        if name(path).startswith(("governance/", "wire/", "server/ledger/", "server/handling/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and "event" in _words(node.name)
    ]
    assert found == []


# --- what may not be in a file ---

NOT_IN_FILES = {
    "a registry's address": re.compile(
        r"(?:pypi\.org|pythonhosted\.org|registry\.npmjs|/simple/?[\"'\s]|index-url\s*[=:]\s*http)"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])(?:/work/|/home/(?!\$|officer\b)[a-z]+/|/Users/)"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\s]{40}"),
    "a token": re.compile(r"\b(?:ghp_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|xox[bp]-[0-9A-Za-z-]{20,})\b"),
}


@pytest.mark.parametrize("what", NOT_IN_FILES)
def test_no_committed_file_holds(what: str) -> None:
    pattern = NOT_IN_FILES[what]
    found = [
        f"{name(path)}:{text.count(chr(10), 0, match.start()) + 1} {match[0]!r}"
        for path, text in TEXTS.items()
        if path != Path(__file__)
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a registry's address", "--index-url = http" + "://mirror/x"),
        ("a registry's address", "see https://" + "pypi.org/x"),
        ("a path of one machine", "open('/ho" + "me/anna/x')"),
        ("a token", "AKIA" + "A" * 16),
        ("a private key", "-----BEGIN EC PRIVATE KEY-----\n" + "A" * 64),
    ],
)
def test_what_must_not_be_in_a_file_would_be_found(what: str, line: str) -> None:
    assert NOT_IN_FILES[what].search(line)


def test_locks_pin_everything_by_hash_and_by_wheel() -> None:
    for kind in ("run", "test"):
        lines = (ROOT / f"requirements/{kind}.lock").read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if line[:1].isalnum()]
        assert pins
        for number in pins:
            assert re.match(r"^[A-Za-z0-9._-]+==\S+( ;.*)? \\$", lines[number]), lines[number]
            assert lines[number + 1].strip().startswith("--hash=sha256:"), lines[number]


def test_run_lock_is_a_part_of_test_lock() -> None:
    run, test = (
        set(re.findall(r"^([A-Za-z0-9._-]+==\S+)", (ROOT / f"requirements/{kind}.lock").read_text(), re.M))
        for kind in ("run", "test")
    )
    assert run <= test


@pytest.mark.parametrize("kind", ["run", "test"])
def test_every_wanted_package_is_locked(kind: str) -> None:
    locked = {pin.lower() for pin in re.findall(r"^([\w.-]+)==", (ROOT / f"requirements/{kind}.lock").read_text(), re.M)}
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / f"requirements/{kind}.in").read_text(), re.M)
    assert wanted
    assert [package for package in wanted if re.sub(r"[._]", "-", package.lower()) not in locked] == []


# --- imports and calls ---


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def test_governance_imports_only_python_itself() -> None:
    allowed = sys.stdlib_module_names | {"governance"}
    found = {name(p): _imported(tree) - allowed for p, tree in TREES.items() if name(p).startswith("governance/")}
    assert found
    assert {path: modules for path, modules in found.items() if modules} == {}


PLAIN = ["main.py", "demo/doctor.py", "demo/verdict.py", "demo/machine_checks.py", "demo/data_checks.py"]
PLAIN += ["server/guardian.py", "server/process_tree.py", "server/postgres_binaries.py", "server/postgres_folder.py"]


@pytest.mark.parametrize("path", PLAIN)
def test_what_runs_before_the_set_up_imports_only_python_itself(path: str) -> None:
    tree = TREES[ROOT / path]
    top_level = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    assert _imported(top_level) <= sys.stdlib_module_names | {"demo", "server"}


def test_no_clock_is_read_by_the_rules_or_the_situation() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
    found = [
        f"{name(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path, tree in TREES.items()
        if name(path).startswith(("governance/", "desktop/situation/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "datetime.datetime"}
    ]
    assert found == []


def test_only_the_command_line_prints() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path, tree in TREES.items()
        if not name(path).startswith(MAY_PRINT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []


def test_the_desk_does_not_spin_the_event_loop_or_sleep() -> None:
    found = [
        f"{name(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path, tree in TREES.items()
        if name(path).startswith("desktop/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (ast.unparse(node.func).endswith("processEvents") or ast.unparse(node.func) == "time.sleep")
    ]
    assert found == []


# --- things that an upgrade may break ---


def test_emitting_a_signal_does_not_lose_a_reference_to_true() -> None:
    """PySide6 6.12.0 on Python 3.11 does, and the process aborts after some hundred emits."""
    code = (
        "import sys\nfrom PySide6.QtCore import QObject, Signal\n"
        "class Source(QObject):\n    said = Signal()\n"
        "source = Source()\nbefore = sys.getrefcount(True)\n"
        "for _ in range(300): source.said.emit()\nprint(before - sys.getrefcount(True))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 100


def test_every_text_of_the_desk_is_there_in_chinese_and_in_english() -> None:
    from desktop.words import LANGUAGES

    assert set(LANGUAGES) == {"zh", "en"}
    assert set(LANGUAGES["zh"]) == set(LANGUAGES["en"])
    blanks = {key: _blanks(text) ^ _blanks(LANGUAGES["en"][key]) for key, text in LANGUAGES["zh"].items()}
    assert {key: names for key, names in blanks.items() if names} == {}


def _blanks(text: str) -> set[str]:
    """The names in braces that a text fills in."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}
