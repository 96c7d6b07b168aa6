"""Learning that must prove itself: kept only where it answers better on questions it has not seen."""

from collections.abc import Callable, Sequence
from typing import Any

from yueban.assistant.evaluation.conversing import answer_of_row
from yueban.assistant.evaluation.scoring import grade
from yueban.assistant.knowledge.syncing import index_folder
from yueban.assistant.learning.training import FOLDS, Row, fold_of, prepare, train
from yueban.assistant.learning.weights import PLAIN, SHIPPED, Weights, read
from yueban.assistant.retrieval.library import Library


def prove_and_train(
    library: Library, rows: Sequence[Row], *, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Train on four fifths of the needs and score on the last; used from then on when that is no worse than now."""
    name = SHIPPED if library.embedder is not None else PLAIN
    own = index_folder() / name.name
    before = read(own if own.exists() else name)
    unseen = [row for row in rows if fold_of(row) == FOLDS - 1]
    prepared = prepare(library, rows)
    progress(f"用{len(rows) - len(unseen)}个问题学习，用{len(unseen)}个没见过的检验")
    learned = train(library, [one for one in prepared if fold_of(one.row) != FOLDS - 1])
    now, then = _share_right(library, before, unseen), _share_right(library, learned, unseen)
    is_better = then >= now
    if is_better:
        train(library, prepared).save(own)
    progress(f"没见过的问题答对：现在{now:.1%}，学习后{then:.1%}，{'已采用' if is_better else '没有采用'}")
    return {"questions": len(rows), "unseen": len(unseen), "before": now, "after": then, "used": is_better}


def _share_right(library: Library, weights: Weights, rows: Sequence[Row]) -> float:
    graded = [grade(row, answer_of_row(library, weights, row), 0.0, lambda *_: []) for row in rows]
    return sum(one.is_right for one in graded) / max(len(graded), 1)
