"""A command of the group: its words before they are parsed, and the reader's own defaults."""

from __future__ import annotations

import re
import traceback
from typing import Any

import click

from matcube.cli.notes import is_verbose, warn
from matcube.cli.setting import Setting

_OLD = "matcube.renamed"
# Old names of options; they go on working, with a warning.
RENAMED = {"--film": "--animate", "--model": "--count"}

_DATA_FILE = re.compile(r"\.(npy|npz|csv|safetensors)(:.*)?$|(^|=)(npy|npz|csv|safetensors):", re.I | re.S)


class Command(click.Command):
    """A command whose ``--data`` takes several files, and whose old names of options still work."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, after the reader's own defaults."""
        args = self._renamed(several(args), ctx)
        has_settings = any(isinstance(param, Setting) for param in self.params)
        if has_settings and not ctx.resilient_parsing and not {"-h", "--help"}.intersection(args):
            from matcube.cli.settings import defaults

            commands = getattr(ctx.find_root().command, "commands", {})
            ctx.default_map = defaults(self, commands)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with ``-v`` an error shows where it was raised."""
        for name in ctx.meta.get(_OLD, ()):
            warn(f"{name} is now {RENAMED[name]}; the old name will go in a later version")
        try:
            return super().invoke(ctx)
        except Exception as error:
            if is_verbose() and not isinstance(error, click.ClickException | click.exceptions.Exit):
                traceback.print_exc()
            raise

    def _renamed(self, args: list[str], ctx: click.Context) -> list[str]:
        own = {name for param in self.params for name in param.opts}
        out = list(args)
        for at, word in enumerate(args[: args.index("--") if "--" in args else None]):
            name, equals, value = word.partition("=")
            if name not in own and RENAMED.get(name) in own:
                out[at] = RENAMED[name] + equals + value
                ctx.meta.setdefault(_OLD, []).append(name)
        return out


def several(args: list[str]) -> list[str]:
    """Words in which every file after ``--data`` has a ``--data`` of its own, as a shell expands ``*.csv``.

    Example:
        >>> several(["--data", "a.csv", "b.csv", "a @ b", "out.html"])
        ['--data', 'a.csv', '--data', 'b.csv', 'a @ b', 'out.html']
    """
    out: list[str] = []
    after_data = False
    for at, word in enumerate(args):
        if word == "--":
            return out + args[at:]
        if after_data and not word.startswith("-") and _DATA_FILE.search(word):
            out.append("--data")
        elif out and out[-1] == "--data":
            after_data = True
        else:
            after_data = word.startswith("--data=")
        out.append(word)
    return out
