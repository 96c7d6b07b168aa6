"""Who may look at budget lines, batches and recoveries; on real ones: tests/channels/desk/test_finance_pages.py."""

from tests.channels.matrix import EDITORS, NOTHING_THERE, SUPERVISORS, Row, order_number

# Who decides, pays or supervises; of the eight the last.
NO_SUCH_MONEY = (302, 403, 403, 403, 403, 403, 403, 404)
LINE = ["digital-economy", 2026]

FINANCE = (
    Row("desk:recovery-new", (302, 403, 403, 404, 404, 404, 404, 403), order_number),
    Row("desk:budgets", SUPERVISORS),
    Row("desk:budgets-export", SUPERVISORS),
    Row("desk:budget", SUPERVISORS, lambda _: LINE),
    Row("desk:budget-export", SUPERVISORS, lambda _: LINE),
    # Of the eight nobody pays.
    Row("desk:batch-make", EDITORS, lambda _: LINE, "post"),
    *(
        Row("desk:budget-change", EDITORS, lambda _, act=act: [*LINE, act], "post")
        for act in ("propose", "enter", "refuse", "next")
    ),
    Row("desk:without-line", SUPERVISORS),
    Row("desk:line-choose", NO_SUCH_MONEY, lambda _: ["SB0"], "post"),
    Row("desk:held-payments", SUPERVISORS),
    Row("desk:held-confirm", NO_SUCH_MONEY, lambda _: ["ZF0"], "post"),
    Row("desk:batches", SUPERVISORS),
    Row("desk:batches-export", SUPERVISORS),
    Row("desk:batch-export", NOTHING_THERE, lambda _: ["PC0"]),
    Row("desk:recoveries-export", SUPERVISORS),
    Row("desk:recoveries", SUPERVISORS),
    Row("desk:batch", NOTHING_THERE, lambda _: ["PC0"]),
    Row("desk:batch-file", NOTHING_THERE, lambda _: ["PC0"]),
    Row("desk:batch-answer", NOTHING_THERE, lambda _: ["PC0"], "post"),
    *(
        Row("desk:batch-step", NOTHING_THERE, lambda _, act=act: ["PC0", act], "post")
        for act in ("check", "approve", "release", "dissolve")
    ),
    Row("portal:recovery", (302, *(404,) * 7), lambda _: ["ZH0"]),
    Row("portal:recovery-paper", (302, *(404,) * 7), lambda _: ["ZH0"]),
    Row("desk:recovery-paper", NOTHING_THERE, lambda _: ["ZH0"]),
    Row("desk:recovery", NOTHING_THERE, lambda _: ["ZH0"]),
    *(
        Row("desk:recovery-step", NOTHING_THERE, lambda _, act=act: ["ZH0", act], "post")
        for act in ("confirm", "withdraw", "repay", "receipt", "offset", "report")
    ),
)
