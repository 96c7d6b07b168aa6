"""The 授权委托书 of a mandate that was given: to be shown, printed and signed."""

from yueban.catalogue import selectors as catalogue
from yueban.documents.services import Slip, SlipKind, print_slip
from yueban.kernel import clock, masking
from yueban.parties import selectors as parties
from yueban.parties.choices import MandateKind, PartyKind, Power
from yueban.parties.models import Mandate


def sheet(mandate: Mandate) -> bytes:
    """The paper as PDF; the caller has checked that the reader may see it."""
    party = mandate.principal
    number = parties.id_number_of(party)
    is_person = party.kind == PartyKind.PERSON
    facts = [
        ("委托人", party.name),
        ("证件号码", masking.mask("id_number", number) if is_person else number),
        ("受托人", f"{mandate.agent_name}（{MandateKind(mandate.kind).label}）"),
        ("委托事项", "、".join(_names(mandate.items))),
        ("委托权限", "、".join(str(Power(power).label) for power in mandate.powers)),
        ("委托期限", f"{clock.written(mandate.starts_on)}至{clock.written(mandate.ends_on)}"),
        ("编号", mandate.number),
    ]
    if mandate.revoked_at is not None:
        facts.append(
            ("状态", f"已于{clock.written(mandate.revoked_at.astimezone(clock.BEIJING).date())}撤销")
        )
    return print_slip(
        SlipKind.MANDATE,
        Slip(
            title="授权委托书",
            agency=party.name,
            facts=tuple(facts),
            paragraphs=(
                "委托人授权受托人在上述期限内代为办理上述事项。受托人在权限内所作的行为，由委托人承担责任。",
                "委托人可以随时撤销本授权；撤销后受托人不能再办理。",
            ),
        ),
    )


def _names(keys: list[str]) -> list[str]:
    found = {row.item.key: row.name for row in catalogue.versions_in_force().filter(item__key__in=keys)}
    return [found.get(key, key) for key in keys]
