"""``schoolkit missing`` with files, as a shell sees it."""

import json

import openpyxl
import pytest
from missing_command import TOKEN, complaints, in_folder, missing

from schoolkit.cli import main
from schoolkit.submissions.exports import reading
from schoolkit.submissions.exports.mapping import TableMapping

ROSTER = """학년,반,번호,이름,학번
1,1,1,김하나,10101
1,1,2,이두리,10102
1,1,3,박세리,10103
1,2,1,김하나,10201
1,2,2,최네오,10202
"""
WORKSHEET = """Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade"
"Participant 1","김 하나",10101,10101@example.invalid,"Submitted for grading",,100.00
"Participant 2","이 두리",10102,10102@example.invalid,"Draft (not submitted)",,100.00
"Participant 3","박 세리",10103,10103@example.invalid,"No submission",,100.00
"""
FORM = """"타임스탬프","이름"
"2026/11/20 9:05:12 오전 GMT+9","이두리"
"2026/11/20 9:07:40 오전 GMT+9","김하나"
"2026/11/20 1:10:00 오후 GMT+9","최네오"
"""
BY_HAND = "번호,이름,글쓰기\n1,김하나,O\n2,이두리,X\n3,박세리,O\n"
ESSAYS, SURVEY, TICKS = "Grades-1학년 1반 국어-독서 감상문-45.csv", "진로 조사.csv", "점검표.csv"
FILES = {"명렬표.csv": ROSTER, ESSAYS: WORKSHEET, SURVEY: FORM, TICKS: BY_HAND}
CAVEAT = "진로 조사.csv: 응답한 학생만 담겨 있어, 응답이 없는 학생을 미제출로 봅니다. 마감일은 이 파일에 없습니다."


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return in_folder(tmp_path, monkeypatch)


def of_files(capsys, *arguments, files=(ESSAYS, SURVEY), at="2026-11-21 17:00"):
    return missing(capsys, "--roster", "명렬표.csv", *files, "--at", at, *arguments)


def as_json(capsys, *arguments, **options):
    status, out, err = of_files(capsys, "--json", *arguments, **options)
    assert (status, err) == (0, "")
    return json.loads(out)


def short(told):
    """Number, assignment and state of each row that is missing."""
    return [(row["student_no"], row["assignment"], row["state"]) for row in told["missing"]]


def test_who_is_missing_what_by_class_the_figures_and_what_has_to_be_checked(capsys):
    status, out, err = of_files(capsys)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "파일 2개, 학생 5명, 과제 2개를 읽었습니다.",
        "11월 21일(토) 17:00 기준으로 내지 않은 과제가 3건입니다(학생 2명).",
        "냈는지 알 수 없는 것이 2건 있습니다.",
        "",
        "[1학년 1반] 2명",
        "  10102 이두리: 독서 감상문(임시 저장)",
        "  10103 박세리: 독서 감상문, 진로 조사",
        "",
        "과제별 제출",
        "  1학년 1반 · 독서 감상문: 3명 가운데 1명 제출(33%), 미제출 2명",
        "  1학년 1반 · 진로 조사: 2명 가운데 1명 제출(50%), 미제출 1명, 알 수 없음 1명",
        "  1학년 2반 · 진로 조사: 1명 가운데 1명 제출(100%), 알 수 없음 1명",
        "",
        "확인해 주세요: 1건",
        f" - {CAVEAT}",
        "",
        "누구의 것인지 정하지 못한 줄 1건",
        " - 진로 조사.csv 3행 김하나: 이름이 같은 학생이 2명입니다.",
        "   혹시: 1학년 1반 10101 김하나 / 1학년 2반 10201 김하나",
        "   누구인지 알면 알려 주세요: --whom '진로 조사.csv:3=학번' (명렬표에 없는 사람이면 '=' 뒤를 비웁니다)",
    ]


