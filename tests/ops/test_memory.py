"""The limit of memory: from the environment, else from what is free."""

import pytest

from matcube.errors import OptionError
from matcube.ops.memory import memory_limit


@pytest.mark.parametrize(
    ("text", "limit"), [("100", 100), ("8e9", 8_000_000_000), ("2G", 2 * 10**9), ("1.5MiB", 3 << 19)]
)
def test_given(monkeypatch, text, limit):
    monkeypatch.setenv("MATCUBE_MEMORY", text)
    assert memory_limit() == limit


def test_half_of_what_is_free(monkeypatch):
    monkeypatch.delenv("MATCUBE_MEMORY", raising=False)
    assert 1 << 24 < memory_limit() < 1 << 50


def test_no_number(monkeypatch):
    monkeypatch.setenv("MATCUBE_MEMORY", "much")
    with pytest.raises(OptionError, match="MATCUBE_MEMORY=much is no number of bytes") as caught:
        memory_limit()
    assert caught.value.hint == "MATCUBE_MEMORY=8G"
