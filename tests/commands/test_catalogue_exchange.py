"""`yueban catalogue export` and `import`: the same acts as at the desk, for whoever keeps the machine."""

import argparse
import json

import pytest

from tests.flows.test_publish_item import AGENCY, KEY
from yueban.accounts.models import User
from yueban.agencies.models import Agency, Post
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import ItemVersion
from yueban.commands import catalogue
from yueban.commands.errors import CommandError
from yueban.kernel import roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    user = User.objects.create_user(username="editor-one", name="编辑一")
    office = Agency.objects.get(code=AGENCY)
    Post.objects.create(user=user, role=roles.EDITOR, agency=office, division=office.division)
    return user.username


@pytest.fixture(autouse=True)
def this_database(monkeypatch):
    """The command looks into the test's own database."""
    from contextlib import nullcontext

    from yueban.commands import catalogue_exchange

    monkeypatch.setattr(catalogue_exchange, "running_instance", lambda: nullcontext(True))


def run(*words):
    parser = argparse.ArgumentParser()
    catalogue.add_arguments(parser)
    return catalogue.run(parser.parse_args([*map(str, words), "--json"]))


def last_line(capsys):
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


@pytest.mark.parametrize("name", ["items.json", "items.xlsx"])
def test_what_was_exported_is_imported_without_a_change(name, tmp_path, editor, capsys):
    path = tmp_path / name
    assert run("export", path, "--agency", AGENCY, "--item", KEY) == 0
    assert last_line(capsys)["items"] == 1
    assert run("import", path, "--agency", AGENCY, "--editor", editor) == 0
    found = last_line(capsys)
    assert (found["saved"], found["unchanged"], found["faults"]) == (0, 1, 0)


def test_mistakes_are_written_beside_the_file_and_nothing_is_kept(tmp_path, editor, capsys):
    path = tmp_path / "items.json"
    run("export", path, "--agency", AGENCY, "--item", KEY)
    file = json.loads(path.read_text())
    file["tables"]["up_task_general_basic"][0]["project_type"] = "7"
    path.write_text(json.dumps(file))
    assert run("import", path, "--editor", editor) == 1
    found = last_line(capsys)
    rows = json.loads((tmp_path / "items-abnormal.json").read_text())["dn_audit_abnormal"]
    assert (found["ok"], found["faults"], len(rows)) == (False, 1, 1)
    assert not ItemVersion.objects.filter(state=VersionState.DRAFT, item__key=KEY).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("export", "items.csv"),
        ("export", "items.xlsx"),
        ("import", "no-such-file.json", "--editor", "x"),
        ("export",),
    ],
)
def test_what_is_missing_is_said(words):
    with pytest.raises(CommandError):
        run(*words)
