"""Files by their first bytes and endings: what a file is, and how to make one that can be read."""

from __future__ import annotations

import shlex
import zipfile
from pathlib import Path

from matcube.errors import DataError

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x93NUMPY", "npy"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"GGUF", "gguf"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"version https://git-lfs", "lfs"),
    (b"ARROW1", "arrow"),
    (b"MATLAB 5.0", "mat"),
    *((bytes([0x80, version]), "pickle") for version in range(2, 6)),
)
_KINDS = {
    "npy": "a NumPy array", "zip": "a zip archive", "torch": "a PyTorch checkpoint",
    "pickle": "a Python pickle",
    "gguf": "a GGUF model", "hdf5": "an HDF5 file", "gzip": "a gzip archive", "image": "an image",
    "parquet": "a Parquet table", "pdf": "a PDF document", "lfs": "a Git LFS pointer, not the file itself",
    "arrow": "an Arrow table", "mat": "a MATLAB file", "html": "a web page", "json": "JSON text",
    "zarr": "a Zarr store", "excel": "a spreadsheet", "onnx": "an ONNX model", "text": "text",
    "safetensors": "a safetensors file", "npz": "an .npz file", "empty": "an empty file",
}  # fmt: skip
_ENDINGS = {
    ".pt": "torch", ".pth": "torch", ".bin": "torch", ".ckpt": "torch", ".pkl": "pickle", ".pickle": "pickle",
    ".gguf": "gguf", ".h5": "hdf5", ".hdf5": "hdf5", ".zarr": "zarr", ".png": "image", ".jpg": "image",
    ".jpeg": "image", ".gif": "image", ".bmp": "image", ".tif": "image", ".tiff": "image", ".webp": "image",
    ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow", ".mat": "mat", ".xlsx": "excel",
    ".xls": "excel", ".onnx": "onnx", ".gz": "gzip", ".json": "json", ".tsv": "text", ".txt": "text",
    ".tab": "text",
}  # fmt: skip
# A line of Python or the shell that converts {file} to one that is read; {stem} is its name without ending.
_REMEDIES = {
    "torch": 'python -c "import torch; from safetensors.torch import save_file; '
    "t = torch.load('{file}', map_location='cpu', weights_only=True); "
    "save_file({{k: v.contiguous().clone() for k, v in t.items()}}, '{stem}.safetensors')\"",
    "pickle": "load it where you trust it, then: np.savez('{stem}.npz', **arrays)",
    "gguf": "python -c \"import gguf, numpy as np; np.savez('{stem}.npz', "
    "**{{t.name: gguf.dequantize(t.data, t.tensor_type) for t in gguf.GGUFReader('{file}').tensors}})\"",
    "hdf5": "python -c \"import h5py, numpy as np; f = h5py.File('{file}'); "
    "np.savez('{stem}.npz', **{{k: v[()] for k, v in f.items() if hasattr(v, 'shape')}})\"",
    "zarr": "python -c \"import zarr, numpy as np; np.savez('{stem}.npz', "
    "**{{k: v[:] for k, v in zarr.open('{file}').arrays()}})\"",
    "image": 'python -c "import numpy as np; from PIL import Image; '
    "np.save('{stem}.npy', np.asarray(Image.open('{file}').convert('L')))\"",
    "parquet": "python -c \"import pandas as pd; pd.read_parquet('{file}').to_csv('{stem}.csv')\"",
    "arrow": "python -c \"import pandas as pd; pd.read_feather('{file}').to_csv('{stem}.csv')\"",
    "excel": "python -c \"import pandas as pd; pd.read_excel('{file}').to_csv('{stem}.csv')\"",
    "mat": "python -c \"import scipy.io, numpy as np; np.savez('{stem}.npz', "
    "**{{k: v for k, v in scipy.io.loadmat('{file}').items() if k[0] != '_'}})\"",
    "onnx": 'python -c "import onnx, numpy as np; from onnx.numpy_helper import to_array; '
    "np.savez('{stem}.npz', **{{t.name: to_array(t) for t in onnx.load('{file}').graph.initializer}})\"",
    "gzip": "gunzip -k {file}",
    "lfs": "git lfs pull --include {file}",
    "html": "download the file itself: the page has a link that says raw or download",
    "text": "read it as a table: --data csv:{file}",
    "json": 'python -c "import json, numpy as np; '
    "np.save('{stem}.npy', np.array(json.load(open('{file}'))))\"",
    "npy": "rename it to {stem}.npy",
    "npz": "rename it to {stem}.npz",
    "safetensors": "rename it to {stem}.safetensors",
    "empty": "save or download it again",
}


def kind_of(path: Path) -> str | None:
    """What the first bytes of a file say it is, as a key of the tables here; None if unknown.

    Args:
        path: a file that can be read.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        return "empty"
    kind = next((kind for mark, kind in _STARTS if start.startswith(mark)), None)
    if kind == "zip":
        return _zip_kind(path)
    text = start.lstrip().lower()
    if kind is None and (text.startswith((b"<!doctype", b"<html", b"<?xml")) or b"<html" in text):
        return "html"
    if kind is None and start[8:9] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size:
        return "safetensors"
    if kind is None and text[:1] in (b"{", b"["):
        return "json"
    return kind


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:1000]
    except Exception:  # a damaged directory ends in many kinds of error
        return "zip"
    if any(name.endswith("/data.pkl") or name == "data.pkl" for name in names):
        return "torch"
    if any(name.startswith("xl/") for name in names):
        return "excel"
    return "npz" if any(name.endswith(".npy") for name in names) else "zip"


def mistaken(path: Path, expected: str) -> DataError | None:
    """The error for a file whose bytes are of another kind than its ending says; None where they may fit.

    Args:
        path: the file.
        expected: the kind of its ending.
    """
    kind = kind_of(path)
    if kind in (None, expected):
        return None
    ending = path.suffix or "its name"
    return DataError(f"{path.name} is {_KINDS[kind]}, not what {ending} says", hint=remedy(kind, path))


def unread(path: Path) -> DataError | None:
    """The error for a file or folder of a format that is known and not read; None for an unknown one.

    Args:
        path: the file.
    """
    kind = (kind_of(path) if path.is_file() else None) or _ENDINGS.get(path.suffix.lower())
    if kind is None or kind == "zip":
        return None
    if kind == "json" or (kind == "pickle" and _ENDINGS.get(path.suffix.lower()) == "torch"):
        kind = _ENDINGS.get(path.suffix.lower(), kind)
    return DataError(f"{path.name} is {_KINDS[kind]}, which is not read", hint=remedy(kind, path))


def remedy(kind: str, path: Path) -> str | None:
    """How to make a file that can be read, or None.

    Args:
        kind: of the file.
        path: the file.
    """
    text = _REMEDIES.get(kind)
    if text is None:
        return None
    name = str(path)
    is_python = "python -c" in text or "np." in text
    if is_python and not all(c.isalnum() or c in "/._- " for c in name):
        return f"rename it without special characters, then: {text.format(file='FILE', stem='FILE')}"
    shown = name if is_python else shlex.quote(name)
    stem = name.removesuffix(path.suffix) if is_python else shlex.quote(name.removesuffix(path.suffix))
    return text.format(file=shown, stem=stem)
