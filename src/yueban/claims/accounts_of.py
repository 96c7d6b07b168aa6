"""收款账户: an account in the enterprise's own name, kept sealed; a changed one rests for a day."""

from datetime import datetime, timedelta

from yueban.claims.errors import ClaimInvalid
from yueban.kernel import clock
from yueban.parties.models import Party

LONGEST, SHORTEST = 34, 8
COOLING = timedelta(hours=24)


def checked_account(account: str, holder: str, party: Party) -> str:
    """The number as banks take it, when the account is in the enterprise's name; raises ClaimInvalid by field."""
    wrong: dict[str, str] = {}
    number = "".join(account.split())
    if not (SHORTEST <= len(number) <= LONGEST and number.isascii() and number.isalnum()):
        wrong["account"] = "银行账号应是8到34位数字，请对照开户许可证或网银核对。"
    if "".join(holder.split()) != "".join(party.name.split()):
        wrong["holder"] = f"账户名称要和企业名称一致（{party.name}），资金只拨付到企业自己的对公账户。"
    if wrong:
        raise ClaimInvalid.of_fields(wrong)
    return number


def is_cooling(changed_at: datetime | None) -> bool:
    """Whether a changed account still rests."""
    return changed_at is not None and clock.now() < changed_at + COOLING
