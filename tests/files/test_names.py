"""Names of files are repaired: no path, no invisible characters, no excess."""

import pytest

from yueban.files.names import clean_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\甲\\桌面\\申请表.PDF", "申请表.pdf"),
        ("/申请表.pdf", "申请表.pdf"),
        ("申\x00请\x1f表\n.pdf", "申请表.pdf"),
        ("执照\u202efdp.exe", "执照fdp.exe"),
        ("申\u200b请\u2060表.pdf", "申请表.pdf"),
        ("  申请   表 .pdf", "申请 表.pdf"),
        ("..", "未命名"),
        ("", "未命名"),
        (".pdf", "未命名.pdf"),
        ("䶮㛃\U00020000\U00031350.pdf", "䶮㛃\U00020000\U00031350.pdf"),
        ("3.5吨车辆清单", "3.5吨车辆清单"),
    ],
)
def test_a_name_keeps_what_people_read_and_loses_the_rest(given, kept):
    assert clean_name(given) == kept


def test_a_name_of_300_characters_is_cut_and_keeps_its_suffix():
    cleaned = clean_name("长" * 300 + ".pdf")
    assert (len(cleaned), cleaned[-5:]) == (160, "长.pdf")
