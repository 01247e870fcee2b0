"""A cell -> books; a book -> title and author; a title -> its parts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from .terms import Term

# Full-width signs as their half-width twins, one for one, so that offsets stay.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, ord("、"): ord(",")}

# Other brackets as parentheses, where only the structure of a cell counts.
_STRUCTURE = _HALF_WIDTH | {ord(a): ord(b) for a, b in zip("[]〔〕［］", "()()()", strict=True)}

_TERM = re.compile(
    # not right behind a word: 수학 개념서(1학기) is a title
    r"(?:^|(?<=[\s)\],;/·]))[(\[<〈【]\s*(?:(?P<year>20\d\d)\s*(?:학년도|년)\s*,?\s*)?(?:(?P<grade>[1-6])\s*학년\s*,?\s*)?"
    r"(?P<semester>[12])\s*학기\s*[)\]>〉】]\s*:?"
    r"|(?:^|(?<=[\n)]))\s*(?:(?P<grade2>[1-6])\s*학년\s*)?(?P<semester2>[12])\s*학기\s*:"
)
_NOT_AN_AUTHOR = re.compile(
    r"(?:제?\s*\d+\s*[권부편집탄]?|[상중하]\s*권?|[ivxIVX]+|\S*\s*(?:개정|증보|특별|기념|보급|양장|완역|완전|무삭제|확장|청소년|어린이|축약"
    r"|영문|한정|최신|결정|합본|초|재|신|큰글씨|큰글자|반양장|문고|컬러|전면\s*개정)\s*판|.*(?:에디션|리커버|세트|시리즈|클래식|큰글자\s*도서|큰글자책"
    r"|큰글씨책|전자책|오디오북|e-?book|주년|그래픽\s*노블|만화|세계\s*문학\s*전집|전집|\d+쇄|문고|원서|영문|한영대역|번역본|완결|합본|선집|소설집"
    r"|시집|산문집|동화집)(?:\s*\d+)?|.*(?:출판사|출판|북스|미디어|하우스|books)|창비|민음사|비룡소|문학동네|사계절|열린책들|시공사"
    r"|문학과\s*지성사|현대문학|을유문화사|범우사|푸른책들|김영사|돌베개|휴머니스트)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"(?:지음|지은이|옮김|옮긴이|엮음|엮은이|글|그림|원작|저|역|편저|공저|외)(?=[)\s,·;/]|$)")
_SURNAMES = set(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용"
)
_FIRST_BOOK = re.compile(r"\s*(?P<title>[^(),]*[^(),\s])\s*\((?P<author>[^()]+)\)")
_LONG_ENOUGH_TO_STAND_ALONE = 3  # letters
_CLOSERS = ")]』」》〉】”’"
_SEPARATORS = ",;"
_QUOTES = [
    ("『", "』"),
    ("「", "」"),
    ("《", "》"),
    ("〈", "〉"),
    ("<", ">"),
    ("“", "”"),
    ("‘", "’"),
    ('"', '"'),
    ("'", "'"),
    ("【", "】"),
]


@dataclass(frozen=True)
class Book:
    """One book of a cell.

    Attributes:
        written: as it stands in the cell, without the separators around it.
        title: without the author; marks have their usual width, white space runs are one blank.
        author: what stands in the last parentheses; None if there is no author.
        term: the term that a marker such as ``(1학기)`` before the book names, if there is one.
    """

    written: str
    title: str
    author: str | None
    term: Term | None = None


@dataclass
class Evidence:
    """What the undoubted cells of an upload teach about its doubtful commas.

    Attributes:
        titles: titles of books that have an author, without those that hold a comma.
        authors: their authors.
        books: (title, author) -> in how many different cells.
        without_authors: whether hardly any cell of the upload names an author.
    """

    titles: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    books: Counter = field(default_factory=Counter)
    without_authors: bool = False

    @classmethod
    def from_cells(cls, cells: Iterable[str]) -> Evidence:
        """Learns from all cells of an upload."""
        evidence = cls()
        with_author = total = 0
        for cell in set(cells):
            found = split_cell(cell)
            total += 1
            with_author += any(book.author for book in found.books)
            for book in () if found.guesses else found.books:
                if not book.author:
                    continue
                evidence.books[bare_text(book.title), bare_text(book.author)] += 1
                evidence.authors.add(bare_text(book.author))
                if "," not in book.title:
                    evidence.titles.add(bare_text(book.title))
        evidence.without_authors = with_author < total / 10
        return evidence

    def comma_parts_books(self, before: str, rest: str) -> bool:
        """Whether a comma that no author stands before ends a book without an author.

        Either the part before is a title elsewhere, or the book behind is one elsewhere,
        and the two together are not.
        """
        book = _FIRST_BOOK.match(rest)
        if not book:
            return bare_text(before) in self.titles
        title, author = book["title"], bare_text(book["author"])
        if self.books[bare_text(before + title), author] > 1:
            return False
        # a short title may begin another one: 안녕 and 안녕, 우주
        known_before = bare_text(before) in self.titles and len(bare_text(before)) >= _LONG_ENOUGH_TO_STAND_ALONE
        return known_before or self.books[bare_text(title), author] > 0


@dataclass
class CellBooks:
    """The books of a cell and, in Korean, what had to be guessed to tell them apart."""

    books: list[Book]
    guesses: list[str]


def split_cell(cell: str, evidence: Evidence | None = None) -> CellBooks:
    """The books of one cell, cut at the commas that stand outside parentheses.

    A comma ends a book when parentheses (or quotation marks) closed before it; any other
    comma or line break may belong to a title, as in ``안녕, 나나(나윤아)``, and cuts only
    if ``evidence`` knows the part before it as a title. A parenthesis that was never closed
    is closed before the next book.

    >>> [book.title for book in split_cell("안녕, 나나(나윤아), 어린 왕자(비룡소 클래식)(생텍쥐페리)").books]
    ['안녕, 나나', '어린 왕자(비룡소 클래식)']
    """
    evidence = evidence or Evidence()
    books: list[Book] = []
    guesses: list[str] = []
    for text, term in _split_terms(cell):
        for segment in _without_numbering(_segments(text, evidence, guesses)):
            written = segment.strip().strip(",;，；、\n ").strip()
            written = re.sub(r"^(?:[•▪■●◦○ㆍ*·①-⑳]\s*|[-–]\s+)(?=\S)", "", written)
            if not re.search(r"\w", written) or says_nothing(written):
                continue
            title, author = split_title_author(written)
            if author is None and "," in title:
                guesses.append("저자가 없고 쉼표가 있는 글을 책 한 권으로 읽었습니다.")
            books.append(Book(re.sub(r"\s*\n\s*", " ", written), title, author, term))
    return CellBooks(books, guesses)


def _split_terms(cell: str) -> list[tuple[str, Term | None]]:
    plain = cell.translate(_HALF_WIDTH)
    markers = list(_TERM.finditer(plain))
    bounds = [(marker.start(), marker.end()) for marker in markers]
    terms = [_term(marker) for marker in markers]
    if markers and plain[: bounds[0][0]].strip() and not re.search(r"\w", plain[bounds[-1][1] :]):
        terms.append(None)  # 책(저자)(1학기): the term stands behind its books
    else:
        terms.insert(0, None)
    starts = [0, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(cell)]
    return [(cell[start:end], term) for start, end, term in zip(starts, ends, terms, strict=True)]


def _term(marker: re.Match) -> Term:
    grade = marker["grade"] or marker["grade2"]
    return Term(
        int(marker["year"]) if marker["year"] else None,
        int(grade) if grade else None,
        int(marker["semester"] or marker["semester2"]),
    )


def _segments(text: str, evidence: Evidence, guesses: list[str]) -> list[str]:
    plain = text.translate(_STRUCTURE)
    cuts = []  # (end of a segment, start of the next)
    start, opened = 0, 0
    for at, sign in enumerate(plain):
        if sign == "(":
            opened += 1
        elif sign == ")" and opened:
            opened -= 1
        if opened:
            continue
        before = plain[start:at].rstrip()
        rest = plain[at + 1 :]
        if sign in _SEPARATORS or sign == "\n":
            if before and before[-1] not in _CLOSERS and before[-1] not in _SEPARATORS:
                guess = _doubtful_comma(sign, before, rest, evidence)
                if not guess:
                    continue
                guesses.append(guess)
            cuts.append((at, at + 1))
            start = at + 1
        elif before.endswith(")") and sign in "/·." and _starts_a_book(rest):
            cuts.append((at, at + 1))
            start = at + 1
        elif before.endswith(")") and plain[at - 1] in " )" and sign not in " ()":
            if _joint(before, plain[at:], evidence):
                guesses.append("책 사이에 쉼표가 없어 저자 뒤에서 나누었습니다.")
                cuts.append((at, at))
                start = at
            elif "(" in rest and re.match(r"\w", sign):
                guesses.append("괄호 바로 뒤에 쉼표 없이 글이 이어져 한 권으로 읽었습니다.")
    segments, start = [], 0
    for end, following in cuts:
        segments.append(text[start:end])
        start = following
    last = text[start:]
    segments += _closed(last, guesses) if opened else [last]
    if _has_stray_closer(plain):
        guesses.append("여는 괄호 없이 닫는 괄호만 있습니다.")
    return segments


def _doubtful_comma(sign: str, before: str, rest: str, evidence: Evidence) -> str | None:
    """The guess by which a comma or line break cuts although no author stands before it."""
    if not _starts_a_book(rest):
        return None
    if evidence.without_authors and sign == ",":
        return "저자가 적혀 있지 않아 쉼표마다 책을 나누었습니다."
    if evidence.comma_parts_books(before, rest):
        return "저자가 없는 책 뒤의 쉼표를 책 사이의 쉼표로 보았습니다(같은 책이 다른 곳에 있습니다)."
    return None


def _starts_a_book(rest: str) -> bool:
    return bool(re.match(r"\s*[^\s(),]", rest))


def _joint(before: str, rest: str, evidence: Evidence) -> bool:
    """Whether a book ends at this ``)`` although no comma follows it."""
    following = re.match(r"([^(,\n]*\w[^(,\n]*)\([^()]+\)", rest)
    if not following or re.fullmatch(r"\d{1,2}\s*[권부편]?|[상중하]", following.group(1).strip()):
        return False
    author = before[before.rfind("(") + 1 : -1].strip()
    if _NOT_AN_AUTHOR.fullmatch(author):
        return False
    korean_name = re.fullmatch(r"[가-힣]{3}", author) and author[0] in _SURNAMES
    return bool(bare_text(author) in evidence.authors or _ROLE.search(author) or korean_name)


def _has_stray_closer(plain: str) -> bool:
    depth = 0
    for sign in re.sub(r"(?:^|(?<=[\s,]))\d{1,2}\)", "", plain):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return True
    return False


def _closed(text: str, guesses: list[str]) -> list[str]:
    """The books of a text in which a parenthesis was never closed."""
    plain = text.translate(_STRUCTURE)
    opened = []
    for at, sign in enumerate(plain):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            opened.pop()
    guesses.append("괄호가 닫히지 않았습니다.")
    lost = opened[0]
    following = plain.find("(", lost + 1)
    comma = plain.rfind(",", lost, following) if following > 0 else -1
    if comma < 0:
        return [text]
    rest_guesses: list[str] = []
    rest = _segments(text[comma + 1 :], Evidence(), rest_guesses)
    guesses += [guess for guess in rest_guesses if guess not in guesses]
    return [text[:comma], *rest]


def _without_numbering(segments: list[str]) -> list[str]:
    """Segments without ``1.``, ``2)`` … in front, if all of them are counted like this."""
    filled = [segment for segment in segments if segment.strip()]
    numbers = [re.match(r"\s*\(?(\d{1,2})[.)]\s*(?=\D)", segment) for segment in filled]
    if len(filled) > 1 and all(numbers) and [int(n.group(1)) for n in numbers] == list(range(1, len(filled) + 1)):
        return [segment[number.end() :] for segment, number in zip(filled, numbers, strict=True)]
    return filled


_NOTHING = re.compile(
    r"[-–—./·]*|없음|(해당|해당사항|특이사항|기록|독서활동|독서기록|내용)(이|없|사항)*(없음|음)\.?|n/?a", re.IGNORECASE
)


def says_nothing(text: str) -> bool:
    """Whether a text says that there is no book or no author, such as ``-`` or ``해당 없음``."""
    return _NOTHING.fullmatch(re.sub(r"\s", "", text)) is not None


def split_title_author(written: str) -> tuple[str, str | None]:
    """Title and author of one book; the author is what the last parentheses hold.

    Parentheses that hold an edition, a volume or the like are part of the title.

    >>> split_title_author("나는 말랄라(말랄라 유사프자이, 퍼트리샤 매코믹)")
    ('나는 말랄라', '말랄라 유사프자이, 퍼트리샤 매코믹')
    >>> split_title_author("토지(상)")
    ('토지(상)', None)
    """
    plain = _one_line(written).rstrip(" .*·,")
    groups = _last_groups(plain)
    author = None
    if groups:
        start, content = groups[-1]
        if content and not _NOT_AN_AUTHOR.fullmatch(content):
            wrapped = re.fullmatch(r"\(([^()]+)\)", content)
            plain, author = plain[:start], wrapped.group(1).strip() if wrapped else content
        elif not content:
            plain = plain[:start]
        elif len(groups) > 1 and not _NOT_AN_AUTHOR.fullmatch(groups[-2][1]):
            before, author = groups[-2]
            plain = plain[:before] + plain[start:]
    elif (opened := plain.rfind("(")) > 0 and ")" not in plain[opened:]:
        plain, author = plain[:opened], plain[opened + 1 :].strip() or None
    title = _unquoted(plain.strip(" ,"))
    if not re.search(r"\w", title):
        return _one_line(written), None
    return title, author


def one_book(cell: str, author: str) -> list[Book]:
    """The book of a row with a title and an author in cells of their own, as ``title(author)``.

    It is several if the cell of the title lists several, each with its author.

    >>> [book.written for book in one_book("아몬드", "손원평")]
    ['아몬드(손원평)']
    """
    text, author = " ".join(cell.split()), " ".join(author.split())
    title, inner_author = split_title_author(text)
    if wrapped := re.fullmatch(r"\(([^()]*)\)", author):
        author = wrapped.group(1).strip()
    if author and not says_nothing(author):
        if inner_author and bare_text(inner_author) == bare_text(author):
            return [Book(text, title, author)]
        return [Book(f"{text}({author})", text if inner_author else title, author)]
    listed = split_cell(cell).books
    if len(listed) > 1 and all(book.author for book in listed):
        return listed  # a list of books in a column that elsewhere holds one title
    return [Book(text, title, inner_author)]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_HALF_WIDTH)).strip()


def _last_groups(plain: str) -> list[tuple[int, str]]:
    """The parentheses that end the text, as (where they open, what they hold), left to right."""
    groups: list[tuple[int, str]] = []
    end = len(plain)
    structure = plain.translate(_STRUCTURE)
    while end and structure[end - 1] == ")":
        depth = 0
        for at in range(end - 1, -1, -1):
            depth += (structure[at] == ")") - (structure[at] == "(")
            if depth == 0:
                break
        if depth or at == 0:
            break
        groups.insert(0, (at, plain[at + 1 : end - 1].strip()))
        end = len(plain[:at].rstrip())
    return groups


def _unquoted(title: str) -> str:
    for opening, closing in _QUOTES:
        inner = title[1:-1]
        if (
            len(title) > 2
            and title[0] == opening
            and title[-1] == closing
            and opening not in inner
            and closing not in inner
        ):
            return inner.strip()
    return title


def bare_text(text: str) -> str:
    """Letters and digits alone, in one width and case: what is left when marks and blanks go.

    >>> bare_text("안녕, 나나!") == bare_text("안녕나나")
    True
    """
    return _bare(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=1 << 16)
def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
