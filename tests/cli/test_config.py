"""Defaults of the reader's own: option before environment before file."""

import json
from pathlib import Path

import pytest

from matcube.cli import settings

EYE = ("--let", "A=eye(4,4)")

pytestmark = pytest.mark.usefixtures("files")


def style(command, *words: str) -> dict:
    ended = command("save", "A @ A", *EYE, "a.json", *words)
    assert ended.code == 0, ended.err
    return json.loads(Path("a.json").read_text())["view"]["style"]


def write(text: str) -> Path:
    path = settings.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_precedence(command, monkeypatch):
    assert style(command)["theme"] == "dark"
    assert command("config", "set", "theme", "light").code == 0
    assert style(command)["theme"] == "light"
    monkeypatch.setenv("MATCUBE_THEME", "auto")
    assert style(command)["theme"] == "auto"
    assert style(command, "--theme", "dark")["theme"] == "dark"


def test_set_get_unset_list_path(command, monkeypatch, settings_of_nobody):
    path = Path(command("config", "path").out.strip())
    assert path == settings_of_nobody / "matcube" / "config.toml" and not path.exists()
    for key, value, written in (
        ("theme", "LIGHT", 'theme = "light"'),
        ("size", "640x400", 'size = "640x400"'),
        ("port", "8123", "port = 8123"),
        ("gap", "2.5", "gap = 2.5"),
        ("open", "no", "open = false"),
    ):
        assert command("config", "set", key, value).code == 0
        assert written in path.read_text().splitlines()
    assert command("config", "get", "open").out == "false\n"
    assert command("config", "get", "seconds").out == "10.0\n"
    monkeypatch.setenv("MATCUBE_GAP", "3")
    lines = {line.split()[0]: line.split(None, 1)[1] for line in command("config", "list").out.splitlines()}
    assert lines["theme"] == "light  (file)" and lines["gap"] == "3  (MATCUBE_GAP)"
    assert lines["palette"] == "-  (default)" and lines["scale"] == "1.0  (default)"
    assert command("config", "unset", "theme").code == 0
    assert "theme" not in path.read_text() and "port = 8123" in path.read_text()
    assert list(path.parent.iterdir()) == [path]  # nothing temporary


def test_comments_stay(command):
    path = write('# mine\ntheme = "dark"  # at night\nport = 1\n')
    assert command("config", "set", "theme", "light").code == 0
    assert path.read_text() == '# mine\ntheme = "light"\nport = 1\n'


def test_the_browser_stays_closed(command, monkeypatch):
    from matcube.outputs import server

    calls: list[dict] = []
    monkeypatch.setattr(server, "serve", lambda source, **options: calls.append(options))
    for variable, words, is_open in (("0", (), False), ("1", (), True), ("0", ("--open",), True)):
        monkeypatch.setenv("MATCUBE_OPEN", variable)
        assert command("show", "A @ A", *EYE, *words).code == 0
        assert calls[-1]["open_browser"] is is_open


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('theme = "dark"\npalette glow\n', 2, "="),
        ('\nthme = "dark"\n', 2, 'there is no setting "thme"; did you mean theme?'),
        ('theme = "drk"\n', 1, 'theme = "drk": there is no theme "drk"; did you mean dark?'),
        ("port = 1\nsize = 3\n", 2, "size = 3"),
        ("theme = true\n", 1, "theme = true cannot be used"),
        ("[save]\ntheme = 'dark'\n", 1, 'there is no setting "save"'),
        ("gap = [1]\n", 1, "gap is one value, not list"),
        ('theme = "dark', 1, ""),
    ],
)
def test_a_bad_file_is_named_with_its_line(command, text, line, says):
    path = write(text)
    ended = command("save", "A @ A", *EYE, "a.json")
    assert ended.code == 2 and ended.err.startswith(f"OptionError: {path}, line {line}: ")
    assert says in ended.err and "hint: " in ended.err
    assert command("save", "--help").code == 0  # help comes even so
    assert command("config", "path").code == 0


def test_the_remedy_for_a_wrong_value_works(command):
    write('thme = "dark"\nport = 1\n')
    remedy = command("save", "A @ A", *EYE, "a.json").err.rpartition("; matcube ")[2].split()
    assert remedy == ["config", "unset", "thme"]
    assert command(*remedy).code == 0
    assert style(command)["theme"] == "dark"


def test_refusals(command, monkeypatch):
    assert "did you mean theme?" in command("config", "set", "thme", "dark").err
    assert "did you mean dark?" in command("config", "set", "theme", "drk").err
    ended = command("config", "get", "palette")
    assert ended.code == 2 and "palette is not set" in ended.err
    monkeypatch.setenv("MATCUBE_THEME", "drk")
    ended = command("save", "A @ A", *EYE, "a.json")
    assert ended.code == 2 and "MATCUBE_THEME in the environment" in ended.err


def test_a_file_that_cannot_be_written(command, monkeypatch, tmp_path):
    (tmp_path / "blocked").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "blocked"))
    ended = command("config", "set", "theme", "light")
    assert ended.code in (1, 2) and "config.toml cannot be" in ended.err
