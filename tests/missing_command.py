"""Runs ``schoolkit missing`` as a shell does."""

import os
from pathlib import Path

from schoolkit.cli import main

TOKEN = "0123456789abcdef"


def in_folder(path: Path, monkeypatch) -> Path:
    """Works in this folder, with nothing of the environment's own to log in with."""
    monkeypatch.chdir(path)
    for name in [name for name in os.environ if name.startswith("SCHOOLKIT_")]:
        monkeypatch.delenv(name)
    return path


def missing(capsys, *arguments):
    status = main(["missing", *arguments])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def complaints(capsys, *arguments):
    status, out, err = missing(capsys, *arguments)
    assert (status, out) == (2, "")
    return err.splitlines()
