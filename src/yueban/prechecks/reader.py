"""Reads the first page of one file, in a process of its own: ``python -m yueban.prechecks.reader FILE TYPE``.

With ``all`` as a third word it reads every page and says of each whether its letters had to be recognised.
Apart from the rest on purpose: an ill picture may end this process, take its memory or its time, and nothing else.
What was read goes to standard output as JSON and is written nowhere.
"""

import json
import os
import resource
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

NEEDED: Final = ("rapidocr_onnxruntime", "cv2", "PIL", "pypdfium2")
LONG_SIDE: Final = 1600
MOST_PIXELS: Final = 60_000_000
MOST_MEMORY: Final = 3 * 2**30
MOST_CPU_SECONDS: Final = 40
MOST_PAGES: Final = 60
# Of a page with so many characters of its own nothing need be recognised.
OWN_TEXT: Final = 30
MOST_SKEW: Final = 15
LOOKED_AT: Final = 600
LEAST_SCORE: Final = 0.5


def is_installed() -> bool:
    """Whether the engine is there: the dependency group `ocr`, for Python before 3.13."""
    return all(find_spec(name) is not None for name in NEEDED)


def main(arguments: list[str]) -> int:
    """Read the file within the limits and print its rows."""
    path, media_type, *more = arguments
    _limit(MOST_PAGES if more else 1)
    found = {"pages": read_all(Path(path))} if more else {"rows": read(Path(path), media_type)}
    sys.stdout.write(json.dumps(found, ensure_ascii=True))
    return 0


def read_all(path: Path, engine: Any = None) -> list[dict[str, Any]]:
    """The lines of every page of a pdf: its own letters where it has them, else what is recognised."""
    import pypdfium2

    pages = []
    document = pypdfium2.PdfDocument(path)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        own = page.get_textpage().get_text_range().strip()
        if len(own) >= OWN_TEXT:
            pages.append({"lines": own.splitlines(), "recognised": False})
        elif is_installed():
            engine = engine or make_engine()
            picture = page.render(scale=LONG_SIDE / max(page.get_size())).to_pil()
            rows = recognise(_straight(_pixels(picture)), engine)
            pages.append({"lines": ["".join(row) for row in rows], "recognised": True})
        else:
            pages.append({"lines": own.splitlines(), "recognised": None})
    return pages


def read(path: Path, media_type: str, engine: Any = None) -> list[list[str]]:
    """The rows of the first page, each from left to right in its parts."""
    if media_type == "application/pdf":
        page = _first_page(path)
        own = page.get_textpage().get_text_range().strip()
        if len(own) >= OWN_TEXT:
            return [[part for part in line.split(" ") if part] for line in own.splitlines() if line.strip()]
        picture = page.render(scale=LONG_SIDE / max(page.get_size())).to_pil()
    else:
        picture = _picture(path)
    return recognise(_straight(_pixels(picture)), engine or make_engine())


def make_engine() -> Any:
    """The engine with the models of its own package; one thread, so that pages stay quick."""
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


def recognise(pixels: Any, engine: Any) -> list[list[str]]:
    """The rows of a picture, whichever of its four sides is up."""
    boxes, _ = engine.auto_text_det(pixels)
    if boxes is None:
        return []
    crops, turned, _ = engine.text_cls(engine.get_crop_img_list(pixels, boxes))
    said, _ = engine.text_rec(crops, False)
    height, width = pixels.shape[:2]
    places = [_place(box) for box in boxes]
    if 2 * sum(tall > 1.5 * wide for _, _, wide, tall in places) > len(places):
        # The engine turns lines that stand upright a quarter to the left before it reads them.
        places = [(y, width - x, tall, wide) for x, y, wide, tall in places]
        height, width = width, height
    if 2 * sum(label == "180" for label, _ in turned) > len(turned):
        places = [(width - x, height - y, wide, tall) for x, y, wide, tall in places]
    found = [(place, text) for place, (text, score) in zip(places, said, strict=True) if score >= LEAST_SCORE]
    return _rows(found)


def _place(box: Any) -> tuple[float, float, float, float]:
    """Centre, width and height of what surrounds one line."""
    xs, ys = [float(x) for x, _ in box], [float(y) for _, y in box]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs), max(ys) - min(ys)


def _rows(found: list[tuple[tuple[float, float, float, float], str]]) -> list[list[str]]:
    """Parts that stand at the same height make one row."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for (x, y, _, tall), text in sorted(found, key=lambda one: one[0][1]):
        if rows and y - rows[-1][-1][1] < 0.5 * max(tall, rows[-1][-1][2]):
            rows[-1].append((x, y, tall, text))
        else:
            rows.append([(x, y, tall, text)])
    return [[text for _, _, _, text in sorted(row)] for row in rows]


def _picture(path: Path) -> Any:
    from PIL import Image, ImageOps

    with Image.open(path, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
        return ImageOps.exif_transpose(picture)


def _first_page(path: Path) -> Any:
    import pypdfium2

    return pypdfium2.PdfDocument(path)[0]


def _pixels(picture: Any) -> Any:
    """No larger than is needed, on white where it is transparent."""
    import numpy as np
    from PIL import Image

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    picture = picture.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _straight(pixels: Any) -> Any:
    """The picture turned until its lines lie level: along or across, as it may stand on its side."""
    import cv2

    angle = skew_of(pixels)
    if abs(angle) < 0.5:
        return pixels
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, tall = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[0, 2] += wide / 2 - width / 2
    turn[1, 2] += tall / 2 - height / 2
    return cv2.warpAffine(pixels, turn, (wide, tall), borderValue=(255, 255, 255))


def skew_of(pixels: Any) -> float:
    """By how many degrees its lines are off: at the right angle the rows of ink are told apart best."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = LOOKED_AT / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, ink = cv2.threshold(edges, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    height, width = ink.shape

    def contrast(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        level = cv2.warpAffine(ink, turn, (width, height))
        return max(float(np.var(np.diff(level.sum(axis=side, dtype=float)))) for side in (0, 1))

    whole = max(range(-MOST_SKEW, MOST_SKEW + 1), key=contrast)
    best = max((whole + quarter / 4 for quarter in range(-3, 4)), key=contrast)
    return best if contrast(best) > 1.05 * contrast(0.0) else 0.0


def _limit(pages: int = 1) -> None:
    """No more memory and time than one page needs, no file written, and whoever serves pages comes first."""
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS * max(1, pages // 4)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
