"""The `yueban` command: help, unknown words, and one sentence instead of a traceback."""

import json
import subprocess
import sys

import pytest

from yueban import cli
from yueban.commands.errors import CommandError
from yueban.commands.output import finish


def test_every_command_is_there_and_explains_itself(capsys):
    assert cli.main([]) == 0
    listed = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert name in listed
        done = subprocess.run(
            [sys.executable, "-m", "yueban", name, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_named(capsys):
    assert cli.main(["dmeo"]) == 2
    assert "dmeo" in capsys.readouterr().err


def test_an_expected_error_is_one_sentence_and_with_json_an_object(capsys, monkeypatch):
    from yueban.commands import audit

    def fail(_arguments):
        raise CommandError("没有数据库")

    monkeypatch.setattr(audit, "run", fail)
    assert cli.main(["audit", "verify", "--json"]) == 1
    out, err = capsys.readouterr()
    assert err.strip() == "没有数据库"
    assert json.loads(out) == {"ok": False, "error": "没有数据库"}


@pytest.mark.parametrize(("is_ok", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_what_ok_says(capsys, is_ok, code):
    assert finish({"ok": is_ok}, as_json=True) == code
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"ok": is_ok}
