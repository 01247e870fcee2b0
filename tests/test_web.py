"""What the pages share."""

import pytest

from schoolkit import web


def test_a_download_that_fails_says_its_kind_and_nothing_of_the_pupils():
    def fails() -> bytes:
        raise KeyError("김하나")

    assert web.for_download(lambda: b"all")() == b"all"
    with pytest.raises(RuntimeError) as raised:
        web.for_download(fails)()
    assert str(raised.value) == "KeyError in a download"
    assert (raised.value.__context__, raised.value.__cause__) == (None, None)