def test_json_holds_all_of_it_and_nothing_else(capsys):
    told = as_json(capsys, files=[SURVEY])
    assert told.keys() == {"at", "missing", "summary", "unmatched", "failed", "notices"}
    assert (told["at"], told["failed"], told["notices"]) == ("2026-11-21T17:00:00+09:00", [], [CAVEAT])
    assert told["missing"] == [
        {
            "class_name": "1학년 1반",
            "student_no": "10103",
            "name": "박세리",
            "assignment": "진로 조사",
            "due": None,
            "state": "missing",
            "submitted_at": None,
            "hidden": False,
            "source": SURVEY,
            "course_id": None,
            "assignment_id": None,
        }
    ]
    counts = {
        "class_name": "1학년 2반",
        "pupils": 2,
        "submitted": 1,
        "unknown": 1,
        "to_urge": 0,
        "rate": 1.0,
        "due": None,
    }
    assert counts.items() <= told["summary"][1].items()
    (line,) = told["unmatched"]
    assert (line["key"], line["written"]) == (f"{SURVEY}:3", "김하나")
    assert [one["student_no"] for one in line["candidates"]] == ["10101", "10201"]


def test_times_in_json_have_their_zone(folder, capsys):
    (folder / SURVEY).write_text("Last Name,First Name,Email Address,시\nDate,,,2026-11-20\n이,두리,,80\n", "utf-8")
    told = as_json(capsys, files=[SURVEY])
    assert told["summary"][0]["due"].startswith("2026-11-20T") and told["summary"][0]["due"].endswith("+09:00")


def test_what_is_not_yet_due_is_missing_at_a_later_time(folder, capsys):
    extended = '"No submission - Extension granted until: Monday, 30 November 2026, 11:59 PM"'
    (folder / ESSAYS).write_text(WORKSHEET.replace('"No submission"', extended), encoding="utf-8")
    draft, extended = ("10102", "독서 감상문", "draft"), ("10103", "독서 감상문", "missing")
    assert short(as_json(capsys, files=[ESSAYS], at="2026-11-30 17:00")) == [draft]
    assert short(as_json(capsys, files=[ESSAYS], at="2026년 12월 1일 9:00")) == [draft, extended]


@pytest.mark.parametrize("written", [f"{SURVEY}:3", "김하나"])
def test_the_teacher_says_whose_a_line_is(capsys, written):
    told = as_json(capsys, "--whom", f"{written}=10201", files=[SURVEY])
    assert short(told) == [("10101", "진로 조사", "missing"), ("10103", "진로 조사", "missing")]
    assert told["unmatched"] == []


def test_a_line_of_someone_who_is_not_in_the_roster(capsys):
    told = as_json(capsys, "--whom", "김하나=", files=[SURVEY])
    assert [one[0] for one in short(told)] == ["10101", "10103", "10201"]
    assert told["unmatched"] == []


def test_an_answer_may_name_the_number_in_class_where_one_pupil_has_it(folder, capsys):
    (folder / "명렬표.csv").write_text("번호,이름\n1,김하나\n2,이두리\n3,박세리\n4,최네오\n", encoding="utf-8")
    (folder / SURVEY).write_text(FORM.replace("이두리", "이둘이"), encoding="utf-8")
    told = as_json(capsys, "--whom", "이둘이=2", files=[SURVEY])
    assert short(told) == [("3", "진로 조사", "missing")]


def test_the_classes_that_a_form_was_meant_for(folder, capsys):
    (folder / SURVEY).write_text(FORM.replace("최네오", "박세리"), encoding="utf-8")
    assert as_json(capsys, "--whom", "김하나=10101", files=[SURVEY])["missing"] == []
    told = as_json(
        capsys, "--whom", "김하나=10101", "--classes", f"{SURVEY}=1학년 1반, 1학년 2반", files=[SURVEY]
    )  # fmt: skip
    assert [one[0] for one in short(told)] == ["10201", "10202"]


