"""Documents, and an embedder whose vectors follow from the characters: real arithmetic without a model."""

import zlib

import numpy as np

from yueban.assistant.index.documents import Document

TITLES = (
    (
        "id",
        "居民身份证补领",
        "身份证丢了 补办身份证",
        "居民身份证遗失后可以在户籍派出所申请补领，工本费四十元。",
    ),
    ("birth", "出生登记", "新生儿上户口", "婴儿出生后一个月内由父母申报户口，带出生医学证明。"),
    ("medical", "医疗费用手工报销", "医保报销", "在外地看病没有直接结算的，凭发票到医保窗口报销。"),
    ("fund", "住房公积金提取", "公积金取出来", "购买、租赁自住住房可以提取住房公积金，三个工作日到账。"),
    ("firm", "企业注销登记", "公司不开了", "清算结束后申请注销登记，不收费。"),
    ("pension", "养老金领取资格认证", "退休金认证", "领取养老金的人员每年认证一次，可以刷脸认证。"),
    (
        "id-first",
        "居民身份证首次申领",
        "第一次办身份证",
        "年满十六周岁的公民应当申请领取居民身份证，不收工本费。",
    ),
)


def documents() -> list[Document]:
    return [Document(*row, digest=row[0] * 2) for row in TITLES]


class Counted:
    """Vectors of hashed characters; remembers what it was asked."""

    width = 64

    def __init__(self, name: str = "counted") -> None:
        self.name, self.asked = name, []

    def queries(self, texts):
        return self._vectors(texts)

    def passages(self, texts):
        self.asked += texts
        return self._vectors(texts)

    def _vectors(self, texts):
        found = np.zeros((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            for character in text or " ":
                found[row, zlib.crc32(character.encode()) % self.width] += 1
        return found / np.linalg.norm(found, axis=1, keepdims=True)
