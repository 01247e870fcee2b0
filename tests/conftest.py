"""What several tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def shared_print() -> Path:
    """The real NEIS print that others made; it is read where it lies and never copied."""
    path = ROOT.parent / "shared" / "reading" / "neis_print_2025.xlsx"
    if not path.exists():
        pytest.skip("shared/reading/neis_print_2025.xlsx is not here")
    return path


@pytest.fixture
def sample_data() -> Path:
    return ROOT / "sample_data"


@pytest.fixture
def shared_cells() -> Path:
    """The cells of an invented school, 300 pupils of three years; its entries lie beside it."""
    path = ROOT.parent / "shared" / "reading" / "school_dev_cells.csv"
    if not path.exists():
        pytest.skip("shared/reading/school_dev_cells.csv is not here")
    return path


@pytest.fixture
def old_xls() -> Path:
    """A print of two invented pupils on two pages, saved as .xls by LibreOffice."""
    return ROOT / "tests" / "data" / "print.xls"
