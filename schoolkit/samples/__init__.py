"""Invented pupils and their records, with the truth beside them.

Needs Faker, a development dependency; ``import schoolkit`` does not load it.
``python -m schoolkit.samples [FOLDER]`` writes the files of ``sample_data``.
"""

from schoolkit.samples.neis_print import write_neis_print_csv, write_neis_print_xlsx
from schoolkit.samples.reading import reading_entries

__all__ = ["reading_entries", "write_neis_print_csv", "write_neis_print_xlsx"]
