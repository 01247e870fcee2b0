"""One server's answers over HTTP: time-outs, repeated tries, and nothing secret in what goes wrong."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event

import httpx

from .. import __version__
from .collect import AT_ONCE
from .secret import Secret
from .source import SourceError, Stopped

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
ANSWER_SECONDS = 120.0
TRIES = 3
FIRST_PAUSE = 1.0
MOST_BYTES = 50_000_000
MOST_REDIRECTS = 5
USER_AGENT = f"schoolkit/{__version__} (+reading submissions for a teacher)"

_FAILURES = {
    "unreachable": ("서버에 연결할 수 없습니다.", "주소와 인터넷 연결을 확인해 주세요."),
    "timed_out": ("서버가 제때 답하지 않았습니다.", "잠시 뒤 다시 해 주세요."),
    "cut_off": ("답을 받는 도중에 연결이 끊겼습니다.", "잠시 뒤 다시 해 주세요."),
    "certificate": (
        "서버의 보안 인증서를 믿을 수 없어 연결하지 않았습니다.",
        "주소를 확인하고, 맞으면 Moodle 관리자에게 알려 주세요.",
    ),
    "too_large": ("답이 너무 커서 받다가 멈췄습니다.", "Moodle 관리자에게 알려 주세요."),
    "bad_answer": ("서버의 답을 읽을 수 없습니다.", "주소를 확인해 주세요."),
}
# only these may pass by themselves
_WORTH_REPEATING = ("unreachable", "timed_out", "cut_off")

_ours: ContextVar[bool] = ContextVar("schoolkit_request", default=False)


def _not_ours(record: logging.LogRecord) -> bool:
    return not _ours.get()


# httpx logs addresses, which hold a session's key, and httpcore logs headers, which hold cookies
for _name in ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks"))):
    logging.getLogger(_name).addFilter(_not_ours)


@contextmanager
def _unlogged() -> Iterator[None]:
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        status: the HTTP status.
        body: the bytes.
        location: where a redirect that was not followed points to, as a whole address.
        path: of the page that answered, after redirects.
    """

    status: int
    body: bytes = field(repr=False)
    location: str = field(default="", repr=False)
    path: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The body of a page, for looking for marks in it."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def is_page(self) -> bool:
        """Whether it is HTML, whatever it claims to be."""
        return self.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:14].lower().startswith((b"<!doctype html", b"<html"))