def test_a_table_of_ones_own_with_a_saved_mapping(folder, capsys):
    mapping = TableMapping(name="이름", assignments=("글쓰기",))
    (folder / "칸 연결.json").write_text(mapping.to_json(), encoding="utf-8")
    (folder / "명렬표.csv").write_text(ROSTER.replace("1,2,1,김하나,10201\n", ""), encoding="utf-8")
    told = as_json(capsys, "--mapping", "칸 연결.json", files=[TICKS])
    assert short(told) == [("10102", "글쓰기", "missing")]


def test_the_result_is_written_as_a_workbook_or_as_csv(folder, capsys):
    status, out, _ = of_files(capsys, "-o", "미제출.xlsx")
    assert (status, out.splitlines()[-1]) == (0, "결과를 미제출.xlsx에 저장했습니다.")
    assert {"1학년 1반", "1학년 2반"} <= set(openpyxl.load_workbook(folder / "미제출.xlsx").sheetnames)
    as_json(capsys, "-o", "미제출.csv")
    assert "박세리" in (folder / "미제출.csv").read_bytes().decode("utf-8-sig")


def test_nothing_is_missing(folder, capsys):
    (folder / ESSAYS).write_text(WORKSHEET.replace("Draft (not submitted)", "Submitted for grading"), encoding="utf-8")
    (folder / "명렬표.csv").write_text(ROSTER.replace("1,1,3,박세리,10103\n", ""), encoding="utf-8")
    _, out, _ = of_files(capsys, files=[ESSAYS])
    assert out.splitlines()[1] == "11월 21일(토) 17:00 기준으로 내지 않은 과제가 없습니다."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], ["FILE: 무엇을 읽을지 없습니다. --roster 명렬표와 과제 파일을 쓰거나, --moodle 주소를 써 주세요."]),
        ([SURVEY], ["--roster: 명렬표가 없습니다. 파일에 없는 학생까지 찾으려면 명렬표가 있어야 합니다."]),
        (
            ["--moodle", "https://m.example", SURVEY],
            [
                "--moodle: 과제 파일과 함께 쓸 수 없습니다. 둘 가운데 하나만 써 주세요.",
                "--moodle: 접속할 토큰이나 아이디가 환경 변수에 없습니다. SCHOOLKIT_MOODLE_TOKEN에 토큰을, 또는 "
                "SCHOOLKIT_MOODLE_USERNAME과 SCHOOLKIT_MOODLE_PASSWORD에 아이디와 비밀번호를 넣어 주세요.",
            ],
        ),
        (
            ["--roster", "명렬표.csv", SURVEY, "--courses", "2", "--at", "내일", "-o", "결과.pdf", "--whom", "김하나",
             "--whom", "=10101", "--classes", "설문.csv=1학년 1반"],
            [
                "--courses: --moodle과 함께만 쓸 수 있습니다. 강좌 번호를 빼 주세요.",
                "--at: 시각을 알 수 없습니다. '2026-11-30 17:00'처럼 써 주세요.",
                "--whom: 1번째에 '='가 없거나 그 앞이 비었습니다. 예: --whom '설문.csv:12=10203'",
                "--whom: 2번째에 '='가 없거나 그 앞이 비었습니다. 예: --whom '설문.csv:12=10203'",
                "--classes: 읽을 파일 가운데 없는 파일입니다: 설문.csv. 파일 이름을 확인해 주세요.",
                "-o: 결과는 엑셀이나 CSV 파일로만 저장합니다. .xlsx나 .csv로 끝나는 이름을 써 주세요.",
            ],
        ),
        (
            ["--roster", "명렬표.csv", SURVEY, "--whom", "김하나=99999", "--mapping", "없음.json"],
            [
                "--whom 1번째: 명렬표에 없는 학번입니다. 명렬표의 학번을 확인해 주세요.",
                "없음.json: 파일을 열 수 없습니다. 이름과 폴더를 확인해 주세요.",
            ],
        ),
        (
            ["--roster", "명렬표.csv", SURVEY, "--mapping", "명렬표.csv"],
            ["명렬표.csv: 칸 연결 파일이 아니거나 깨져 있습니다. 이 화면에서 저장한 칸 연결 파일을 고르거나, "
             "칸 연결을 새로 만들어 주세요."],
        ),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_told_at_once(capsys, arguments, said):
    assert complaints(capsys, *arguments) == said


