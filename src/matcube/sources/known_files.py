"""Files that are not read, or not what their names say: what they are, and the line that converts them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from matcube.errors import DataError
from matcube.errors.words import quoted
from matcube.sources.file_kinds import kind_by_bytes


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Args:
        what: with an article: "a PyTorch checkpoint".
        endings: of files that are not read.
        remedy: the line that makes a file that is read; None where there is none.
    """

    what: str
    endings: tuple[str, ...] = ()
    remedy: Callable[[Path], str] | None = None


def mistaken(path: Path, expected: str) -> DataError | None:
    """The error for a file whose bytes are of another kind than its ending says; None where they may fit.

    Args:
        path: the file.
        expected: the kind of its ending.

    Raises:
        OSError: it cannot be read.
    """
    kind = _kind_of(path)
    if kind in (None, expected) or (expected, kind) in _SIMILAR:
        return None
    what = f"{path.name} is {KINDS[kind].what}, not {KINDS[expected].what}"
    return DataError(what, hint=remedy(kind, path))


def unread(path: Path) -> DataError | None:
    """The error for a file or folder of a format that is known and not read; None for an unknown one.

    Args:
        path: the file.

    Raises:
        OSError: it cannot be read.
    """
    kind = _kind_of(path)
    if kind is None:
        return None
    is_format = kind in _PREFIXES
    what = "has no known ending, and is {}" if is_format else "is {}, which is not read"
    return DataError(f"{path.name} {what.format(KINDS[kind].what)}", hint=remedy(kind, path))


def arrays_in(path: Path) -> str | None:
    """What a file is by its name, if it may hold arrays and is not read: "a PyTorch checkpoint".

    Example:
        >>> arrays_in(Path("pytorch_model.bin")), arrays_in(Path("config.json"))
        ('a PyTorch checkpoint', None)
    """
    suffix = path.suffix.lower()
    if suffix in _TORCH_ENDINGS:
        return KINDS["torch"].what
    return next((KINDS[kind].what for kind in _HOLD_ARRAYS if suffix in KINDS[kind].endings), None)


def remedy(kind: str, path: Path) -> str | None:
    """What to do with a file of a kind; None where nothing can be said.

    Args:
        kind: a row of ``KINDS``.
        path: the file.

    Example:
        >>> remedy("npy", Path("my a.dat")), remedy("zip", Path("a.zip"))
        ("give it as npy:'my a.dat'", 'python -m zipfile -e a.zip .')
    """
    if kind in _PREFIXES:
        return f"give it as {_PREFIXES[kind]}:{quoted(path)}"
    make = KINDS[kind].remedy
    return None if make is None else make(path)


def _kind_of(path: Path) -> str | None:
    """The row of ``KINDS`` that a file is by its bytes, else by its name."""
    kind, suffix = kind_by_bytes(path), path.suffix.lower()
    if kind == "pickle" and suffix in _TORCH_ENDINGS:
        return "torch"  # as PyTorch saved until 2020
    if kind not in (None, "text"):
        return kind
    return next((key for key, each in KINDS.items() if suffix in each.endings), kind)


def _python(code: str, install: str = "") -> Callable[[Path], str]:
    """A line of the shell that runs Python on a file.

    ``$src`` is its name, ``$npz`` that of a new file, ``$unpacked`` that of what an archive holds.
    """

    def line(path: Path) -> str:
        names = {ending: json.dumps(f"{path.with_suffix('')}.{ending}") for ending in _NEW}
        unpacked = _UNPACKED.get(path.suffix.lower(), f"{path.suffix}.unpacked")
        names["unpacked"] = json.dumps(f"{path.with_suffix('')}{unpacked}")
        text = Template(code).substitute(names, src=json.dumps(str(path)))
        return f"{f'pip install {install} && ' if install else ''}python -c {quoted(text)}"

    return line


def _shell(before: str, after: str = "") -> Callable[[Path], str]:
    return lambda path: before + quoted(path) + after


def _unpack(module: str, install: str = "") -> Callable[[Path], str]:
    """A line that unpacks one file beside itself and overwrites none; Python has what a machine may lack."""
    opened = f'shutil.copyfileobj({module}.open($$src, "rb"), open($$unpacked, "xb"))'
    return _python(Template(f"import {module}, shutil; {opened}").substitute(), install)


