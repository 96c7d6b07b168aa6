"""`yueban assistant` as it is typed: bad files are named with their line, frozen questions teach nothing."""

import json
from contextlib import nullcontext

import pytest

from tests import library
from yueban import cli
from yueban.assistant.evaluation import frozen
from yueban.commands import assistant

pytestmark = pytest.mark.django_db
GOOD = {"question": "高龄津贴要交钱吗", "about": ["item:old-age-allowance"], "facts": [["不收费"]]}
CONTRACT = {
    "q": "高龄津贴要交钱吗",
    "kind": "item",
    "gold_item": ["高龄津贴"],
    "facts_needed": ["fee"],
    "style": "口语",
}


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(assistant, "running_instance", lambda: nullcontext(True))


@pytest.fixture(scope="module")
def kept(rows_of_module):
    with library.by_words():
        yield


def printed(capsys, *words):
    """The exit code, the object of the last line, and what a person reads."""
    code = cli.main(["assistant", *map(str, words), "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out.splitlines()[-1]), err


def lines(*rows):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)


def written(folder, content, name="set.jsonl"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestABadFile:
    @pytest.mark.parametrize(
        ("content", "where", "then"),
        [
            (b"", "没有题", "每行写一题"),
            (b"\n  \n", "没有题", "每行写一题"),
            (lines(GOOD).encode("gbk"), "第1行不是 UTF-8", "另存为 UTF-8"),
            (lines(GOOD).encode() + lines(GOOD).encode("gbk"), "第2行不是 UTF-8", "另存为 UTF-8"),
            (lines(GOOD) + "这不是题\n", "第2行：不是 JSON", "完整的 JSON 对象"),
            (lines(GOOD) + lines(GOOD)[:30], "第2行：不是 JSON", "完整的 JSON 对象"),
            (lines([1, 2]), "第1行：不是 JSON 对象", "大括号"),
            (lines({**GOOD, "question": " "}), "第1行：没有问题", "question"),
            (lines({"about": ["item:x"]}), "第1行：没有问题", "question"),
            (lines({"question": "怎么办"}), "第1行：要回答的题没有写该引用什么", "about"),
            (lines(GOOD, {**GOOD, "style": "slang"}), "第2行：style 写的是“slang”", "dialect"),
            (lines({**GOOD, "expect": "maybe"}), "第1行：expect 写的是“maybe”", "handover"),
            (lines({**GOOD, "expect": ["answer"]}), "第1行：expect 写的是", "handover"),
            (lines({**GOOD, "audience": "cat"}), "第1行：audience 写的是“cat”", "enterprise"),
            (lines({**GOOD, "date": "2026-13-01"}), "第1行：date 写得不对", "2026-11-20"),
            (lines({**GOOD, "facts": ["不收费"]}), "第1行：facts 写得不对", "一组一组"),
            (lines({**GOOD, "turns": "先问的"}), "第1行：turns 写得不对", "一组"),
            (lines({**CONTRACT, "kind": "guess"}), "第1行：kind 写的是“guess”", "policy"),
            (lines({**CONTRACT, "facts_needed": ["colour"]}), "facts_needed 里的“colour”", "time_limit"),
            (lines({**GOOD, "id": "a"}, {**GOOD, "id": "a"}), "编号“a”用了两次", "自己的编号"),
        ],
    )
    def test_is_refused_with_its_line_and_what_to_do(self, tmp_path, capsys, content, where, then):
        code, found, said = printed(capsys, "score", written(tmp_path, content))
        assert (code, found["ok"]) == (1, False)
        assert "set.jsonl" in said
        assert where in said
        assert then in said
        assert found["error"] == said.strip()

    def test_that_is_not_there_or_a_folder_is_named(self, tmp_path, capsys):
        for path in (tmp_path / "none.jsonl", tmp_path):
            code, _, said = printed(capsys, "score", path)
            assert code == 1
            assert str(path) in said
            assert "检查路径" in said

    def test_no_file_at_all_is_asked_for(self, capsys):
        assert "题集文件" in printed(capsys, "score")[2]


class TestScore:
    def test_of_a_set_in_our_form_and_one_in_the_contracts(self, kept, tmp_path, capsys):
        for content in (lines(GOOD), b"\xef\xbb\xbf" + lines(GOOD).encode(), lines(CONTRACT)):
            code, found, _ = printed(capsys, "score", written(tmp_path, content))
            assert code == 0
            assert (found["questions"], found["answered"], found["accuracy"]) == (1, 1, 1.0)
        assert list(found["by_style"]) == ["口语"]

    def test_the_contracts_keywords_and_elements_must_stand_in_what_is_cited(self, kept, tmp_path, capsys):
        rows = [
            CONTRACT,
            {**CONTRACT, "gold_item": ["食品经营"]},
            {**CONTRACT, "gold_item": ["食品经营"], "gold_groups": [["高龄", "老年人"], ["护理"]]},
            {**CONTRACT, "facts_needed": ["validity"]},
            {"q": "转人工", "kind": "refuse"},
        ]
        failures = tmp_path / "failures.jsonl"
        printed(capsys, "score", written(tmp_path, lines(*rows)), "--failures", failures)
        failed = [json.loads(line)["id"] for line in failures.read_text().splitlines()]
        assert failed == ["set-2", "set-4"]


class TestTrain:
    """Refused before a single question is learned from."""

    @pytest.fixture
    def frozen_set(self, monkeypatch):
        content = lines(GOOD, {**GOOD, "question": "第二题"}).encode()
        monkeypatch.setattr(frozen, "MARKS", ((len(content), frozen.mark_of(content)),))
        monkeypatch.setattr(
            "yueban.assistant.services.prove_and_train", lambda *_, **__: pytest.fail("learned")
        )
        return content

    @pytest.mark.parametrize("before", [b"", lines(GOOD).encode() * 3])
    @pytest.mark.parametrize("after", [b"", b"\n", lines(GOOD).encode() * 3])
    def test_a_copy_under_another_name_also_with_more_before_or_after(
        self, tmp_path, capsys, frozen_set, before, after
    ):
        if before and after:
            pytest.skip("in the midst of others its numbers tell it")
        path = written(tmp_path, before + frozen_set + after, "my-own.jsonl")
        code, found, said = printed(capsys, "train", path)
        assert (code, found["ok"]) == (1, False)
        assert "“my-own.jsonl”是冻结的题集" in said
        assert "开发题集" in said

    def test_one_of_its_questions_among_others_of_a_second_file(self, tmp_path, capsys, frozen_set):
        fine = written(tmp_path, lines(GOOD), "fine.jsonl")
        mixed = written(tmp_path, lines(GOOD, {**GOOD, "id": "q0017"}, GOOD), "mixed.jsonl")
        assert "“mixed.jsonl”里的“q0017”" in printed(capsys, "train", fine, mixed)[2]

    def test_its_folder(self, tmp_path, capsys, frozen_set):
        (tmp_path / "frozen").mkdir()
        path = written(tmp_path / "frozen", lines(GOOD))
        assert "冻结的题集" in printed(capsys, "train", path)[2]

    def test_others_are_learned_from(self, kept, tmp_path, capsys, frozen_set, monkeypatch):
        taught = []
        monkeypatch.setattr(
            "yueban.assistant.services.prove_and_train", lambda _, rows, **__: taught.append(rows) or {}
        )
        assert printed(capsys, "train", written(tmp_path, lines(GOOD)))[0] == 0
        assert [one["question"] for one in taught[0]] == [GOOD["question"]]


class TestSync:
    def test_a_second_time_does_nothing(self, kept, capsys):
        first = printed(capsys, "sync")
        assert first[:2] == (0, {"ok": True, "changed": False, "index": 1})

    def test_what_is_gone_is_noticed_once(self, kept, capsys):
        from yueban.assistant.models import QuestionAnswer

        QuestionAnswer.objects.filter(pk=QuestionAnswer.objects.first().pk).update(state="withdrawn")
        assert printed(capsys, "sync")[1] == {"ok": True, "changed": True, "index": 2}
        assert printed(capsys, "sync")[1] == {"ok": True, "changed": False, "index": 2}


def test_the_mark_of_the_frozen_set_is_that_of_its_bytes():
    from tests.consult.test_frozen_set import HERE

    assert frozen.is_frozen((HERE / "questions.jsonl").read_bytes()), "写下新的标记：git hash-object"
