"""Every field of the standard has a Chinese name and a kind, and paths are said in words."""

from yueban.catalogue.shape import Kind, find_shape, path_label, path_of, standard_shape


def every(shapes):
    for shape in shapes:
        yield shape
        yield from every(shape.children)


def test_every_field_and_every_word_has_a_chinese_name():
    unnamed = [(s.owner, s.name) for s in every(standard_shape()) if s.label.isascii()]
    assert unnamed == []
    bare = [
        (s.owner, s.name, w) for s in every(standard_shape()) for w in (s.words or {}).values() if w.isascii()
    ]
    assert bare == []


def test_a_finding_is_said_in_words():
    assert path_label(path_of("materials[0].satisfy[1].source")) == (
        "申请材料 第1项 · 怎样算交了（从最省事的写起） 第2项 · 数据来源"
    )
    assert find_shape(path_of("materials[3].when")).kind is Kind.RULE
    assert find_shape(path_of("nothing.here")) is None
