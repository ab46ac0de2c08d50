"""``model.safetensors.index.json``: the tensors of a model that is saved in several safetensors files.

Source: the index of Hugging Face's ``save_pretrained``; ``weight_map`` names the file of each tensor.
"""

from __future__ import annotations

import json
from pathlib import Path

from matcube.errors import DataError
from matcube.sources.entries import Bounds, Entry, Loaded
from matcube.sources.read_safetensors import read_safetensors, safetensors_entries

INDEX = ".safetensors.index.json"
MAX_INDEX = 100_000_000  # bytes


def index_entries(path: Path) -> tuple[Entry, ...]:
    """The tensors of all files of an index, from their headers; those that it does not name come last."""
    return tuple(entry for _, entry in _tensors(path).values())


def read_shard(path: Path, name: str, bounds: Bounds | None) -> Loaded:
    """A tensor of an index, or a slice of it.

    Args:
        path: the index.
        name: the name of the tensor.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the index or the tensor's file is damaged or missing.
    """
    return read_safetensors(_tensors(path)[name][0], name, bounds)


def _tensors(path: Path) -> dict[str, tuple[Path, Entry]]:
    """The file and the entry of each tensor."""
    places = _places(path)
    listed = {
        file: {entry.name: entry for entry in safetensors_entries(file)}
        for file in dict.fromkeys(places.values())
    }
    for name, file in places.items():
        if name not in listed[file]:
            raise DataError(f"{path.name} says that {name} is in {file.name}, and it is not")
    tensors = {name: (file, listed[file][name]) for name, file in places.items()}
    for file, entries in listed.items():
        for name, entry in entries.items():
            tensors.setdefault(name, (file, entry))
    return tensors


def shards_of(path: Path) -> set[Path]:
    """The files that an index names, beside it.

    Raises:
        DataError: the index is damaged, or one of them is missing.
    """
    return set(_places(path).values())


def _places(path: Path) -> dict[str, Path]:
    """The file of each tensor, beside the index."""
    if path.stat().st_size > MAX_INDEX:
        raise DataError(f"{path.name} is too large for an index")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is not JSON: {error}") from None
    files = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(files, dict) or not all(isinstance(file, str) for file in files.values()):
        raise DataError(f"{path.name} has no weight_map with a file for each tensor")
    for file in sorted(set(files.values())):
        if Path(file).name != file or not (path.parent / file).is_file():
            raise DataError(
                f"{path.name} names the file {file}, which is not beside it",
                hint=f"put the files of the model into one folder: {path.parent}",
            )
    return {name: path.parent / file for name, file in files.items()}
