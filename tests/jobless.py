"""A registration of unemployment, whose one proof climbs the whole ladder: 终止、解除劳动关系证明."""

from tests import people
from tests.law.test_every_item_can_be_handed_in import filled
from yueban.cases.models import Application
from yueban.cases.selectors import MaterialStatus
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.flows import apply
from yueban.kernel.actor import Actor
from yueban.parties.models import Party

ITEM, PROOF, SOURCE, CONNECTOR = (
    "unemployment-registration",
    "end-of-work",
    "社会保险参保信息",
    "social-insurance-status",
)
ANSWERS = {"age": "yes", "state": "left_job", "job": "no"}
# Of whom the register says: conforms, 查无; and who is on the list of serious dishonesty.
WORKED, UNKNOWN, BARRED = "zhao", "wang", "sun"


def version() -> ItemVersion:
    """The item as 越城区 publishes it."""
    return catalogue.get_published(ITEM, "330602000000")


def person_of(actor: Actor) -> Party:
    """The person himself."""
    return Party.objects.get(pk=next(held.id for held in actor.parties if held.relation == "self"))


def draft(username: str = WORKED) -> Application:
    """A draft with its form filled; nothing is asked and nothing uploaded."""
    actor = people.actor(username)
    begun = apply.start(actor, version().pk, ANSWERS, person_of(actor).pk)
    facts = dict(catalogue.walk(begun.item_version.compiled, ANSWERS).facts)
    apply.save_draft(actor, begun.number, filled(begun.item_version.compiled, facts), begun.revision)
    return begun


def proof(username: str, number: str) -> MaterialStatus:
    """How the one proof stands now."""
    ready = apply.check(people.actor(username), number)
    return next(one for one in ready.materials if one.key == PROOF)
