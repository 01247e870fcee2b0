"""Small tables of no known kind, and what their exports say."""

from datetime import datetime

from schoolkit.submissions.exports.export import Written
from schoolkit.submissions.exports.mapping import TableMapping
from schoolkit.submissions.status import KOREA
from schoolkit.tables import read_tables

KIM, LEE, PARK = (
    Written(("김서연",), ("10107",)),
    Written(("이준(전출)",), ("10108",)),
    Written(("박하늘",), ("10109",)),
)


def table_of(text: str, name: str = "제출 현황.csv", encoding: str = "utf-8"):
    (table,) = read_tables(name, text.encode(encoding))
    return table


def at(*parts):
    return datetime(2026, 11, *parts, tzinfo=KOREA)


def said_of(export):
    return [(line.row, line.task, line.said) for line in export.lines]


def kinds_of(caught):
    return [(problem.file, problem.column, problem.kind) for problem in caught.value.problems]


WIDE = TableMapping(name="성명", number="학번", assignments=("독서 감상문", "토론 입론서"))
