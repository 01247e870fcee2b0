"""What several tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """A file of the folder beside the project; its test is skipped where it is missing."""
    path = ROOT.parent / "shared" / "reading" / name
    if not path.exists():
        pytest.skip(f"shared/reading/{name} is not here")
    return path


@pytest.fixture
def shared_print() -> Path:
    """The real NEIS print that others made; it is read where it lies and never copied."""
    return shared("neis_print_2025.xlsx")


@pytest.fixture
def sample_data() -> Path:
    return ROOT / "sample_data"


@pytest.fixture
def shared_cells() -> Path:
    """The cells of an invented school, 300 pupils of three years; its entries lie beside it."""
    return shared("school_dev_cells.csv")


@pytest.fixture
def old_xls() -> Path:
    """A print of two invented pupils on two pages, saved as .xls by LibreOffice."""
    return ROOT / "tests" / "data" / "print.xls"


@pytest.fixture
def shared_pairs() -> Path:
    """Labelled pairs of real titles, generated and written by hand."""
    return shared("pairs_dev.csv")


@pytest.fixture(scope="module")
def loopback():
    """A web server on this machine that says what a test wants it to say."""
    from pytest_httpserver import HTTPServer

    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def moodle(loopback):
    """A Moodle that answers as a real one was recorded."""
    from moodle_server import MoodleServer

    loopback.clear()
    yield MoodleServer(loopback)
    loopback.check_assertions()


@pytest.fixture
def downloads(monkeypatch):
    """The contents that the page offers, by the beginning of the button's label."""
    from streamlit.delta_generator import DeltaGenerator

    offered = {}
    real = DeltaGenerator.download_button

    def remember(self, label, data, *args, **kwargs):
        offered[label.split()[0]] = data
        return real(self, label, data, *args, **kwargs)

    monkeypatch.setattr(DeltaGenerator, "download_button", remember)
    return offered
