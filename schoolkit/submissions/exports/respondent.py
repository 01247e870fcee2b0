"""Who fills in a form: the questions that ask for it, and whom the answers name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from ...students import class_label, parse_class, parse_student_number
from ..names import joined_name, number_in, split_number
from .export import Written
from .group_answers import lists_several, people_in

_FIELDS = {
    "name": r"학생이름|학생성명|학생명|성명|이름|성함|실명|studentname|fullname|name",
    "given": r"firstname|givenname",
    "family": r"lastname|familyname|surname",
    "student_no": r"학번|학생번호|studentid(?:number)?|studentnumber|studentno\.?|idnumber|schoolid",
    "grade": r"학년|grade",
    "room": r"학반",  # grade and class in teachers' short form
    "class_no": r"학급|반|소속|homeroom|class(?:room)?",
    "seat_no": r"출석번호|번호|번|(?:attendance)?number|no\.?",
    "all": r"인적사항|인적정보|신상정보|신상",  # number and name
    # the name, if nothing else is asked
    "self": r"누구(?:세요|신가요|인가요|입니까|예요|이에요|시죠|인지)|(?:제출자|작성자|응답자)(?!의[^이성학])",
    "section": r"(?:[1-6]학년|[1-6]-)?\d{1,2}반",  # the class that this question is for
}
# what stands around these words in a question that asks for nothing else
_AROUND = (
    r"[/,·.&+_:;*?!~|>\"'“”‘’-]+|그리고|하고|이?랑|과|와|및|[을를은는이가의도]|(?:q|문항)?\d{1,2}[.)]"
    r"|본인|자신|자기|나|내|제|너희?|여러분|당신|학생|한글"
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
_SHORT = {"room": {"grade", "class_no"}, "all": {"name", "student_no"}}
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")
_EXAMPLE = re.compile(r"(?:예시?|보기|ex|e\.g\.?)[).:)]+.*|(?:예시|보기|예)(?=\d).*")
_EMAIL = re.compile(r"이메일|e-?mail|전자(?:메일|우편)|메일주소|구글계정|학교계정")
_OTHERS = re.compile(r"보호자|학부모|부모|어머니|아버지|담임|선생님|교사|친구|parent|guardian|teacher")
_NEAR = re.compile(r"이름|성명|성함|학번|번호|학생|누구|인적|신상|소속|실명|name|number|student|who", re.IGNORECASE)
# the columns that Microsoft adds to each question of a quiz
_OF_A_QUESTION = re.compile(r"\s*(?:points|feedback|점수|피드백)\s*[-–]", re.IGNORECASE)
_CLASS_IN_FRONT = re.compile(
    r"((?:[1-6]\s*학년\s*)?\d{1,2}\s*반|[1-6]\s*[-./]\s*\d{1,2}\s*반?)\s*(?:[\s,/:]\s*|(?<=반))(\D{2,})"
)
# what accounts that pupils share are called
_DEVICE = re.compile(
    r"태블릿|테블릿|패드|크롬북|노트북|컴퓨터|기기|공용|교실|학생용|게스트"
    r"|\b(?:tablet|tab|i?pad|pc|chromebook|notebook|laptop|desktop|device|surface|galaxy|guest|shared|student|lab)\b",
    re.IGNORECASE,
)
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
    bare = _EXAMPLE.sub("", _IN_BRACKETS.sub("", key))
    kinds = _kinds(bare)
    if not kinds and (kinds is not None or not bare):
        kinds = _kinds(_EXAMPLE.sub("", re.sub(r"[\[\]()<>]", "", key)))  # what is asked stands in the brackets
    return frozenset(kinds or ())


def _kinds(key: str) -> set[str] | None:
    """What the words of a question ask for; None if there are others among them."""
    kinds, at = set(), 0
    while at < len(key):
        token = _TOKEN.match(key, at)
        if token is None:
            return None
        kinds |= {token.lastgroup} - {None, "section"}
        at = token.end()
    for short, meant in _SHORT.items():
        if short in kinds:
            kinds = kinds - {short} | meant
    return kinds - {"self"} or ({"name"} if "self" in kinds else set())


def asked_of(question: str) -> str:
    """The class whose pupils a question is for, such as ``1반`` in ``1반 이름``; empty if it is for all.

    >>> asked_of("1-2반 학생 이름"), asked_of("이름(1반)"), asked_of("이름(예: 1반 김서연)")
    ('1-2반', '1반', '')
    """
    key = re.sub(r"\s", "", unicodedata.normalize("NFKC", question[:_LONGEST]))
    found = re.match(_FIELDS["section"], key) or re.search(rf"[(\[<]({_FIELDS['section']})[)\]>]", key)
    return found[found.lastindex or 0] if found else ""


def looks_near(question: str) -> bool:
    """Whether a question has words that such questions have, whatever else it asks for."""
    return bool(_NEAR.search(question[:_LONGEST]) and not _OF_A_QUESTION.match(question))


@dataclass(frozen=True)
class Asked:
    """The columns of a form that say who answers.

    ``columns[j]`` is what column ``j`` asks for, in the words of :func:`asked_for`, or
    ``account``: the name of the account that was used, which may be spelled in another way. ``sections[j]``
    is the class that the question in column ``j`` is for.
    """

    columns: dict[int, frozenset[str]]
    sections: dict[int, str] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        """Whether a pupil can be found by these columns."""
        kinds = frozenset().union(*self.columns.values())
        return bool(kinds & {"name", "given", "account", "student_no", "email"}) or {"class_no", "seat_no"} <= kinds

    def people(self, cells: Sequence[str], shared: Collection[str] = ()) -> tuple[Written, ...]:
        """Whom a row names: no one, a pupil, or each one of a group.

        Where several questions ask for the same, as in forms with a section for each class, the
        first answer counts. What says who was logged in is no one's of a group, and an account's
        name says nothing beside an answer if it is among the ``shared`` ones or a device's.
        """
        said, names, account = self._said(cells)
        name = names[0] if names else ""
        kind = "student_no" if "student_no" in said else "seat_no"
        group = people_in(name, said.get(kind, ""))
        said = {asked: _one_line(cell) for asked, cell in said.items()}
        if len(group) > 1:
            found = (written(names=[one], **said | {kind: number, "email": ""}) for one, number in group)
            return tuple(filter(None, found))
        typed = written(names=[_one_line(name)], **said | {"email": ""})
        if typed and (typed.names or typed.numbers) and (account in shared or _is_device(account)):
            account = ""
        who = written(names=[_one_line(name), account], **said)
        return (who,) if who else ()

    def shared_accounts(self, rows: Iterable[Sequence[str]]) -> frozenset[str]:
        """The accounts with which several pupils have answered, to judge by what they have typed."""
        typed: dict[str, set[tuple]] = defaultdict(set)
        for cells in rows:
            said, names, account = self._said(cells)
            if who := written(names=names[:1], **said | {"email": ""}):
                typed[account].add((who.names, who.numbers))
        return frozenset(account for account, pupils in typed.items() if len(pupils) > 1)

    def _said(self, cells: Sequence[str]) -> tuple[dict[str, str], list[str], str]:
        """The answers of a row by what was asked for, its names, and the account's name."""
        said: dict[str, str] = {}
        names: list[str] = []
        account = ""
        for j, kinds in self.columns.items():
            cell = "\n".join(" ".join(line.split()) for line in cells[j].splitlines()) if j < len(cells) else ""
            if re.sub(r"\s", "", cell).casefold() in _NOBODY:
                continue
            if kinds == {"account"}:
                account = _one_line(cell)
                continue
            if kinds == {"email"}:
                if "@" in cell:
                    said.setdefault("email", _one_line(cell))
                continue
            if j in self.sections:
                said.setdefault("class_no", self.sections[j])
            if _asks_name(kinds):
                room, cell = _class_apart(cell) if "class_no" in kinds else ("", cell)
                if room:
                    said.setdefault("class_no", room)
                names.append(cell)
            elif len(kinds) == 1:
                said.setdefault(next(iter(kinds)), cell)
            else:
                for kind, part in _parted(cell, kinds).items():
                    said.setdefault(kind, part)
        return said, names, account

    def names_several(self, cells: Sequence[str]) -> bool:
        """Whether a row seems to name several pupils."""
        return any(map(lists_several, self._said(cells)[1][:1]))

    def answers(self, cells: Sequence[str]) -> int:
        """How many different names a row gives."""
        return len({cells[j] for j, kinds in self.columns.items() if _asks_name(kinds) and j < len(cells)} - {""})


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _class_apart(cell: str) -> tuple[str, str]:
    """The class that stands before a name such as ``1-1 김서연``, and the name."""
    apart = None if split_number(cell)[0] else _CLASS_IN_FRONT.fullmatch(cell)
    return (apart[1], apart[2]) if apart else ("", cell)


def _is_device(account: str) -> bool:
    """Whether an account is called like a device or a place, and not like a pupil with a number."""
    number, name = split_number(account)
    if number and parse_student_number(number) and re.fullmatch("[가-힣]{2,4}", name) and not _DEVICE.search(name):
        return False
    return bool(re.search(r"\d", account) or _DEVICE.search(account))


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