class Connection:
    """A connection to one server, which several threads may use.

    It sends no more than four requests at once. That holds for each source by itself: who reads
    two at a time, or one server twice, sends eight.

    Requests are tried again when the network fails, never when the server has answered. No
    redirect to another server is followed, so that secrets and cookies stay where they belong.

    Args:
        base: the address that all paths are put behind, without a slash at its end.
        connect_seconds, read_seconds: how long to wait for the connection, and for each part of an answer.
        answer_seconds: how long a whole answer may take; after that long nothing is tried again.
        tries: how often a request is sent at most.
        pause: seconds before the second try; each further pause is twice as long.
        most_bytes: the largest answer that is taken.
    """

    def __init__(
        self,
        base: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        tries: int = TRIES,
        pause: float = FIRST_PAUSE,
        most_bytes: int = MOST_BYTES,
    ):
        self.base = base
        self._settings = {
            "connect_seconds": connect_seconds,
            "read_seconds": read_seconds,
            "answer_seconds": answer_seconds,
            "tries": tries,
            "pause": pause,
            "most_bytes": most_bytes,
        }
        self._tries, self._pause, self._most_bytes, self._seconds = tries, pause, most_bytes, answer_seconds
        self._others: list[Connection] = []
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        )

    @property
    def host(self) -> str:
        """The server's name, as a teacher may see it."""
        return httpx.URL(self.base).host

    def close(self) -> None:
        for other in self._others:
            other.close()
        self._client.close()

    def anew(self) -> Connection:
        """One without cookies, as of someone new to the server; it is closed with this one."""
        other = Connection(self.base, **self._settings)
        self._others.append(other)
        return other

    def is_here(self, address: str) -> bool:
        """Whether a whole address is one of this server."""
        return is_same_server(httpx.URL(self.base), httpx.URL(address))

    def get(
        self, path: str, stop: Event, *, params: Mapping[str, str | int] | None = None, follow: bool = True
    ) -> Answer:
        """The answer to a GET of a path (``/login/index.php``) or of a whole address on this server."""
        return self._ask("GET", path, stop, follow, {"params": params} if params else {})

    def post(
        self,
        path: str,
        stop: Event,
        *,
        form: Mapping[str, str | int | Secret] | None = None,
        json: object = None,
        params: Mapping[str, str | Secret] | None = None,
        follow: bool = True,
        tries: int | None = None,
    ) -> Answer:
        """The answer to a POST, which is sent again when the network fails unless ``tries`` is 1.

        Raises:
            SourceError: no answer came; the kinds are ``unreachable``, ``timed_out``, ``cut_off``,
                ``certificate``, ``too_large``, ``bad_answer`` and ``elsewhere``.
            Stopped: ``stop`` was set.
        """
        content = {"data": form} if form is not None else {"json": json}
        if params:
            content["params"] = params
        return self._ask("POST", path, stop, follow, content, tries)

    def _ask(
        self, method: str, path: str, stop: Event, follow: bool, content: dict, tries: int | None = None
    ) -> Answer:
        left = tries or self._tries
        pause = 0.0
        while True:
            if stop.is_set() or stop.wait(pause):
                raise Stopped
            began = time.monotonic()
            answer = self._once(method, path, stop, follow, content, began + self._seconds)
            if isinstance(answer, Answer):
                return answer
            left -= 1
            took_all = time.monotonic() - began >= self._seconds
            if not left or took_all or answer.problems[0].kind not in _WORTH_REPEATING:
                break
            pause = pause * 2 or self._pause
        if stop.is_set():
            raise Stopped
        raise answer

    def _once(
        self, method: str, path: str, stop: Event, follow: bool, content: dict, until: float
    ) -> Answer | SourceError:
        """The answer, or what failed, which is not raised here: beside it this frame holds secrets."""
        address = path if path.startswith(("http://", "https://")) else self.base + path
        content = {key: _revealed(value) if key != "json" else value for key, value in content.items()}
        try:
            with _unlogged():
                for _ in range(MOST_REDIRECTS):
                    with self._client.stream(method, address, **content) as response:
                        answer = self._received(response, stop, until)
                    target = self._followed(method, path, answer) if follow and isinstance(answer, Answer) else None
                    if target is None:
                        return answer
                    if not self.is_here(target):
                        return self._elsewhere(target)
                    address = target
                    if method == "GET":
                        content = {}
            return self._failure("bad_answer")
        except httpx.TimeoutException:
            return self._failure("timed_out")
        except httpx.ConnectError as error:
            return self._failure("certificate" if _is_about_certificates(error) else "unreachable")
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return self._failure("cut_off")
        except httpx.ProxyError:
            return self._failure("unreachable")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, UnicodeError):
            return self._failure("bad_answer")

    def _failure(self, kind: str) -> SourceError:
        return SourceError(*_FAILURES[kind], source=self.host, kind=kind)

    def _elsewhere(self, target: str) -> SourceError:
        url = httpx.URL(target)
        return SourceError(
            f"{self.host} 서버가 다른 서버({url.scheme}://{url.netloc.decode()})로 넘겨서 멈췄습니다.",
            "그곳이 학교의 Moodle이면 그 주소를 넣어 주세요.",
            source=self.host,
            kind="elsewhere",
        )

    def _received(self, response: httpx.Response, stop: Event, until: float) -> Answer | SourceError:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self._most_bytes:
                return self._failure("too_large")
            if stop.is_set():
                return self._failure("cut_off")
            if time.monotonic() > until:
                return self._failure("timed_out")
        location = response.headers.get("Location", "") if response.is_redirect else ""
        if location:
            location = str(response.url.join(location))
        return Answer(response.status_code, bytes(body), location, response.url.path)

    def _followed(self, method: str, path: str, answer: Answer) -> str | None:
        """Where a redirect leads to; None if there is none to follow."""
        if not answer.location:
            return None
        moved = str(httpx.URL(answer.location).copy_with(query=None, fragment=None))
        if method == "POST" and self.is_here(answer.location) and (answer.status == 303 or not moved.endswith(path)):
            return None  # not the same question at another address, but a page
        if path.startswith("/") and moved.endswith(path) and self.is_here(answer.location):
            self.base = moved.removesuffix(path)
        return answer.location


def is_same_server(base: httpx.URL, target: httpx.URL) -> bool:
    """Whether a redirect stays on the server; from http to https it does."""
    if base.host != target.host:
        return False
    if base.scheme == target.scheme:
        return base.port == target.port
    return (base.scheme, target.scheme) == ("http", "https") and base.port is None and target.port is None


def _revealed(form: Mapping[str, str | int | Secret]) -> dict[str, str]:
    return {key: value.reveal() if isinstance(value, Secret) else str(value) for key, value in form.items()}


def _is_about_certificates(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
