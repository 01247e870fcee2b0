"""The books of an office: the best-known works, then invented ones in any number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .books import WORKS
from .reading import SUBJECT_AREAS

_INVENTED = 150_000
_SEED = 20250301
_LATIN_INITIALS = tuple("ABCDEFGHJKLMPRSTW")


@dataclass(frozen=True, eq=False)
class OfficeBooks:
    """The books that pupils read, a volume each, from the most to the least read work.

    Attributes:
        book: as a record names it, ``제목(저자)``.
        title, rest, author: its parts; ``rest`` is the volume and the edition, often empty.
        subject: the position in ``SUBJECT_AREAS`` of the subject area that it is mostly read for.
        popularity: the share of reading up to and including each book; ends in 1.
    """

    book: np.ndarray
    title: np.ndarray
    rest: np.ndarray
    author: np.ndarray
    subject: np.ndarray
    popularity: np.ndarray


@lru_cache(maxsize=1)
def office_books() -> OfficeBooks:
    """The same some 168,000 books at each call, about 45 MB; the first call takes a second.

    Popularity falls as 1 / (rank + 10) ** 0.95, near to Zipf's law; a second volume is read
    half as often as the first, a third a third as often. No two works have one title.
    """
    rng = np.random.default_rng(_SEED)
    known = {work.title.replace(" ", "") for work in WORKS}
    titles = np.concatenate([[work.title for work in WORKS], _invented_titles(rng, known)]).astype(object)
    authors = np.concatenate([[work.author for work in WORKS], _invented_authors(rng)]).astype(object)
    subjects = rng.integers(len(SUBJECT_AREAS), size=len(titles), dtype=np.int8)
    subjects[: len(WORKS)] = [SUBJECT_AREAS.index(work.subject_area) for work in WORKS]
    volumes = [tuple(f" {volume}" for volume in work.volumes) or ("",) for work in WORKS]
    volumes += _invented_volumes(rng)
    editions = np.where(rng.random(len(titles)) < 0.03, _EDITIONS[rng.integers(len(_EDITIONS), size=len(titles))], "")
    editions[: len(WORKS)] = ""

    numbers = np.array([len(one) for one in volumes])
    work = np.repeat(np.arange(len(titles)), numbers)
    volume = np.arange(len(work)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
    title, author = titles[work], authors[work]
    rest = np.array([tail for tails in volumes for tail in tails], dtype=object) + editions[work]
    popularity = np.cumsum(1 / (work + 11) ** 0.95 / (volume + 1))
    return OfficeBooks(
        book=title + rest + "(" + author + ")",
        title=title,
        rest=rest,
        author=author,
        subject=subjects[work],
        popularity=popularity / popularity[-1],
    )


def _invented_titles(rng: np.random.Generator, known: set[str]) -> np.ndarray:
    total = sum(share for share, _ in _PATTERNS)
    # a third more than is wanted: some come twice, above all of the patterns with few words
    made = [pattern(_Draw(rng, _INVENTED * 4 // 3 * share // total)) for share, pattern in _PATTERNS]
    distinct = {title.replace(" ", ""): title for title in np.concatenate(made)}
    titles = np.array([title for bare, title in distinct.items() if bare not in known], dtype=object)
    titles = rng.permutation(titles)[:_INVENTED]
    return titles + np.where(rng.random(len(titles)) < 0.12, _subtitles(_Draw(rng, len(titles))), "")


def _invented_volumes(rng: np.random.Generator) -> list[tuple[str, ...]]:
    kinds = (("",), *_VOLUMES)
    return [kinds[kind] for kind in rng.choice(len(kinds), size=_INVENTED, p=(0.93, 0.03, 0.02, 0.01, 0.01))]


def _invented_authors(rng: np.random.Generator) -> np.ndarray:
    draw = _Draw(rng, 3_000)
    foreign = draw.foreign_name() + " " + draw.foreign_name()
    initials = draw.of(np.array([f"{letter}. " for letter in _LATIN_INITIALS], dtype=object))
    pool = np.concatenate([korean_names(_SEED), foreign, foreign, initials + draw.foreign_name()])
    authors = pool[rng.integers(len(pool), size=_INVENTED)]
    second = ", " + pool[rng.integers(len(pool), size=_INVENTED)]
    return authors + np.where(rng.random(_INVENTED) < 0.05, second, "")


@lru_cache(maxsize=2)
def korean_names(seed: int) -> np.ndarray:
    """10,000 Korean names by Faker, the frequent ones several times."""
    # Only whoever makes samples needs Faker.
    from faker import Faker

    korean = Faker("ko_KR")
    korean.seed_instance(seed)
    return np.array([korean.name() for _ in range(10_000)], dtype=object)


def words(text: str) -> np.ndarray:
    """The words that blanks part; ``_`` stands for a blank within one."""
    return np.array([word.replace("_", " ") for word in text.split()], dtype=object)


_NOUNS = words(
    "고래 등대 우체국 정원 나침반 소금 달빛 그림자 계단 우산 편지 사막 얼음 숲 강물 지도 시계 열쇠 거울 창문 다리 "
    "골목 시장 부엌 서랍 사다리 돌담 지붕 굴뚝 마당 우물 연못 갯벌 파도 조약돌 모래성 해바라기 민들레 수선화 동백 "
    "은행나무 대나무 버드나무 소나무 느티나무 이끼 버섯 씨앗 뿌리 열매 단풍 꽃잎 두루미 까치 올빼미 제비 참새 기러기 "
    "갈매기 너구리 여우 사슴 고슴도치 다람쥐 수달 거북 문어 해파리 개미 꿀벌 나비 잠자리 반딧불 거미 달팽이 공룡 "
    "화석 운석 혜성 은하 행성 위성 망원경 현미경 로봇 인공지능 알고리즘 암호 방정식 소수 무한 확률 도형 곡선 원자 "
    "전자 중력 파동 진화 유전자 세포 바이러스 항생제 백신 심장 두뇌 기억 꿈 눈물 웃음 침묵 목소리 노래 리듬 멜로디 "
    "피아노 바이올린 오케스트라 붓 물감 조각 사진 영화 무대 가면 인형 종이 연필 공책 도서관 박물관 미술관 극장 학교 "
    "교실 운동장 기숙사 병원 약국 법정 감옥 왕궁 성벽 탑 광장 항구 선착장 기차 자전거 비행기 열기구 잠수함 돛단배 "
    "나룻배 버스 지하철 정거장 터널 고속도로 국경 난민 혁명 전쟁 평화 조약 독립 헌법 투표 시민 권리 자유 정의 평등 "
    "책임 양심 용기 질투 분노 슬픔 외로움 우정 첫사랑 이별 약속 비밀 거짓말 소문 오해 용서 화해 선물 생일 결혼식 "
    "장례식 유산 가족 형제 자매 할머니 아버지 이웃 친구 스승 제자 손님 이방인 여행 산책 모험 탐험 항해 등반 수영 "
    "달리기 야구 축구 체스 바둑 퍼즐 미로 마법 주문 용 요정 유령 괴물 늑대 마녀 기사 왕관 보물 해적 지진 화산 태풍 "
    "홍수 가뭄 안개 노을 새벽 자정 한낮 봄비 소나기구름 첫눈 장마 무지개 번개 서리 바람 북극 남극 적도 초원 열대우림 "
    "산호초 빙하 플라스틱 쓰레기 기후 에너지 태양광 원자력 석유 철도 화폐 은행 주식 세금 무역 노동 공장 기업 광고 "
    "소비 빵 국수 김치 두부 커피 초콜릿 설탕 후추 치즈 사과 복숭아 석류 감자 옥수수 쌀밥 도시락 식탁 주방 찻잔 냄비 "
    "숟가락 바느질 단추 양말 외투 모자 구두 가방 손수건 향수 비누 촛불 램프 성냥 라디오 텔레비전 전화기 스마트폰 "
    "게임 유튜브 일기 사전 신문 소설 시집 속담 신화 전설 문자 한글 사투리 번역 발음 문법 질문 대답 토론 논리 역설 "
    "상식 편견 차별 혐오 실수 실패 성공 습관 게으름 집중력 시험 성적 숙제 방학 졸업 진로 직업 월급 이력서 사표 청춘 "
    "노년 사춘기 죽음 탄생 운명 우연 영원 순간 어제 내일 미래 과거 고향 타향 폐허 유적 왕릉 절터 서원 한옥 기와 "
    "도자기 비단 활자 거북선 봉수대 장터 씨름 판소리 탈춤 가야금 민화 족보 호랑이 도깨비 저승 하늘 바다 땅 불꽃 "
    "수증기 먼지 녹 유리 강철 고무 실 매듭 그물 닻 돌고래 코끼리 기린 낙타 펭귄 북극곰 판다 원숭이 앵무새 독수리 "
    "고양이 강아지 망아지 염소 오리 수탉 병아리 송아지 나무늘보 두더지"
)
_PEOPLE = words(
    "소녀 소년 탐정 의사 간호사 목수 재단사 요리사 제빵사 화가 시인 작곡가 지휘자 배우 사진가 기자 변호사 판사 경찰 "
    "소방관 우주인 천문학자 수학자 물리학자 화학자 생물학자 고고학자 역사가 철학자 경제학자 심리학자 통계학자 공학자 "
    "건축가 농부 어부 등대지기 광부 대장장이 도공 상인 여행자 순례자 망명자 외교관 장군 병사 포로 왕자 공주 황제 "
    "궁녀 도둑 사기꾼 해커 발명가 교사 교수 사서 서점주인 편집자 번역가 통역사 우체부 택시기사 기관사 조종사 선장 "
    "항해사 정원사 수의사 사육사 양치기 사냥꾼 점술가 마술사 광대 무용수 운동선수 심판 노인 쌍둥이 외톨이 전학생 "
    "반장 고양이들"
)
_FIELDS = words(
    "물리학 화학 생물학 지구과학 천문학 수학 기하학 통계학 경제학 경영학 심리학 철학 윤리학 논리학 정치학 법학 "
    "사회학 인류학 언어학 역사학 고고학 지리학 미학 음악사 미술사 건축 디자인 의학 약학 간호학 뇌과학 유전학 생태학 "
    "환경 기상학 해양학 공학 전자공학 기계 프로그래밍 데이터 인공지능 교육학 글쓰기 독서 토론 발표 외교 국제관계 "
    "복지 언론 미디어 광고 마케팅 금융 투자 요리 영양 체육 무용 연극 영화 만화 시 수필 신화 종교 인권 젠더 노동 기술 "
    "우주 양자역학 미적분 확률 암호학 게임이론"
)
_PLACES = words(
    "제주 강릉 경주 전주 통영 목포 안동 속초 여수 군산 춘천 공주 부여 남해 울릉도 백령도 지리산 한라산 개마고원 "
    "압록강 만주 연해주 교토 오키나와 상하이 티베트 하노이 자바 뭄바이 이스탄불 카이로 사하라 나이로비 케이프타운 "
    "아테네 로마 베네치아 빈 프라하 베를린 파리 리스본 런던 더블린 아이슬란드 시베리아 알래스카 뉴욕 보스턴 시카고 "
    "멕시코 쿠바 안데스 아마존 파타고니아 타히티"
)
_ADJECTIVES = words(
    "푸른 붉은 하얀 검은 노란 투명한 눈부신 희미한 어두운 조용한 시끄러운 고요한 다정한 친절한 무뚝뚝한 수상한 "
    "이상한 낯선 낡은 새로운 오래된 젊은 작은 거대한 높은 깊은 얕은 좁은 넓은 긴 짧은 느린 빠른 가벼운 무거운 따뜻한 "
    "차가운 뜨거운 서늘한 달콤한 씁쓸한 매운 쓸쓸한 외로운 행복한 불행한 슬픈 기쁜 화난 겁_많은 용감한 비겁한 게으른 "
    "부지런한 똑똑한 어리석은 완벽한 불완전한 위험한 안전한 단단한 부드러운 날카로운 둥근 네모난 기울어진 부서진 "
    "잃어버린 버려진 숨겨진 잊힌 사라진 멈춰_버린 흔들리는 떠도는 반짝이는 타오르는 얼어붙은 젖은 마른 텅_빈 가득한 "
    "쓸모없는 값비싼 공평한 불공평한 정직한 교활한 냉정한 열정적인 평범한 특별한 유일한 마지막 첫_번째 두_번째 "
    "보이지_않는 이름_없는 끝없는 말_없는 잠들지_않는 돌아오지_않는"
)
# what one does to a thing: who does it, the doing, who did it
_DOING = np.array(
    [
        word.split("/")
        for word in words(
            "찾는/찾기/찾은 훔치는/훔치기/훔친 모으는/모으기/모은 그리는/그리기/그린 지키는/지키기/지킨 "
            "만드는/만들기/만든 버리는/버리기/버린 기다리는/기다리기/기다린 기억하는/기억하기/기억한 잊는/잊기/잊은 "
            "사랑하는/사랑하기/사랑한 미워하는/미워하기/미워한 두려워하는/두려워하기/두려워한 읽는/읽기/읽은 "
            "쓰는/쓰기/쓴 배우는/배우기/배운 가르치는/가르치기/가르친 묻는/묻기/물은 의심하는/의심하기/의심한 "
            "믿는/믿기/믿은 파는/팔기/판 빌려주는/빌려주기/빌려준 고치는/고치기/고친 부수는/부수기/부순 "
            "심는/심기/심은 키우는/키우기/키운 먹는/먹기/먹은 굽는/굽기/구운 삼키는/삼키기/삼킨 듣는/듣기/들은 "
            "바라보는/바라보기/바라본 만지는/만지기/만진 건너는/건너기/건넌 오르는/오르기/오른 떠나는/떠나기/떠난 "
            "따라가는/따라가기/따라간 이기는/이기기/이긴 속이는/속이기/속인 숨기는/숨기기/숨긴 "
            "발견하는/발견하기/발견한 발명하는/발명하기/발명한 증명하는/증명하기/증명한 설명하는/설명하기/설명한 "
            "상상하는/상상하기/상상한 세는/세기/센 재는/재기/잰 나누는/나누기/나눈 바꾸는/바꾸기/바꾼 "
            "멈추는/멈추기/멈춘 디자인하는/디자인하기/디자인한 번역하는/번역하기/번역한 연주하는/연주하기/연주한 "
            "구하는/구하기/구한 잃는/잃기/잃은 선물하는/선물하기/선물한"
        )
    ],
    dtype=object,
)
_HAPPENED = words(
    "사라진 돌아온 멈춘 떠난 태어난 무너진 깨어난 잠든 춤추는 노래하는 웃는 우는 말하는 침묵하는 걸어온 날아간 "
    "흘러간 타오른 녹아내린 부서진 빛나는 자라는 늙는 변하는 남긴 숨긴 필요한 되는 없는 가득한 많은 두려운 부러운 "
    "그리운 이기는 지는"
)
_TIMES = words(
    "날 밤 아침 오후 저녁 새벽 계절 여름 겨울 봄 가을 시간 세기 시대 도시 마을 섬 나라 집 방 자리 거리 언덕 호수 별 "
    "세계 이유 까닭 방법 순서 사람들 아이들 어른들 우리 나 너 당신"
)
_ENDINGS = words(
    "왜_노래할까 왜_울지_않을까 어떻게_기억하는가 어디로_가는가 무엇으로_사는가 누구의_것인가 왜_중요한가 "
    "언제_시작되었나 어떻게_움직일까 거짓말을_하지_않는다 잠들지_않는다 다시_핀다 돌아오지_않았다 아무것도_모른다 "
    "길을_잃지_않는다 나를_모른다 답을_알고_있다 오늘도_걷는다 천천히_자란다 세상을_바꾼다 어떻게_세상을_움직였나 "
    "처음부터_없었다 힘이_세다 아름답다 위험하다 죽지_않는다 늦지_않았다 우리를_구할_수_있을까 "
    "우리에게_무엇을_남겼나 끝나지_않았다 어떻게_만들어지는가 말이_없다 춤을_춘다 밥을_먹지_않는다 집에_가고_싶다"
)
_KINDS = words(
    "산책 수업 노트 여행 카페 콘서트 강의 이야기 사전 교과서 입문 첫걸음 에세이 오디세이 실험실 놀이터 편지 레시피 "
    "도감 지도 연대기 수첩 상담소 박물관 특강 대화 백과 기행 클럽 사용_설명서 하룻밤 필독서 공부법 생각법 멘토링"
)
_SUBTITLES = words(
    "이해하는_열_가지_방법 바꾼_순간들 위한_변명 둘러싼_오해와_진실 다시_생각하다 만나다 향한_긴_여행 묻다 읽는_시간 "
    "걷다 꿈꾸며 넘어서 지키는_사람들 말하다 찾아서 따라_걷는_길 건너는_법"
)
_NUMBERS = words(
    "두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두 열세 스무 서른 마흔 쉰 예순 일흔 여든 아흔 백 백한 천 만 수천 "
    "오백 삼백 이백 여든네 서른여섯"
)
_COUNTED = words("개의 번째 가지 장의 통의 번의 겹의 조각의 그루의 마리의 권의 줄의 송이의 칸의")
_LATIN_FIRST = words(
    "Silent Hidden Broken Golden Paper Winter Crimson Lost Little Secret Distant Burning Hollow Electric Ancient "
    "Crooked Gentle Frozen Midnight Wooden Stolen Restless Velvet Forgotten Brave Curious Iron Salty Endless Seventh"
)
_LATIN_SECOND = words(
    "Harbor Garden Clock Orchard Letter River Island Mirror Kingdom Teacher Window Engine Forest Summer Planet "
    "Bridge Castle Painter Machine Captain Library Feather Lantern Compass Detective Mountain Promise Stranger "
    "Puzzle Journey"
)
# of names in translated books; no two of them begin or end alike
_NAME_HEADS = words(
    "가브 다르 라미 마르 바실 사무 아델 자크 카밀 타티 파블 하산 레오 베아 세바 에드 헨리 니콜 로베 모리 보리 소피 "
    "오스 조세 콘스 토마 프란 호세 루카 무스 뤼시 귀스"
)
_NAME_TAILS = words(
    "르 엘 나 스 리오 티안 라 드 코 샤 벨 린 쿠스 아노 에르 트 니 오나 젤 비치 모 베르 가 란 더 시아 욘 그레 페 자 "
    "위 츠"
)

_EDITIONS = np.array(
    ["(개정판)", "(개정증보판)", "(청소년판)", "(특별판)", "[큰글자책]", "(양장본)", "(완역본)"], dtype=object
)
_VOLUMES = ((" 1", " 2"), (" 1", " 2", " 3"), (" 1", " 2", " 3", " 4", " 5"), (" 상", " 하"))


class _Draw:
    """Draws of ``size`` words at a time."""

    def __init__(self, rng: np.random.Generator, size: int):
        self.rng, self.size = rng, size

    def of(self, words: np.ndarray) -> np.ndarray:
        return words[self.rng.integers(len(words), size=self.size)]

    def doing(self, form: int) -> np.ndarray:
        return self.of(_DOING[:, form])

    def foreign_name(self) -> np.ndarray:
        return self.of(_NAME_HEADS) + self.of(_NAME_TAILS)


def _with(words: np.ndarray, closed: str, open_: str) -> np.ndarray:
    """The words with a particle: ``closed`` after a final consonant, else ``open_``."""
    return np.array([word + (closed if (ord(word[-1]) - 0xAC00) % 28 else open_) for word in words], dtype=object)


# How often each pattern is used, and the pattern.
_PATTERNS = (
    (8, lambda d: d.of(_ADJECTIVES) + " " + d.of(_NOUNS)),
    (10, lambda d: d.of(_NOUNS) + "의 " + d.of(_NOUNS)),
    (6, lambda d: _with(d.of(_NOUNS), "과 ", "와 ") + d.of(_NOUNS)),
    (8, lambda d: d.of(_ADJECTIVES) + " " + d.of(_NOUNS) + "의 " + d.of(_NOUNS)),
    (8, lambda d: _with(d.of(_NOUNS), "을 ", "를 ") + d.doing(2) + " " + d.of(_PEOPLE)),
    (5, lambda d: _with(d.of(_NOUNS), "을 ", "를 ") + d.doing(0) + " " + d.of(_ADJECTIVES) + " " + d.of(_PEOPLE)),
    (4, lambda d: d.of(_PLACES) + "의 " + d.of(_PEOPLE)),
    (4, lambda d: d.of(_PLACES) + "에서 " + _with(d.of(_NOUNS), "을 ", "를 ") + d.doing(1)),
    (4, lambda d: d.of(_PEOPLE) + "의 " + d.of(_FIELDS) + " " + d.of(_KINDS)),
    (6, lambda d: _with(d.of(_NOUNS), "은 ", "는 ") + d.of(_ENDINGS)),
    (4, lambda d: d.of(_NOUNS) + ", " + d.of(_NOUNS) + ", " + d.of(_NOUNS)),
    (6, lambda d: d.foreign_name() + "의 " + d.of(_NOUNS)),
    (4, lambda d: _with(d.foreign_name(), "과 ", "와 ") + d.of(_ADJECTIVES) + " " + d.of(_NOUNS)),
    (4, lambda d: d.of(_NUMBERS) + " " + d.of(_COUNTED) + " " + d.of(_NOUNS)),
    (6, lambda d: d.of(_NOUNS) + d.of(_NOUNS)),
    (8, lambda d: _with(d.of(_NOUNS), "이 ", "가 ") + d.of(_HAPPENED) + " " + d.of(_TIMES)),
    (4, lambda d: d.of(_NOUNS) + " 속의 " + d.of(_FIELDS)),
    (3, lambda d: d.of(_PEOPLE) + "에게 보내는 " + d.of(_ADJECTIVES) + " " + d.of(_NOUNS)),
    (3, lambda d: "안녕, " + d.of(_ADJECTIVES) + " " + d.of(_NOUNS)),
    (1, lambda d: "The " + d.of(_LATIN_FIRST) + " " + d.of(_LATIN_SECOND)),
)


def _subtitles(draw: _Draw) -> np.ndarray:
    who = _with(draw.of(_PEOPLE), "이 ", "가 ")
    what = _with(draw.of(_NOUNS), "을 ", "를 ")
    return np.where(
        draw.rng.random(draw.size) < 0.5, ": " + who + what + draw.doing(1), ": " + what + draw.of(_SUBTITLES)
    )
