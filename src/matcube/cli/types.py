"""Values of options: how each is read from text, refused, and completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matcube.cli.vocabulary import VOCABULARIES
from matcube.errors import unknown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Type = click.ParamType[Any, Any]
else:
    Type = click.ParamType


class Name(Type):
    """A name of one of ``VOCABULARIES``, in small or capital letters.

    Args:
        what: the vocabulary, as the reader calls it.
        is_open: other names may be given, too; the figure decides.
    """

    def __init__(self, what: str, *, is_open: bool = False) -> None:
        self.name = self.what = what
        self.is_open = is_open

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name as its table has it."""
        names = list(VOCABULARIES[self.what]())
        same = [name for name in names if name.lower() == str(value).lower()]
        if same or self.is_open:
            return same[0] if same else value
        return self.fail(str(unknown(str(value), names, what=self.what)), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The matching names."""
        return completions(incomplete, *VOCABULARIES[self.what]())


class NamedName(Name):
    """``NAME``, or ``MATRIX=NAME``: one name for all, or for one matrix."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text with the name as its table has it."""
        matrix, equals, name = str(value).rpartition("=")
        return f"{matrix}{equals}{super().convert(name.strip(), param, ctx)}"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The matching names, after the matrix if there is one."""
        matrix, equals, name = incomplete.rpartition("=")
        return [_item(f"{matrix}{equals}{item.value}") for item in super().shell_complete(ctx, param, name)]


class Size(Type):
    """Width and height in pixels: ``1280x800``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Two whole numbers."""
        if isinstance(value, tuple):
            return value
        width, x, height = str(value).lower().replace("×", "x").partition("x")
        if not (x and width.strip().isdecimal() and height.strip().isdecimal()):
            return self.fail(f'"{value}" cannot be read\n  hint: write --size 1280x800', param, ctx)
        return int(width), int(height)


class Memory(Type):
    """A size, ``8GB``, or a share of what is free, ``80%``."""

    name = "memory"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text, if it can be read."""
        from matcube.errors import OptionError
        from matcube.limits.memory import read_size

        try:
            read_size(value, 0)
        except OptionError as error:
            return self.fail(f'"{value}" cannot be read\n  hint: {error.hint}', param, ctx)
        return str(value)


class Tiles(Type):
    """Tiles of every level: ``16,16,16/4,4,4``."""

    name = "tiles"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Lists of sizes, the largest first."""
        try:
            return [tuple(int(size) for size in level.split(",")) for level in str(value).split("/")]
        except ValueError:
            return self.fail(f'"{value}" cannot be read\n  hint: write --tiles 16,16,16/4,4,4', param, ctx)


class Split(Type):
    """``tokens=8``, ``attn.i=8`` or ``preset:megatron=4``."""

    name = "axis=blocks"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The axis and its number of blocks."""
        if isinstance(value, tuple):
            return value
        name, equals, blocks = str(value).rpartition("=")
        if equals and name.strip() and blocks.strip().isdecimal():
            return name.strip(), int(blocks)
        hint = "write --partition tokens=8, attn.i=8 or preset:megatron=4"
        return self.fail(f'"{value}" cannot be read\n  hint: {hint}', param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The presets."""
        return completions(incomplete, *(f"preset:{name}=" for name in VOCABULARIES["preset"]()))


class File(Type):
    """A file, or ``-``; completed as the shell completes files."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Left to the shell."""
        return [_item(incomplete, type="file")]


def completions(incomplete: str, *names: str) -> list[CompletionItem]:
    """Names that begin with the incomplete text."""
    return [_item(name) for name in names if name.lower().startswith(incomplete.lower())]


def _item(value: str, **options: Any) -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(value, **options)
