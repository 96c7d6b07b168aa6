"""The pages of those who keep the knowledge of consultation."""

from tests import people
from tests.browser.look import Look

KNOWLEDGE = (
    Look("desk:answers", "/desk/knowledge/?text=养", "一人写，另一人签发", people.EDITOR),
    Look(
        "desk:answer",
        "/desk/knowledge/answers/animal-epidemic-prevention-backyard/",
        "依据说的",
        people.EDITOR,
    ),
    Look("desk:answer-new", "/desk/knowledge/new", "存为草稿", people.EDITOR),
    Look("desk:answers-import", "/desk/knowledge/import", "表格怎么填", people.EDITOR),
    Look("desk:terms", "/desk/knowledge/terms/?text=社保", "加入词表", people.EDITOR),
    Look("desk:gaps", "/desk/knowledge/gaps/", "问得多的在前", people.EDITOR),
    Look("desk:feedback", "/desk/knowledge/feedback/", "24小时内要有人看", people.EDITOR),
    Look("desk:consultations", "/desk/knowledge/log/", "新的在前", people.EDITOR),
)
