"""Canvas's gradebook file."""

from __future__ import annotations

import re

from ...rosters.headers import header_key
from ...students import name_key
from ...tables import Table
from .export import Export, Line, Task
from .grade_cells import said_by_grade, unread_grades
from .pupil_rows import header_at, no_assignments, pupil_columns, pupils_below, rows_in_words, title_text

CANVAS = "Canvas 성적표"

_CAVEAT = (
    "Canvas 성적표에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 점수가 있으면 "
    "제출로, EX는 면제로, 빈칸이나 0점이면 ‘알 수 없음’으로 봅니다."
)
# titles end in the assignment's number; those of totals may end in the year of a grading period
_ASSIGNMENT = re.compile(r"(?s)(.*\S)\s*\((\d+)\)")
_TOTAL = re.compile(
    r"(?is).*\b(?:current|final|override) (?:score|points|grade)\b.*|.*(?:현재|최종) ?(?:점수|성적|등급).*"
)
_STUDENT = ("student", "studentname", "학생", "학생이름", "학생명")
_SECTION = ("section", "sections", "섹션", "분반", "구역")
_SIS = ("sisuserid", "sisloginid", "sis사용자id", "sis로그인id")
_POINTS = re.compile("pointspossible|만점|배점|총점|가능한점수?|획득가능(?:한)?점수")
_READ_ONLY = re.compile(r"\(?(?:readonly|읽기전용)\)?")
_HIDDEN = re.compile(r"(?:manualposting|muted|수동게시)(?:\(.*\))?")
_TEST_STUDENT = ("student,test", "teststudent", "학생,테스트", "테스트학생", "테스트,학생")
_EXCUSED = ("ex", "excused", "면제")


def read_canvas(table: Table) -> Export | None:
    """A gradebook's export, a task per assignment; None if the sheet is something else.

    What Canvas puts above and beside the pupils' scores is passed over: points possible, manual
    posting, totals, the test student. ``N/A`` stands where an assignment was not given to a
    pupil: there is no line. The layout is that of Canvas's ``lib/gradebook_exporter.rb``.

    Raises:
        InputError: it has no pupils or no assignments.
    """
    header = header_at(table, lambda row: _is_header(row, table))
    if header is None:
        return None
    cells = table.rows[header]
    columns = pupil_columns(cells)
    names = [j for j in (columns.full_name, columns.family, columns.given) if j is not None]

    def name(i: int) -> str:
        return name_key(", ".join(filter(None, (table.value(i, j) for j in names))))

    def above_pupils(i: int) -> bool:
        return bool(_POINTS.fullmatch(name(i))) or (
            not name(i) and any(_HIDDEN.fullmatch(name_key(cell)) for cell in table.rows[i])
        )

    points = next((i for i in range(header + 1, len(table.rows)) if _POINTS.fullmatch(name(i))), None)
    assignments = []
    for j, cell in enumerate(cells):
        titled = _ASSIGNMENT.fullmatch(cell)
        read_only = points is not None and _READ_ONLY.fullmatch(name_key(table.value(points, j)))
        if titled and not read_only and not _TOTAL.fullmatch(cell):
            assignments.append((j, Task(title_text(titled[1]), assignment_id=titled[2])))
    if not assignments:
        raise no_assignments(table.file)

    test_students = [i for i in range(header + 1, len(table.rows)) if name(i) in _TEST_STUDENT]
    pupils, notices = pupils_below(table, header, columns, lambda i: above_pupils(i) or i in test_students)
    hidden = [j for j, _ in assignments if all(table.value(i, j).upper() == "N/A" for i, _ in pupils)]
    lines, unread = [], []
    for i, who in pupils:
        for task, (j, _) in enumerate(assignments):
            cell = table.value(i, j)
            if cell.upper() == "N/A" and j not in hidden:
                continue
            said = "excused" if cell.casefold() in _EXCUSED else said_by_grade(cell)
            unread += [i] * (said is None)
            lines.append(Line(i + 1, who, task, said or "unknown"))
    own = [*notices, *unread_grades(unread)]
    if test_students:
        own.append(f"Canvas의 테스트 학생은 뺐습니다({rows_in_words(test_students)}).")
    if hidden:
        titles = ", ".join(f"‘{task.title}’" for j, task in assignments if j in hidden)
        own.append(f"점수를 볼 수 없는 익명 과제라 모두 ‘알 수 없음’으로 두었습니다: {titles}.")
    return Export(
        file=table.file,
        format=CANVAS,
        tasks=tuple(task for _, task in assignments),
        lines=tuple(lines),
        lists_everyone=True,
        caveat=_CAVEAT,
        notices=tuple(own),
    )


def _is_header(row: list[str], table: Table) -> bool:
    keys = [header_key(cell) for cell in row]
    named = any(key in _STUDENT for key in keys) or {"lastname", "firstname"} <= set(keys)
    known = named and "id" in keys and any(key in (*_SECTION, *_SIS) for key in keys)
    if not known:
        return False
    points = any(_POINTS.fullmatch(name_key(cell)) for below in table.rows for cell in below[:2])
    return points or any(_ASSIGNMENT.fullmatch(cell) for cell in row)
