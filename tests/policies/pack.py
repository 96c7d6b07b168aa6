"""A pack folder with one policy: clause 1 of the manufacturing policy of Zhuji (2025), in our own words."""

from pathlib import Path

import yaml

from yueban.expressions import FactType, Vocabulary

KEY = "example-manufacturing"
TEXT = """诸暨市加快建设先进制造业强市若干政策（演示文本，按公开内容改写）
第一章 数字化改造
第一条 支持企业数字化投入。当年数字化投入（软件、硬件、网络、云服务）10万元以上的企业，按实际投入的30%给予补助，最高不超过100万元。责任单位：市经信局
第二章 附则
第二条 本政策自发布之日起施行。
"""
POLICY = {
    "key": KEY,
    "title": "诸暨市加快建设先进制造业强市若干政策",
    "issuers": ["诸暨市人民政府办公室"],
    "level": "county",
    "division": "330681000000",
    "written_on": "2025-02-28",
    "effective_on": "2025-02-28",
    "source": "诸暨市人民政府门户网站 2025-02-28",
}
OFFER = {
    "key": "example-digital-investment",
    "name": "企业数字化投入补助",
    "summary": "当年数字化投入10万元以上，补助30%，最高100万元。",
    "policy": KEY,
    "clause": "第一条",
    "department_kind": "economy-it",
    "redemption": "fast",
    "conditions": {"fact": "enterprise.digital_investment", "op": "ge", "value": "100000"},
    "benefits": [
        {
            "key": "share",
            "label": "数字化投入",
            "gives": {"kind": "ratio", "rate": "0.30", "of": "enterprise.digital_investment"},
            "cap": 1000000,
            "words_text": "按实际投入的30%给予补助，最高不超过100万元",
        }
    ],
    "words_text": {
        "conditions": "当年数字化投入（软件、硬件、网络、云服务）10万元以上",
        "department_kind": "市经信局",
    },
}
VOCABULARY = Vocabulary(
    [
        FactType("enterprise.digital_investment", "数字化投入", "Digital investment", "money", "元"),
        FactType("enterprise.new_hires", "新招用人数", "New hires", "integer", "人"),
        FactType("enterprise.honours", "资质荣誉", "Honours", "codes"),
        FactType("enterprise.name", "名称", "Name", "text"),
    ]
)
AGENCIES = {"shaoxing-economy-it": "economy-it"}


def write_pack(root: Path, *, policy=None, offers=None, text: str = TEXT) -> Path:
    """The folder as a city pack has it; parts can be given otherwise."""
    folder = root / "policies" / KEY
    (folder / "offers").mkdir(parents=True, exist_ok=True)
    (folder / "policy.yaml").write_text(_yaml(POLICY | (policy or {})), encoding="utf-8")
    (folder / "text.md").write_text(text, encoding="utf-8")
    for offer in offers if offers is not None else [OFFER]:
        (folder / "offers" / f"{offer['key']}.yaml").write_text(_yaml(offer), encoding="utf-8")
    return root


def _yaml(content: object) -> str:
    """Days unquoted, as people write them."""
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return "\n".join(
        line.replace("'", "") if "_on:" in line or "_on: " in line else line for line in written.splitlines()
    )
