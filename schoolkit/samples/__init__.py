"""Invented pupils and their records, with the truth beside them.

Needs Faker, a development dependency; ``import schoolkit`` does not load it.
``python -m schoolkit.samples [FOLDER]`` writes the files of ``sample_data``.
"""

from schoolkit.samples.neis_print import write_neis_print_csv, write_neis_print_xlsx
from schoolkit.samples.office import awkward_entries, office_entries, write_office_files
from schoolkit.samples.reading import reading_entries

__all__ = [
    "awkward_entries",
    "office_entries",
    "reading_entries",
    "write_neis_print_csv",
    "write_neis_print_xlsx",
    "write_office_files",
]
