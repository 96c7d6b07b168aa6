"""A policy that is imported, an offer drafted from its clause, submitted, examined: the way to a signature."""

from datetime import date

from tests import people
from tests.policies.pack import TEXT
from yueban.flows import sign_policy
from yueban.policies.choices import GateKind
from yueban.policies.documents import PolicyStandard

DRAFTER, SIGNER, FAIR, LEGAL = "policy-ding", "policy-gong", "policy-shi", "policy-lu"
OFFICE = "shaoxing-economy-it"
ANSWERS = [{"key": key, "text": text, "answer": "yes"} for key, text in sign_policy.NEGATIVE_LIST]


def imported(key="test-manufacturing", text=TEXT):
    standard = PolicyStandard(
        key=key,
        title="测试用制造业政策",
        issuers=("绍兴市经济和信息化局",),
        level="municipal",
        division="330600000000",
        effective_on=date(2026, 1, 1),
        source="测试",
    )
    return sign_policy.import_policy(
        people.actor(DRAFTER), standard, text, agency=OFFICE, is_machine_read=False
    )


def drafted():
    version = imported()
    place = TEXT.index("当年数字化投入")
    (draft,) = sign_policy.draft_clause(people.actor(DRAFTER), version, place)
    return draft


def written(draft, **changes):
    """As the editor leaves it: what the reader did not know is filled in."""
    benefit = {
        "key": "share",
        "label": "数字化投入",
        "gives": {"kind": "ratio", "rate": "0.3", "of": "enterprise.digital_investment"},
        "cap": "1000000",
    }
    whole = draft.definition | {"benefits": [benefit], "unresolved": []} | changes
    return sign_policy.write_offer(people.actor(DRAFTER), draft.pk, whole, draft.revision)


def submitted():
    draft = written(drafted())
    return sign_policy.submit_offer(people.actor(DRAFTER), draft.pk, draft.revision)


def pass_gates(version):
    for user, kind in ((FAIR, GateKind.FAIR_COMPETITION), (LEGAL, GateKind.LEGALITY)):
        sign_policy.answer_gate(
            people.actor(user), version.pk, kind, outcome="passed", answers=ANSWERS, opinion="同意"
        )
