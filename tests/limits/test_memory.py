"""What is free, how limits are written, and what is refused."""

import pytest

from matcube.errors import LimitError, OptionError
from matcube.limits import allowed, check_memory, check_time, free_bytes, memory_limit
from matcube.limits import memory as module
from matcube.limits.memory import read_size


def files(root, texts):
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_the_least_of_the_system_and_every_group_is_free(tmp_path):
    root = files(
        tmp_path,
        {
            "proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:    5000 kB\n",
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "3000000\n",
            "sys/fs/cgroup/a/memory.current": "2500000\n",
            "sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 400000\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
            "sys/fs/cgroup/a/b/memory.current": "1\n",
        },
    )
    assert free_bytes(root) == 900_000


def test_groups_of_the_first_version(tmp_path):
    root = files(
        tmp_path,
        {
            "proc/self/cgroup": "5:cpu:/\n4:memory:/job\n0::/\n",
            "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "1000\n",
            "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "1500\n",
        },
    )
    assert free_bytes(root) == 0


def test_half_of_the_physical_memory_where_nothing_is_known(tmp_path):
    assert free_bytes(tmp_path) > 1 << 20


@pytest.mark.parametrize("text", ["", "8 X", "-1GB", "101%", "1e9", "8i", "١GB"])
def test_a_size_that_cannot_be_read_is_refused(text):
    with pytest.raises(OptionError, match="cannot be read"):
        read_size(text, 0)


def test_the_nearest_limit_counts(monkeypatch):
    monkeypatch.setattr(module, "free_bytes", lambda: 1000)
    monkeypatch.delenv("MATCUBE_MEMORY", raising=False)
    assert memory_limit().bytes == 500
    monkeypatch.setenv("MATCUBE_MEMORY", "80%")
    assert memory_limit().bytes == 800
    with allowed("2KB"):
        assert memory_limit().bytes == 2000
        with allowed(None):
            assert memory_limit().bytes == 2000
    assert memory_limit().bytes == 800


def test_more_is_offered_only_where_there_is_more(monkeypatch):
    monkeypatch.delenv("MATCUBE_MEMORY", raising=False)
    monkeypatch.setattr(module, "free_bytes", lambda: 10 * 10**9)
    with pytest.raises(LimitError, match=r"x would take about 6 GB .* 5 GB may be used") as caught:
        check_memory(6 * 10**9, "x", instead="take less")
    assert caught.value.hint == 'take less; fig.compute(memory="6GB") allows it'
    with pytest.raises(LimitError) as caught:
        check_memory(60 * 10**9, "x", instead="take less")
    assert caught.value.hint == "take less"


def test_hours_are_refused(monkeypatch):
    monkeypatch.delenv("MATCUBE_HOURS", raising=False)
    with pytest.raises(LimitError, match=r"1e\+18 operations, about .* hours") as caught:
        check_time(10**18, "x")
    words = str(caught.value.hint).split()[0]
    monkeypatch.setenv(*words.split("="))
    check_time(10**18, "x")
