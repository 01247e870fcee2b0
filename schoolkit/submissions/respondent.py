"""Who fills in a form: the questions that ask for it, and whom the answers name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ..students import class_label, parse_class, parse_student_number
from .export import Written
from .names import joined_name, number_in, split_number

_FIELDS = {
    "name": r"학생이름|학생성명|학생명|성명|이름|성함|실명|studentname|fullname|name",
    "given": r"firstname|givenname",
    "family": r"lastname|familyname|surname",
    "student_no": r"학번|학생번호|studentid(?:number)?|studentnumber|studentno\.?|idnumber|schoolid",
    "grade": r"학년|grade",
    "room": r"학반",  # grade and class in teachers' short form
    "class_no": r"학급|반|homeroom|class(?:room)?",
    "seat_no": r"출석번호|번호|번|(?:attendance)?number|no\.?",
}
# what stands around these words in a question that asks for nothing else
_AROUND = (
    r"[/,·.&+_:;*?!~|>\"'“”‘’-]+|그리고|하고|과|와|및|[을를은는이가의도]|(?:q|문항)?\d{1,2}[.)]"
    r"|본인|자신|자기|나|내|제|너희?|여러분|당신|학생|응답자|제출자|작성자"
    r"|(?:입력|기입|기재|작성|선택|체크)(?:을|를)?(?:하(?:세요|시오|십시오|기|고)|해(?:주세요|주십시오|주시기바랍니다|줘요?|요)?"
    r"|하여주세요|하여주십시오|바랍니다|부탁드립니다|부탁합니다|부탁해요|란|칸)"
    r"|(?:적어|써|골라|알려|말해|남겨|넣어)(?:주세요|주십시오|주시기바랍니다|줘요?|요)|적(?:으세요|으시오|기)"
    r"|쓰(?:세요|시오|십시오|기)|고르(?:세요|시오)"
    r"|무엇|뭐|몇|어떻게되(?:나요|세요)|인가요|입니까|이에요|예요"
    r"|정확(?:히|하게)|꼭|반드시|모두|함께|같이|순서대로|순으로|순서로|차례로|붙여서|띄어쓰기없이"
    r"|(?:\d|[세네다여]섯?|[일이삼사오육])자리|숫자|로|만|필수"
    r"|what(?:is|'?s)|please|enter|write|typein|type|fillin|select|choose|input|your|my|the|and|student(?:'s|s)?|full|required"
)
_FIELD = "|".join(f"(?P<{kind}>{words})" for kind, words in _FIELDS.items())
_TOKEN = re.compile(rf"{_FIELD}|{_AROUND}")
_EXAMPLE = re.compile(r"(?:예시?|보기|ex|e\.g\.?)[).:)]+.*|(?:예시|보기|예)(?=\d).*")
_EMAIL = re.compile(r"이메일|e-?mail|전자(?:메일|우편)|메일주소|구글계정|학교계정")
_OTHERS = re.compile(r"보호자|학부모|부모|어머니|아버지|담임|선생님|교사|친구|parent|guardian|teacher")
_NOBODY = {"", "-", "anonymous", "익명", "익명응답", "익명의사용자"}
_LONGEST = 300  # letters of a question that are looked at
_ORDER = ("grade", "class_no", "seat_no")


def asked_for(question: str) -> frozenset[str]:
    """What a question asks of the one who answers, and asks for nothing else; empty if it asks for other things.

    The words are ``name``, ``given``, ``family``, ``student_no``, ``grade``, ``class_no``, ``seat_no`` and
    ``email``.

    >>> sorted(asked_for("학번과 이름을 써 주세요(예: 10101 홍길동)")), sorted(asked_for("주인공의 이름은 무엇인가요?"))
    (['name', 'student_no'], [])
    """
    key = re.sub(r"\s", "", unicodedata.normalize("NFKC", question[:_LONGEST])).casefold()
    if _EMAIL.search(key) and not _OTHERS.search(key) and len(key) <= 40:
        return frozenset({"email"})
    key = _EXAMPLE.sub("", re.sub(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>", "", key))
    kinds, at = set(), 0
    while at < len(key):
        token = _TOKEN.match(key, at)
        if token is None:
            return frozenset()
        kinds |= {token.lastgroup} - {None}
        at = token.end()
    return frozenset(kinds - {"room"} | ({"grade", "class_no"} if "room" in kinds else set()))


@dataclass(frozen=True)
class Asked:
    """The columns of a form that say who answers.

    ``columns[j]`` is what column ``j`` asks for, in the words of :func:`asked_for`, or
    ``account``: the name of the account that was used, which may be spelled in another way.
    """

    columns: dict[int, frozenset[str]]

    @property
    def is_enough(self) -> bool:
        """Whether a pupil can be found by these columns."""
        kinds = frozenset().union(*self.columns.values())
        return bool(kinds & {"name", "given", "account", "student_no", "email"}) or {"class_no", "seat_no"} <= kinds

    def written(self, cells: Sequence[str]) -> Written | None:
        """Whom a row names; None if it names nobody.

        Where several questions ask for the same, as in forms with a section for each class, the
        first answer counts.
        """
        said: dict[str, str] = {}
        names: list[str] = []
        account = ""
        for j, kinds in self.columns.items():
            cell = " ".join(cells[j].split()) if j < len(cells) else ""
            if re.sub(r"\s", "", cell).casefold() in _NOBODY:
                continue
            if _asks_name(kinds):
                names.append(cell)
            elif kinds == {"account"}:
                account = cell
            elif kinds == {"email"}:
                if "@" in cell:
                    said.setdefault("email", cell)
            elif len(kinds) == 1:
                said.setdefault(next(iter(kinds)), cell)
            else:
                for kind, part in _parted(cell, kinds).items():
                    said.setdefault(kind, part)
        return written(names=[*names[:1], account], **said)

    def answers(self, cells: Sequence[str]) -> int:
        """How many different names a row gives."""
        return len({cells[j] for j, kinds in self.columns.items() if _asks_name(kinds) and j < len(cells)} - {""})


def _asks_name(kinds: frozenset[str]) -> bool:
    """Whether the answer holds the whole name, perhaps with a number beside it."""
    return "name" in kinds or {"given", "family"} <= kinds


def _parted(cell: str, kinds: frozenset[str]) -> dict[str, str]:
    """The parts of an answer such as ``1-1-7`` to one question for grade, class and number."""
    wanted = [kind for kind in _ORDER if kind in kinds]
    if "student_no" in kinds:
        return {"student_no": cell}
    digits = re.findall(r"\d+", cell)
    if len(digits) == len(wanted):
        return dict(zip(wanted, digits, strict=True))
    return {"class_no": cell} if wanted == ["grade", "class_no"] else {"student_no": cell}


def written(
    *,
    names: Sequence[str] = (),
    given: str = "",
    family: str = "",
    student_no: str = "",
    grade: str = "",
    class_no: str = "",
    seat_no: str = "",
    email: str = "",
) -> Written | None:
    """Whom the cells of a row name; None if they name nobody.

    Grade, class and number in class become a student number such as 10107.

    Args:
        names: the name as it stands, perhaps with a number beside it.
        given, family: the name in two parts.
        student_no, email: as they stand.
        grade, class_no, seat_no: digits, perhaps with 학년, 반 and 번; the class may be a name or
            have its grade beside it.
    """
    spelled = [name for name in names if name]
    if given or family:
        spelled += [joined_name(family, given), f"{given} {family}".strip()]
    numbers = []
    if student_no and not spelled and _holds_name(student_no):
        spelled.append(student_no)  # who answers 10107 김서연 to the question for the number
    elif student_no:
        numbers.append(re.sub(r"^(?:학번)?\s*:?\s*(\d{3,})\s*번?$", r"\1", student_no))
    grade_digit, room = _room(grade, class_no)
    seat = _digits(seat_no)
    if seat and grade_digit and room and room.isdigit() and not parse_student_number(seat):
        numbers.append(f"{grade_digit}{int(room):02d}{int(seat):02d}")
    elif seat:
        numbers.append(seat)
    numbers += [found for found in map(number_in, spelled) if found]
    if not (spelled or numbers or email):
        return None
    class_name = " ".join(filter(None, (grade_digit and f"{grade_digit}학년", f"{room}반"))) if room else None
    return Written(tuple(dict.fromkeys(spelled)), tuple(dict.fromkeys(numbers)), email or None, class_name)


def _holds_name(answer: str) -> bool:
    beside = split_number(answer)[1]
    return bool(re.search(r"[^\W\d_]{2}", beside)) and not asked_for(beside)


def _room(grade: str, class_no: str) -> tuple[str | None, str | None]:
    """Grade and class without their units."""
    if whole := parse_class(class_no):
        return str(whole.grade), whole.class_no
    if dashed := re.fullmatch(r"([1-6])\s*[-./]\s*(\d{1,2})\s*반?", class_no):
        return dashed[1], str(int(dashed[2]))
    digit = _digits(grade)
    return digit if digit and digit in "123456" else None, class_label(class_no)


def _digits(text: str) -> str | None:
    """The digits of a cell such as ``07번``, without zeros in front."""
    found = re.fullmatch(r"0*(\d{1,7})\s*(?:학년|번)?", text.strip())
    return found[1] if found else None
