"""The files of ``sample_data``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from schoolkit.samples.bad_files import PASSWORD, bad_files, password_protected
from schoolkit.samples.groups import class_list, grade_list, write_pupil_list
from schoolkit.samples.neis_print import write_neis_print_csv, write_neis_print_xlsx
from schoolkit.samples.reading import reading_entries
from schoolkit.samples.submissions import SAMPLE_AT, SAMPLE_EXPORTS, SAMPLE_ROSTER, SAMPLE_TRUTH, submission_school

_PASSWORD_FILE = "bad/password.xlsx"

CLASS_FILE, GRADE_FILE = "모둠 편성 예시.xlsx", "반편성 예시.xlsx"

_README = f"""\
# 예시 파일 / Sample files

모든 학생은 지어낸 인물입니다(Faker). 책은 실제로 있는 책입니다.
`python -m schoolkit.samples`로 다시 만들 수 있습니다.

All pupils are invented (Faker); the books are real.
`python -m schoolkit.samples` writes these files again.

## 독서활동 상황 / Reading records

| 파일 / File | 내용 / What it is |
|---|---|
| `reading_class.xlsx` | 나이스에서 내려받은 2학년 3반 독서활동 상황 / a class's records in the NEIS print layout |
| `reading_class_cp949.csv` | 같은 내용을 엑셀에서 CSV로 저장한 것 / the same, saved as CSV by a Korean Excel |
| `reading_class_truth.csv` | 일부러 넣은 중복 기재의 정답 / every planted pair, and whether it is a duplicate |

정답의 `kind`: `exact` 똑같음, `typo` 모음 오타, `spacing` 띄어쓰기, `missing_author` 저자 빠짐,
`transposed` 글자 순서 바뀜, `volume` 다른 권(중복이 아님). 이름이 같은 학생(번호가 다름), 전출한 학생,
이름이 긴 외국인 학생이 있습니다.

Values of `kind` in the truth: `exact`, `typo` (a vowel), `spacing`, `missing_author`,
`transposed` (syllables), `volume` (another volume, no duplicate). Two pupils share a name,
one has transferred, one has a long foreign name.

## 모둠 편성과 반편성 / Groups and classes

| 파일 / File | 내용 / What it is |
|---|---|
| `{CLASS_FILE}` | 한 반 28명: 성별, 점수, 수준, 성향, 관심 분야, 모둠장 희망 / a class to be put into groups |
| `{GRADE_FILE}` | 한 학년 240명: 출신반, 점수, 생활지도, 쌍둥이 / a grade to be put into next year's classes |

이름이 같은 학생이 있고, 점수가 빈 학생이 한 명 있습니다. `쌍둥이` 칸에 같은 글자가 있는 두 학생이 쌍둥이입니다.

Some pupils share a name, and one has no score. Two pupils with the same letter in `쌍둥이` are twins.

## 과제 제출 확인 / Who has not handed in what

| 파일 / File | 내용 / What it is |
|---|---|
| `{SAMPLE_ROSTER}` | 1학년 다섯 반 150명의 명렬표 / the roster of five classes |
| `{SAMPLE_EXPORTS[0]}` | Moodle의 활동 이수 보고서, CSV / Moodle's activity completion |
| `{SAMPLE_EXPORTS[1]}` | 같은 보고서의 엑셀용 CSV(UTF-16) / the same in its Excel-compatible form |
| `{SAMPLE_EXPORTS[2]}` | Moodle의 채점 워크시트: 과제 하나 / Moodle's grading worksheet of one assignment |
| `{SAMPLE_EXPORTS[3]}` | Google 클래스룸의 성적 CSV / Google Classroom's grades |
| `{SAMPLE_EXPORTS[4]}` | 다섯 반이 모두 답한 Google 설문지의 응답 / answers of all classes to a Google form |
| `{SAMPLE_TRUTH}` | 학생과 과제마다의 정답({SAMPLE_AT} 기준) / the truth per pupil and assignment at that time |

명렬표와 과제 파일을 함께 올리면 됩니다. 한 반에, 또 다른 반에 이름이 같은 학생, 전출한 학생, 외국 이름이 있습니다.
설문에는 이름만 적은 학생, 이름을 잘못 적은 학생, 두 번 낸 학생이 있습니다.
그 가운데 두 줄은 누구의 것인지 선생님이 정해 주어야 정답과 같아집니다.

Two pupils share a name within a class and two over classes, one has transferred, one has a foreign name. In the
form some write their name alone, one with a typo, one answers twice; two lines need the teacher's word on whose they
are. Values of `state`: `submitted`, `late`, `draft`, `returned`, `missing`, `not_yet_due` (an extension), `unknown` (no
grade yet, which says nothing about handing in).

## 잘못된 파일 / Bad files

| 파일 / File | 잘못된 점 / The mistake |
|---|---|
| `bad/empty.csv` | 내용이 없음(0바이트) / no content at all |
| `bad/binary.xlsx` | 이름만 xlsx인 알 수 없는 데이터 / random bytes under a workbook's name |
| `bad/truncated.xlsx` | 내려받다 끊긴 xlsx / a workbook cut in the middle |
| `bad/password.xlsx` | 암호(`{PASSWORD}`)가 걸림 / encrypted with the password `{PASSWORD}` |
| `bad/no_book_column.csv` | 책을 적은 열이 없음 / a table without a column for books |
| `bad/no_rows.csv` | 제목 줄만 있음 / a header and no rows |
| `bad/broken_encoding.csv` | UTF-8과 CP949가 섞임 / UTF-8 and CP949 in one file |
| `bad/unclosed_quote.csv` | 2행에서 연 따옴표가 닫히지 않음 / a quote, opened in row 2, is never closed |
| `bad/hwp_document.xls` | 이름만 xls인 한글 문서 / a Hangul document under a workbook's name |
| `bad/picture.xlsx` | 이름만 xlsx인 그림(PNG) / a picture under a workbook's name |
"""


def sample_files() -> dict[str, bytes]:
    """Path within ``sample_data`` to content, the same bytes each time.

    ``bad/password.xlsx`` is left out: no two encryptions are alike.
    """
    entries, truth = reading_entries()
    xlsx = write_neis_print_xlsx(entries)
    school = submission_school()
    files = {
        "README.md": _README.encode(),
        "reading_class.xlsx": xlsx,
        "reading_class_cp949.csv": write_neis_print_csv(entries),
        "reading_class_truth.csv": _table(truth),
        CLASS_FILE: write_pupil_list(class_list(), "명단"),
        GRADE_FILE: write_pupil_list(grade_list(), "명단"),
        **school.files,
        SAMPLE_TRUTH: _table(school.truth),
    }
    return files | {f"bad/{name}": data for name, data in bad_files(entries, xlsx).items()}


def _table(truth: pd.DataFrame) -> bytes:
    return truth.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def write_samples(folder: Path) -> list[Path]:
    """Writes every sample file into the folder, and returns the paths.

    An existing ``bad/password.xlsx`` is kept, so that nothing changes without need.
    """
    files = sample_files()
    if not (folder / _PASSWORD_FILE).exists():
        files[_PASSWORD_FILE] = password_protected(files["reading_class.xlsx"])
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [folder / name for name in files]
