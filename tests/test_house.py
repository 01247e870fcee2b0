"""The house rules that a machine can check."""

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import schoolkit

ROOT = Path(__file__).resolve().parent.parent


def test_importing_the_library_loads_nothing_heavy():
    heavy = ["streamlit", "kiwipiepy", "ortools", "pyspark", "pandas", "scipy", "faker", "httpx", "googleapiclient"]
    heavy += ["duckdb", "pyarrow", "tqdm"]
    code = f"import schoolkit, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_reading_a_file_needs_neither_streamlit_nor_kiwi():
    code = (
        "import schoolkit, sys; schoolkit.read_reading_records(('a.csv', '성명,도서명\\n김하나,아몬드'.encode()));"
        "print([m for m in ('streamlit', 'kiwipiepy', 'faker') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_every_public_name_is_there_and_documented():
    for name in schoolkit.__all__:
        assert getattr(schoolkit, name).__doc__, name
    assert set(schoolkit.__all__) <= set(dir(schoolkit))


def imported_modules(path: Path) -> set[str]:
    """The modules that a file imports, relative ones as absolute names."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module or ""]))
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def test_what_the_benchmarks_import_is_there():
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("schoolkit", "pages"):
                module = importlib.import_module(node.module)
                assert [one.name for one in node.names if not hasattr(module, one.name)] == [], path.name


def test_imports_run_one_way():
    allowed = {
        "errors": set(),
        "tables": {"errors"},
        "sheets": {"errors", "tables"},
        "students": {"errors", "tables"},
        "reading": {"errors", "tables", "sheets", "students", "reading"},
        "rosters": {"errors", "tables", "students", "rosters"},
        "grouping": {"errors", "tables", "sheets", "students", "rosters", "grouping"},
        "submissions": {"errors", "tables", "sheets", "students", "rosters", "submissions"},
        "office": {"errors", "tables", "sheets", "students", "reading", "office"},
        "submission_command": {"errors", "submissions"},
        "office_command": {"errors", "office"},
        "group_command": {"errors", "rosters", "grouping"},
        "samples": {"errors", "tables", "sheets", "samples"},
        "spark": {"errors", "reading", "spark"},
        "web": {"errors", "tables", "sheets", "students"},
        "cli": {"errors", "reading", "group_command", "submission_command", "office_command"},
    }
    for path in sorted((ROOT / "schoolkit").rglob("*.py")):
        room = path.relative_to(ROOT / "schoolkit").with_suffix("").parts[0]
        if room not in allowed:
            continue
        rooms = {name.split(".")[1] for name in imported_modules(path) if name.startswith("schoolkit.")}
        rooms = {
            one for one in rooms if (ROOT / "schoolkit" / one).is_dir() or (ROOT / "schoolkit" / f"{one}.py").exists()
        }
        assert rooms <= allowed[room], f"{path.name} imports {rooms - allowed[room]}"


def test_only_web_and_the_pages_use_streamlit_and_only_morphemes_uses_kiwi():
    users = {"streamlit": set(), "kiwipiepy": set()}
    for path in [*(ROOT / "schoolkit").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]:
        for library, found in users.items():
            if any(name.split(".")[0] == library for name in imported_modules(path)):
                found.add(path.relative_to(ROOT).as_posix())
    # a part of a page may do without
    assert {path for path in users["streamlit"] if not path.startswith("pages/parts/")} == {
        "app.py",
        "schoolkit/web.py",
        *(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py")),
    }
    assert users["kiwipiepy"] == {"schoolkit/reading/morphemes.py"}


def test_the_package_takes_its_dependencies_from_the_requirements():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.txt"]}
    assert project["project"]["scripts"] == {"schoolkit": "schoolkit.cli:main"}
