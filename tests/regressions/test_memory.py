"""Memory of files is bounded by their headers, before a value is read."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcube.errors import LimitError
from matcube.sources.files import list_file, read, read_all
from tests.regressions.written import safetensors


class TestMemory:
    @pytest.mark.parametrize("ending", [".npz", ".npy", ".safetensors"])
    def test_more_than_the_limit_is_refused_from_the_header(self, tmp_path, monkeypatch, ending):
        path, zeros = tmp_path / f"z{ending}", np.zeros((1024, 1024), np.float32)
        if ending == ".npz":
            np.savez_compressed(path, z=zeros)
        elif ending == ".npy":
            np.save(path, zeros)
        else:
            safetensors(path, {"z": ("F32", [1024, 1024], zeros.tobytes())})
        monkeypatch.setenv("MATCUBE_MEMORY", "1M")
        assert list_file(path)[0].shape == (1024, 1024)
        for use in (read, read_all):
            with pytest.raises(
                LimitError, match=r"would take about 4\.2 MB of memory, and 1 MB may be used"
            ) as caught:
                use(path)
        assert "MATCUBE_MEMORY=1G" in str(caught.value.hint)
        assert read(path, "z[0:1]").array.shape == (1, 1024)
        monkeypatch.setenv("MATCUBE_MEMORY", "1G")
        assert read(path, "z").array.shape == (1024, 1024)

    def test_a_part_of_a_member_takes_that_part(self, tmp_path):
        np.savez_compressed(tmp_path / "z.npz", z=np.zeros((1 << 13, 1 << 10), np.float32))
        tracemalloc.start()
        assert read(tmp_path / "z.npz", "z[8000:8002]").array.shape == (2, 1024)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 << 20, "of 32 MiB"

    @settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_parts_of_members_are_numpys(self, tmp_path, data):
        shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
        array = np.arange(np.prod(shape)).reshape(shape, order=data.draw(st.sampled_from("CF")))
        np.savez(tmp_path / "a.npz", x=array.astype(data.draw(st.sampled_from([">i4", "<f8"]))))
        bounds = [data.draw(st.one_of(st.integers(0, n - 1), _slices(n))) for n in shape]
        text = ", ".join(f"{b.start}:{b.stop}" if isinstance(b, slice) else str(b) for b in bounds)
        np.testing.assert_array_equal(read(tmp_path / "a.npz", f"x[{text}]").array, array[tuple(bounds)])


def _slices(size):
    return st.tuples(st.integers(0, size), st.integers(0, size)).map(lambda ends: slice(*sorted(ends)))
