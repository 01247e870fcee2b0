"""The reading records of an education office: files of any kind and size, one machine, bounded memory."""

from .extra import check_installed

check_installed()
