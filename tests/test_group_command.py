"""``schoolkit groups`` as a shell sees it."""

import argparse
import io
import json
from pathlib import Path

import openpyxl
import pytest

from schoolkit.errors import InputError
from schoolkit.group_command import add_parser
from schoolkit.grouping.history import read_history

CLASS = """번호,이름,성별,점수,관심 분야,모둠장
1,김하나,여,90,음악,O
2,이두리,남,80,음악,
3,박세리,여,70,운동,
4,최네오,남,60,운동,O
5,정다섯,여,50,음악,
6,강여섯,남,40,운동,
"""
TWO_CLASSES = "반,번호,이름\n1,1,김하나\n1,2,이두리\n1,3,박세리\n1,4,최네오\n2,1,김하나\n2,2,정다섯\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "명단.csv"
    path.write_text(CLASS, encoding="cp949")
    return str(path)


@pytest.fixture
def two_classes(tmp_path):
    path = tmp_path / "학년.csv"
    path.write_text(TWO_CLASSES, encoding="utf-8")
    return str(path)


def groups(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    options = parser.parse_args(["groups", *arguments])
    options.run(options)


def as_json(capsys, *arguments):
    groups(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def complaints(*arguments):
    with pytest.raises(InputError) as caught:
        groups(*arguments)
    return [str(problem) for problem in caught.value.problems]


def test_the_groups_how_fair_they_are_and_the_seed_are_shown(table, capsys):
    locks = ["김하나:1", "이두리:1", "박세리:2", "최네오:2", "정다섯:1"]
    arguments = ["--groups", "2", "--balance", "성별:2", "--absent", "강여섯", "--variety", "0", "--seed", "3"]
    groups(table, *arguments, *(part for lock in locks for part in ("--lock", lock)))
    assert capsys.readouterr().out.splitlines() == [
        "학생 5명을 2모둠으로 나누었습니다.",
        "1모둠(3명): 김하나, 이두리, 정다섯",
        "2모둠(2명): 박세리, 최네오",
        "결석: 강여섯",
        "더 고르게 나눌 수 없음 (증명됨)",
        "균형 점수 100.0 (치우침 11.11, 한계 11.11)",
        " - 성별: 남 1명, 여 1–2명",
        "씨앗 번호 3 (같은 명단과 설정에 붙이면 같은 편성이 나옵니다: --seed 3)",
    ]


def test_every_rule_is_kept_and_json_holds_all(table, capsys):
    shown = as_json(
        capsys, table, "--size", "3", "--balance", "점수:mean=2,spread=1", "--alike", "관심분야", "--apart",
        "김하나,이두리:다툼", "--together", "정다섯,강여섯", "--at-most", "2:성별=여", "--at-least", "1:성별=여",
        "--one-each", "모둠장", "--variety", "free", "--seed", "1",
    )  # fmt: skip
    one, other = map(set, shown["groups"])
    assert one | other == {"김하나", "이두리", "박세리", "최네오", "정다섯", "강여섯"}
    for members in (one, other):
        assert not {"김하나", "이두리"} <= members
        assert len({"정다섯", "강여섯"} & members) != 1
        assert len({"김하나", "최네오"} & members) == 1
        assert 1 <= len({"김하나", "박세리", "정다섯"} & members) <= 2
    assert shown.keys() == {
        "groups", "absent", "score", "bound", "proven", "fairness", "statement", "lines", "notices", "seed"
    }  # fmt: skip
    assert (shown["absent"], shown["seed"], len(shown["lines"])) == ([], 1, 2)


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [
        (["--size", "4"], [3, 3]),
        (["--sizes", "4,2"], [4, 2]),
        (["--groups", "3"], [2, 2, 2]),
        (["--size", "2~2"], [2, 2, 2]),
    ],
)
def test_sizes_are_said_in_several_ways(table, capsys, arguments, sizes):
    assert [len(members) for members in as_json(capsys, table, *arguments)["groups"]] == sizes


def test_earlier_groups_are_avoided_and_the_workbook_remembers(table, tmp_path, capsys):
    first, second = str(tmp_path / "1.xlsx"), str(tmp_path / "2.xlsx")
    groups(table, "--size", "2", "--seed", "1", "-o", first)
    assert capsys.readouterr().out.endswith(f"\n결과를 {first}에 저장했습니다.\n")
    shown = as_json(
        capsys, table, "--size", "2", "--history", first, "--recover", "2회", "--variety", "0", "-o", second
    )
    assert shown["lines"] == ["지난 모둠: 전에 만난 짝 0쌍이 다시 만납니다 (무작위면 0.6쌍)"]
    assert read_history(second)["round"].tolist() == [1] * 6 + [2] * 6


def test_each_class_on_its_own(two_classes, tmp_path, capsys):
    path = tmp_path / "반별.xlsx"
    shown = as_json(
        capsys, two_classes, "--by-class", "--size", "2", "--apart", "이두리,박세리", "--seed", "1", "-o", str(path)
    )
    assert list(shown["classes"]) == ["1반", "2반"]
    assert [len(one["groups"]) for one in shown["classes"].values()] == [2, 1]
    assert openpyxl.load_workbook(path).sheetnames == ["명단", "모둠 표", "카드", "균형", "설정", "이력"]
    groups(two_classes, "--by-class", "--size", "2", "-o", str(tmp_path / "반별.csv"))
    assert (tmp_path / "반별.csv").read_bytes().decode("utf-8-sig").startswith("모둠,반,번호,이름\r\n")
    assert "[2반] 학생 2명을 1모둠으로 나누었습니다." in capsys.readouterr().out


def test_several_rounds_at_once(table, tmp_path, capsys):
    path = tmp_path / "회차.csv"
    arguments = [table, "--size", "2", "--rounds", "3", "--time-limit", "0.5", "--seed", "1", "-o", str(path)]
    shown = as_json(capsys, *arguments)
    assert (len(shown["rounds"]), shown["repeated_pairs"], shown["least_possible"]) == (3, 0, 0)
    assert path.read_bytes().decode("utf-8-sig").startswith("1회차,2회차,3회차,번호,이름,")
    groups(*arguments[:-1], str(tmp_path / "회차.xlsx"))
    text = capsys.readouterr().out
    assert "[3회차] " in text and "다시 만나는 짝 0쌍 (아무리 줄여도 0쌍)" in text


def test_whatever_is_wrong_with_the_arguments_is_told_at_once(table):
    assert complaints(
        table, "--size", "네명", "--sizes", "4;5", "--variety", "많이", "--balance", "성별:height=3", "--alike", ":2",
        "--at-most", "특수", "--lock", "김하나", "--one-each", "", "--by-class", "--rounds", "2", "-o", table,
        "--apart", "김하나,김없음", "--balance", "키", "--history", "없는 파일.xlsx",
    ) == [
        "--size: 인원을 알 수 없습니다. 4나 3-5처럼 써 주세요.",
        "--sizes: 인원을 알 수 없습니다. 4,4,5처럼 써 주세요.",
        "--variety: 무작위 정도를 알 수 없습니다. 0, 5 같은 수나 free를 써 주세요.",
        "--balance: 칸이나 중요도를 알 수 없습니다(성별:height=3). 성별:2나 점수:mean=2,spread=1처럼 써 주세요.",
        "--alike: 칸이나 중요도를 알 수 없습니다(:2). 관심분야나 관심분야:2처럼 써 주세요.",
        "--at-most: 누구인지 알 수 없습니다. 1:특수처럼 써 주세요.",
        "--one-each: 누구인지 알 수 없습니다. 모둠장처럼 써 주세요.",
        "--lock: 학생이나 모둠 번호를 알 수 없습니다. 이름:3처럼 써 주세요.",
        "--rounds: --by-class와 함께 쓸 수 없습니다. 반마다 따로 실행해 주세요.",
        "-o: 결과 파일이 읽을 파일과 같습니다. 다른 이름을 써 주세요.",
        "없는 파일.xlsx: 파일을 찾을 수 없습니다. 이름과 폴더를 확인해 주세요.",
        "'키' 칸: 명단에 없는 칸입니다. 명단의 칸: 번호, 이름, 성별, 점수, 관심 분야, 모둠장",
        "'떼어 놓기' 칸: 2번째 학생이 명단에 없습니다. 명단의 이름과 같게 적어 주세요.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], ["--size: 모둠 크기가 없습니다. --size 4, --groups 7, --sizes 4,4,5 가운데 하나를 써 주세요."]),
        (
            ["--size", "2", "-o", "결과.pdf"],
            ["-o: 결과는 엑셀이나 CSV 파일로만 저장합니다. .xlsx나 .csv로 끝나는 이름을 써 주세요."],
        ),
        (
            ["--size", "2", "--alike", "성별:weight=큼"],
            ["--alike: 칸이나 중요도를 알 수 없습니다(성별:weight=큼). 관심분야나 관심분야:2처럼 써 주세요."],
        ),
    ],
)
def test_an_argument_that_is_missing_or_wrong(table, arguments, said):
    assert complaints(table, *arguments) == said