def test_what_belongs_to_files_does_not_go_with_a_moodle(monkeypatch, capsys):
    monkeypatch.setenv("SCHOOLKIT_MOODLE_TOKEN", TOKEN)
    arguments = ["--roster", "명렬표.csv", "--mapping", "m.json", "--whom", "a=1", "--courses", "둘"]
    assert complaints(capsys, "--moodle", "https://m.example", *arguments) == [
        "--roster: --moodle과 함께 쓸 수 없습니다. 과제 파일을 읽을 때에만 써 주세요.",
        "--mapping: --moodle과 함께 쓸 수 없습니다. 과제 파일을 읽을 때에만 써 주세요.",
        "--whom: --moodle과 함께 쓸 수 없습니다. 과제 파일을 읽을 때에만 써 주세요.",
        "강좌 번호를 알아볼 수 없습니다. 강좌에 들어갔을 때 주소 끝에 보이는 숫자(id=3이면 3)를 적어 주세요.",
    ]


def test_a_file_that_is_no_export_and_a_roster_that_is_none(folder, capsys):
    assert complaints(capsys, "--roster", "명렬표.csv", TICKS, "없음.csv") == [
        "없음.csv: 파일을 찾을 수 없습니다. 이름과 폴더를 확인해 주세요.",
        "점검표.csv: 어떤 과제 기록인지 알아보지 못했습니다. Moodle, Google 클래스룸·설문지, Canvas, Teams에서 "
        "내려받은 그대로 올리거나, 어느 칸이 무엇인지 정해 주세요.",
    ]
    (folder / "명렬표.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    said = complaints(capsys, "--roster", "명렬표.csv", "--whom", "김하나=10101", ESSAYS, TICKS)
    assert [line.split(":")[0] for line in said] == ["명렬표.csv", "점검표.csv"]


@pytest.mark.parametrize("output", [ESSAYS, "./명렬표.csv", "연결.csv"])
def test_a_result_never_overwrites_what_was_read(folder, capsys, output):
    (folder / "연결.csv").symlink_to(folder / ESSAYS)
    said = complaints(capsys, "--roster", "명렬표.csv", ESSAYS, "-o", output)
    assert said == ["-o: 결과 파일이 읽을 파일과 같습니다. 다른 이름을 써 주세요."]
    assert (folder / ESSAYS).read_text(encoding="utf-8") == WORKSHEET


def test_a_folder_that_is_not_there_costs_only_the_file(capsys):
    status, out, err = of_files(capsys, "-o", "없음/미제출.xlsx")
    assert status == 2
    assert "10103 박세리: 독서 감상문, 진로 조사" in out and "저장했습니다" not in out
    assert err.startswith("없음/미제출.xlsx: 결과 파일을 저장하지 못했습니다.")


@pytest.mark.parametrize("written", [["--token", TOKEN], [f"--token={TOKEN}"], [f"--password={TOKEN}", "--x", TOKEN]])
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(capsys, written):
    with pytest.raises(SystemExit) as stopped:
        main(["missing", "--moodle", "https://m.example", *written])
    shown = capsys.readouterr()
    assert (stopped.value.code, shown.out) == (2, "")
    assert shown.err.startswith("명령을 이해하지 못했습니다(") and written[0].split("=")[0] in shown.err
    assert TOKEN not in shown.err


def test_an_error_that_no_one_foresaw_shows_its_type_alone(monkeypatch, capsys):
    def fail(*_, **__):
        raise KeyError("박세리")

    monkeypatch.setattr(reading, "read_submissions", fail)
    status, out, err = of_files(capsys)
    assert (status, out) == (2, "")
    assert err == "예상하지 못한 문제가 생겼습니다. 파일을 확인해 주세요(KeyError).\n"