_UNPACKED = {".gz": "", ".tgz": ".tar", ".bz2": "", ".xz": "", ".zst": ""}
_NEW = ("npy", "npz", "csv", "safetensors")
_TORCH = (
    "import torch; from safetensors.torch import save_file; "
    'd = torch.load($src, map_location="cpu", weights_only=True); '
    'd = d if isinstance(d, dict) else {"x": d}; '
    "d = {k: v.detach().clone().contiguous() for k, v in d.items() if torch.is_tensor(v)}; "
    "save_file(d, $safetensors)"
)
_GGUF = (
    "import numpy as np; from gguf import GGUFReader, dequantize; "
    "np.savez($npz, **{t.name: dequantize(t.data, t.tensor_type) for t in GGUFReader($src).tensors})"
)
_HDF5 = (
    "import h5py, numpy as np; d = {}; "
    "h5py.File($src).visititems(lambda n, o: d.update({n: o[()]}) if isinstance(o, h5py.Dataset) else None); "
    "np.savez($npz, **d)"
)
_ZARR = (
    'import zarr, numpy as np; z = zarr.open($src, mode="r"); '
    'np.savez($npz, **({k: v[:] for k, v in z.arrays()} if hasattr(z, "arrays") else {"x": z[:]}))'
)
_IMAGE = 'from PIL import Image; import numpy as np; np.save($npy, np.asarray(Image.open($src).convert("L")))'
_PICKLE = (
    'import pickle, numpy as np; d = pickle.load(open($src, "rb")); '
    'np.savez($npz, **(d if isinstance(d, dict) else {"x": d}))'
)
_MATLAB = (
    "import numpy as np; from scipy.io import loadmat; "
    'np.savez($npz, **{k: v for k, v in loadmat($src).items() if not k.startswith("__")})'
)
_ONNX = (
    "import onnx, numpy as np; from onnx.numpy_helper import to_array; "
    "np.savez($npz, **{t.name: to_array(t) for t in onnx.load($src).graph.initializer})"
)
_JSON = "import json, numpy as np; np.save($npy, np.array(json.load(open($src)), dtype=float))"


def _trusted(path: Path) -> str:
    """A pickle runs code: said before the line that loads one."""
    return f"a pickle can run any code; if you trust it: {_python(_PICKLE)(path)}"


_TORCH_ENDINGS = (".pt", ".pth", ".bin", ".ckpt")
_HOLD_ARRAYS = ("pickle", "gguf", "hdf5", "zarr", "matlab", "onnx", "parquet", "feather", "excel")
_PREFIXES = {"npy": "npy", "npz": "npz", "safetensors": "safetensors", "text": "csv"}
_SIMILAR = {
    ("text", "json"),
    ("npz", "zip"),
}  # a table may begin with a bracket; its reader names an archive's members

# Kinds of file by name; those without endings are known by their bytes alone.
KINDS: dict[str, Kind] = {
    "npy": Kind("a NumPy array"),
    "npz": Kind("an .npz file"),
    "zip": Kind("a zip archive without NumPy arrays", (".zip",), _shell("python -m zipfile -e ", " .")),
    "safetensors": Kind("a safetensors file"),
    "empty": Kind("an empty file", (), lambda _path: "save or download it again"),
    "lfs": Kind("a Git LFS pointer, not the file itself", (), _shell("git lfs pull --include ")),
    "html": Kind(
        "a web page",
        (),
        lambda _path: "download the file itself: the page has a link that says raw or download",
    ),
    "torch": Kind("a PyTorch checkpoint", (".pt", ".pth"), _python(_TORCH, "safetensors")),
    "pickle": Kind("a Python pickle", (".pkl", ".pickle"), _trusted),
    "gguf": Kind("a GGUF model", (".gguf",), _python(_GGUF, "gguf")),
    "hdf5": Kind("an HDF5 file", (".h5", ".hdf5"), _python(_HDF5, "h5py")),
    "zarr": Kind("a Zarr store", (".zarr",), _python(_ZARR, "zarr")),
    "image": Kind(
        "an image", (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".bmp"), _python(_IMAGE)
    ),
    "matlab": Kind("a MATLAB file", (".mat",), _python(_MATLAB, "scipy")),
    "onnx": Kind("an ONNX model", (".onnx",), _python(_ONNX, "onnx")),
    "parquet": Kind(
        "a Parquet table",
        (".parquet",),
        _python("import pandas as pd; pd.read_parquet($src).to_csv($csv, index=False)", "pandas pyarrow"),
    ),
    "feather": Kind(
        "an Arrow table",
        (".feather", ".arrow"),
        _python("import pandas as pd; pd.read_feather($src).to_csv($csv, index=False)", "pandas pyarrow"),
    ),
    "excel": Kind(
        "a spreadsheet",
        (".xlsx",),
        _python("import pandas as pd; pd.read_excel($src).to_csv($csv, index=False)", "pandas openpyxl"),
    ),
    "json": Kind("JSON text", (".json",), _python(_JSON)),
    "xml": Kind("XML", (".xml",)),
    "pdf": Kind("a PDF document", (".pdf",)),
    "sqlite": Kind("an SQLite database", (".db", ".sqlite")),
    "gzip": Kind("a gzip archive", (".gz", ".tgz"), _unpack("gzip")),
    "bzip2": Kind("a bzip2 archive", (".bz2",), _unpack("bz2")),
    "xz": Kind("an xz archive", (".xz",), _unpack("lzma")),
    "zstd": Kind("a zstd archive", (".zst",), _unpack("zstandard", "zstandard")),
    "tar": Kind("a tar archive", (".tar",), _shell("python -m tarfile -e ", " .")),
    "text": Kind("text"),
}
