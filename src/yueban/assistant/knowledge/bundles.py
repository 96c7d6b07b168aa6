"""Pieces of a bundle (一件事): what it joins, in which order, how long, with which materials."""

from collections.abc import Iterator

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.wording import english_limit, limit_words, sentence
from yueban.catalogue.selectors import CompiledBundle


def bundle_pieces(
    bundle: CompiledBundle, *, number: int, division: str, effective_on: str, valid_to: str
) -> Iterator[Piece]:
    """All that may be said of a bundle in one division."""

    def piece(
        element: Element,
        said: list[str],
        english: tuple[str, ...] = (),
        part: str = "",
        asked: tuple[str, ...] = (),
    ) -> Piece:
        return Piece(
            subject=f"bundle:{bundle.key}",
            element=element,
            name=f"{bundle.name}一件事",
            name_en=bundle.name_en,
            names=(bundle.name, *bundle.aliases),
            title=f"{bundle.name}一件事 · {element.label}",
            sentences=tuple(sentence(one) for one in said),
            sentences_en=english,
            asked=asked,
            version=f"第{number}版",
            owner=bundle.lead_agency_kind,
            division=division,
            audience=bundle.audiences[0] if len(bundle.audiences) == 1 else "",
            valid_from=effective_on,
            valid_to=valid_to,
            part=part,
        )

    names = [child.name for child in bundle.children]
    optional = [child.name for child in bundle.children if child.may_fall_out]
    summary_en = (bundle.summary_en,) if bundle.summary_en else ()
    yield piece(
        Element.SUMMARY, [bundle.summary, f"一起办的有{len(names)}件：{'、'.join(names)}"], summary_en
    )
    limit = bundle.promised.limit
    note = f"，{bundle.promised.note}" if bundle.promised.note else ""
    yield piece(
        Element.TIME,
        [f"总的承诺时限是{limit_words(limit)}{note}"],
        (f"Promised time: {english_limit(limit)}.",),
    )
    materials = [one.name for one in bundle.materials]
    if materials:
        yield piece(
            Element.MATERIALS, [f"材料合起来最多{len(materials)}样：{'、'.join(dict.fromkeys(materials))}"]
        )
    order = " → ".join("、".join(_name(bundle, key) for key in stage) for stage in bundle.stages)
    choice = f"；其中{'、'.join(optional)}看情况或者自己选" if optional else ""
    yield piece(Element.STEPS, [f"填一张表、交一次，办理的先后：{order}{choice}"])
    yield piece(
        Element.ONLINE, ["可以网上办，一次填表、一次提交"], ("Yes, you can apply online, once for all.",)
    )
    yield piece(
        Element.RESULT, [f"办成后给您：{'、'.join(dict.fromkeys(c.result_name for c in bundle.children))}"]
    )
    for order_of, question in enumerate(bundle.faq, 1):
        yield piece(Element.FAQ, [question.a], part=str(order_of), asked=(question.q,))


def _name(bundle: CompiledBundle, key: str) -> str:
    return next(child.name for child in bundle.children if child.key == key)
