"""How much speaks for each subject, from a handful of searches: words, meaning, names, questions once answered.

Every column is a z-score over the subjects, so that scales of engines do not matter; the weights are learned
(`yueban assistant train`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from yueban.assistant.choices import Element
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.language.normal import pairs_of, plain
from yueban.assistant.retrieval.documents import ASKED, NAME, PIECE, SUBJECT
from yueban.assistant.retrieval.lens import Lens
from yueban.assistant.retrieval.library import Library, Numbers, serves

LIMIT: Final = 1500
NEAREST: Final = 150
OF_EACH: Final = 3
KINDS: Final = (NAME, SUBJECT, PIECE, ASKED)
MONEY: Final = re.compile(
    r"奖|补贴|补助|政策|扶持|减免|免税|抵免|退税|贴息|资助|加计|税率|subsid|reward|grant|polic|bonus|tax|incentive"
)
TOGETHER: Final = re.compile(
    r"一件事|一起办|一道办|一次办|一块儿?办|一趟|全套|together|all at once|in one go"
)
COLUMNS: Final = (
    *(f"{way}_{kind}" for kind in ("name", "subject", "piece", "asked") for way in ("words", "meaning")),
    "best_pieces",
    "centroid",
    "name_cover",
    "has_element",
    "offer_and_gift",
    "named",
    "money_and_offer",
    "no_money_and_offer",
    "is_policy",
    "is_bundle",
    "together_and_bundle",
    "not_for_audience",
    "remembered",
)
LONGEST_NAME: Final = 6
GIFTS: Final = (Element.AMOUNT, Element.CAP, Element.DEADLINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is searched; ``vector`` as the lens shows it."""

    text: str
    widened: str
    vector: Floats | None
    audience: str
    place: str
    remembered: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the index says of every document: by words, and by meaning where there are vectors."""

    words: Floats
    meaning: Floats | None


def scores_of(library: Library, lens: Lens, asked: Asked) -> Scores:
    """One search by words, one comparison of vectors."""
    seen = lens.of_documents(library) if asked.vector is not None else None
    meaning = seen @ asked.vector if seen is not None and asked.vector is not None else None
    return Scores(library.index.word_scores(asked.widened, LIMIT), meaning)


def subject_features(
    library: Library, lens: Lens, asked: Asked, scores: Scores, elements: Mapping[str, float]
) -> Floats:
    """Subjects × COLUMNS."""
    columns: list[Floats] = []
    for kind in KINDS:
        numbers = library.masks[kind]
        columns += [_z(_most(library, numbers, values)) for values in (scores.words, scores.meaning)]
    columns.append(_z(_best_pieces(library, scores.meaning)))
    columns.append(_centroids(library, lens, asked))
    columns.append(_name_cover(library, asked.widened))
    columns += _element_columns(library, elements)
    return np.stack([*columns, *_plain_features(library, asked)], axis=1)


def _most(library: Library, numbers: Numbers, values: Floats | None) -> Floats:
    """Of each subject the highest among these documents; the lowest of all where it has none."""
    count = len(library.subjects)
    if values is None or not len(numbers):
        return np.zeros(count, np.float32)
    own = values[numbers]
    found = np.full(count, own.min(), np.float32)
    np.maximum.at(found, library.document_subjects[numbers], own)
    return found


def _best_pieces(library: Library, meaning: Floats | None) -> Floats:
    """The sum of the three nearest pieces of each subject above the least of the nearest of all."""
    found = np.zeros(len(library.subjects), np.float32)
    numbers = library.masks[PIECE]
    if meaning is None or not len(numbers):
        return found
    size = min(NEAREST, len(numbers))
    nearest = numbers[np.argpartition(-meaning[numbers], size - 1)[:size]]
    floor = float(meaning[nearest].min())
    taken = np.zeros(len(library.subjects), np.intp)
    for number in nearest[np.argsort(-meaning[nearest])]:
        position = library.document_subjects[number]
        if taken[position] < OF_EACH:
            taken[position] += 1
            found[position] += meaning[number] - floor
    return found


def _centroids(library: Library, lens: Lens, asked: Asked) -> Floats:
    """How near the question is to the middle of all that is said of each subject."""
    means = lens.of_subjects(library)
    if means is None or asked.vector is None:
        return np.zeros(len(library.subjects), np.float32)
    return _z(means @ asked.vector)


def _name_cover(library: Library, text: str) -> Floats:
    """The greatest share of a name's pairs of characters that stand in the question, pairs of many names less."""
    own = pairs_of(plain(text))
    found = np.zeros(len(library.subjects), np.float32)
    for position, names in enumerate(library.name_pairs):
        found[position] = max(
            (weight_of(pairs & own, library) / total for pairs, total in names), default=0.0
        )
    return found


def weight_of(pairs: Iterable[str], library: Library) -> float:
    """What pairs of characters say together, by how rare each is among names."""
    return sum(library.pair_weights.get(pair, 0.0) for pair in pairs)


def _element_columns(library: Library, elements: Mapping[str, float]) -> list[Floats]:
    """How likely a subject says anything of what is asked; and whether a gift is asked for and it is one."""
    has = library.has_elements @ np.array(
        [elements.get(name, 0.0) for name in library.element_names], np.float32
    )
    gift = sum(elements.get(name, 0.0) for name in GIFTS)
    is_offer = np.array([kind in {"offer", "policy"} for kind in library.kinds], np.float32)
    return [has, is_offer * gift]


def _plain_features(library: Library, asked: Asked) -> list[Floats]:
    text = plain(asked.text)
    is_money, is_together = bool(MONEY.search(text)), bool(TOGETHER.search(text))
    kinds = np.array(library.kinds)
    is_offer = (kinds == "offer") | (kinds == "policy")
    named = np.zeros(len(kinds), np.float32)
    barred = np.zeros(len(kinds), np.float32)
    remembered = np.zeros(len(kinds), np.float32)
    for position, names in enumerate(library.plain_names):
        longest = max((len(name) for name in names if name in text), default=0)
        named[position] = min(longest, LONGEST_NAME) / LONGEST_NAME
    if asked.audience:
        barred[:] = [bool(audience) and audience != asked.audience for audience in library.audiences]
    if asked.remembered in library.positions:
        remembered[library.positions[asked.remembered]] = 1.0
    return [
        named,
        (is_offer & is_money).astype(np.float32),
        (is_offer & (not is_money)).astype(np.float32),
        (kinds == "policy").astype(np.float32),
        (kinds == "bundle").astype(np.float32),
        ((kinds == "bundle") & is_together).astype(np.float32),
        barred,
        remembered,
    ]


def allowed_subjects(library: Library, place: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Subjects that hold where the person is: a county's policy is not told elsewhere."""
    return np.array([any(serves(one, place) for one in held) for held in library.divisions], np.bool_)


def _z(values: Floats) -> Floats:
    found: Floats = ((values - values.mean()) / (values.std() + 1e-6)).astype(np.float32)
    return found