def test_a_result_never_overwrites_what_was_read(table):
    linked = Path(f"{table}.xlsx")
    linked.symlink_to(table)
    assert len(complaints(table, "--size", "2", "-o", str(linked))) == 1
    assert Path(table).read_text(encoding="cp949") == CLASS


def test_a_folder_that_is_not_there(table, tmp_path):
    path = str(tmp_path / "없음" / "결과.xlsx")
    (said,) = complaints(table, "--size", "2", "-o", path)
    assert said.startswith(f"{path}: 결과 파일을 저장하지 못했습니다.")


def test_contradictory_rules_are_told_with_names(table):
    (said,) = complaints(table, "--size", "3", "--apart", "김하나,이두리", "--together", "김하나,이두리")
    assert "김하나 – 이두리 떼어 놓기" in said and "김하나 – 이두리 함께 두기" in said


def test_a_name_that_several_classes_have(two_classes):
    assert complaints(two_classes, "--by-class", "--size", "2", "--lock", "김하나:1") == [
        "규칙의 학생과 이름이 같은 학생이 여러 반에 있습니다. 반마다 파일을 나누어 따로 실행해 주세요."
    ]


def test_what_is_wrong_in_one_class_names_the_class(two_classes):
    assert complaints(two_classes, "--by-class", "--sizes", "2,2") == [
        "2반: 모둠별 인원을 모두 더하면 4명인데 편성할 학생은 2명입니다. 모둠별 인원을 다시 정해 주세요."
    ]


def test_a_column_of_names_that_is_said(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("별명,점수\n하나,1\n두리,2\n", encoding="utf-8")
    shown = as_json(capsys, str(path), "--groups", "1", "--name-column", "별명")
    assert shown["groups"] == [["하나", "두리"]]


def test_nothing_of_it_is_printed_where_something_is_wrong(table, capsys):
    complaints(table, "--size", "2", "--balance", "키")
    assert capsys.readouterr() == ("", "")


def test_the_bytes_of_a_workbook_open(table, tmp_path):
    path = tmp_path / "모둠.xlsx"
    groups(table, "--size", "3", "--balance", "점수", "-o", str(path))
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["모둠 표"]["A1"].value == "모둠 편성"
