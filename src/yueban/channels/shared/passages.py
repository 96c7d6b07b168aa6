"""Chinese passages in an English page, marked as Chinese: legal text, names, what services say.

The mark stands in the HTML as it goes out, so that no template can forget it: a voice then reads these words as
Chinese, and a dictionary looks them up as such.
"""

import re

TOKEN = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style|title|svg)\b.*?</(?P=raw)>|<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>|[^<]+",
    re.DOTALL,
)
HAN = r"\u3400-\u9fff\U00020000-\U000323af"
MARKS = r"\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\uff00-\uffef\u00b70-9A-Za-z&;#.,:%/()+-"
RUN = re.compile(rf"[{HAN}](?:[{HAN}{MARKS}]*[{HAN}\u3002\uff09\u300b\uff01\uff1f])?")
NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
LANGUAGE = re.compile(r"""\slang=["']?([a-zA-Z-]+)""")
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
# These hold text only: the mark goes on the element itself.
TEXT_ONLY = frozenset({"option", "textarea"})


def mark_chinese(html: str) -> str:
    """The page with every Chinese passage in an element of its language."""
    out: list[str] = []
    inside: list[tuple[str, str, int]] = []  # name, language, place in `out`
    for match in TOKEN.finditer(html):
        token = match[0]
        if match["raw"] or token.startswith("<!"):
            out.append(token)
        elif token.startswith("<"):
            _step(token, inside, len(out))
            out.append(token)
        else:
            out.append(_marked(token, inside, out))
    return "".join(out)


def _step(tag: str, inside: list[tuple[str, str, int]], place: int) -> None:
    found = NAME.match(tag)
    if found is None:
        return
    name = found[1].lower()
    if tag.startswith("</"):
        names = [one for one, _, _ in inside]
        if name in names:
            del inside[len(names) - 1 - names[::-1].index(name) :]
    elif name not in VOID and not tag.endswith("/>"):
        said = LANGUAGE.search(tag)
        inside.append((name, said[1] if said else inside[-1][1] if inside else "en", place))


def _marked(text: str, inside: list[tuple[str, str, int]], out: list[str]) -> str:
    name, language, place = inside[-1] if inside else ("", "en", -1)
    if language.startswith("zh") or not RUN.search(text):
        return text
    if name in TEXT_ONLY:
        out[place] = f'{out[place][:-1]} lang="zh">'
        return text
    return RUN.sub(lambda run: f'<span lang="zh">{run[0]}</span>', text)
