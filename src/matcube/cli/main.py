"""The group of commands, and their exit codes."""

from __future__ import annotations

import sys
from io import StringIO, TextIOWrapper
from typing import NoReturn

import click

from matcube import __version__
from matcube.cli import notes
from matcube.cli.compare import compare
from matcube.cli.completion import completion
from matcube.cli.config import config
from matcube.cli.cost import cost
from matcube.cli.demo import demo
from matcube.cli.explain import explain
from matcube.cli.help import help_
from matcube.cli.ls import list_
from matcube.cli.open import open_
from matcube.cli.save import save
from matcube.cli.show import show
from matcube.errors import MatcubeError, OptionError
from matcube.errors.guard import turned
from matcube.errors.words import printable

EXAMPLES = """\b
Examples:
  matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'
  matcube show 'softmax(tril(Q @ K.T / sqrt(16))) @ V' --data head.npz
  matcube save 'relu(x @ w + b)' --data mlp.safetensors out.html out.png
  matcube open '#m1.bY7B...' --data head.npz
  matcube demo
"""

# How a command ends. Source of 130: a shell's 128 and the number of the signal.
FAILURE, USAGE, INTERRUPTED = 1, 2, 130


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "obj": __version__},
    epilog=EXAMPLES,
)
@click.version_option(__version__, "-V", "--version", prog_name="matcube", message="%(prog)s %(version)s")
def cli() -> None:
    """See matrix multiplication as a cube that you can turn and read.

    A program is a line of text: names, @ + - * /, .T, and functions such as softmax, tril, relu.
    Give its names values with --let (random, or numbers) or --data (files).
    """


for _command in (show, save, open_, compare, cost, explain, list_, demo, config, completion, help_):
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line: 0, or one block of text and 1 (program, data), 2 (usage) or 130 (Ctrl-C)."""
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal that has no × shows its number
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="matcube", standalone_mode=False)
    except MatcubeError as error:
        _end(_text(error), USAGE if isinstance(error, OptionError) else FAILURE)
    except click.ClickException as error:
        _show(error)
        _end(_hint(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except Exception as error:
        own = turned(error, "matcube")
        if own is None:
            raise
        _end(_text(own), USAGE if isinstance(own, OptionError) else FAILURE)
    sys.exit(code if isinstance(code, int) else 0)


def _text(error: MatcubeError) -> str:
    """The error with the remedies of the command line."""
    from matcube.cli.remedies import remedy, translated, value_for

    hint = remedy(error.hint) or value_for(error.message)
    text = MatcubeError(translated(error.message), text=error.text, span=error.span, hint=hint)
    return f"{notes.heading(error.kind)}: {printable(str(text))}"


def _show(error: click.ClickException) -> None:
    """The usage and message of an error, as click writes them, without what a terminal would obey."""
    shown = StringIO()
    error.show(shown)
    click.echo(printable(shown.getvalue()), err=True, nl=False)


def _hint(error: click.ClickException) -> str | None:
    """A hint for a common mistake."""
    if isinstance(error, click.NoSuchOption) and not error.option_name.startswith("--"):
        saves = error.ctx is not None and error.ctx.info_name == "save"
        written = "matcube save -- '-A @ B' o.png" if saves else "matcube show -- '-A @ B'"
        return f'  hint: a program that begins with "-" goes last, after "--": {written}'
    if error.message.startswith("No such command"):
        return "  hint: to see a program, matcube show 'A @ B'; to save one, matcube save 'A @ B' out.html"
    return None


def _end(text: str | None, code: int) -> NoReturn:
    if text:
        click.echo(text, err=True)
    sys.exit(code)
