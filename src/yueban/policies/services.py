"""Writes of policies and offers."""

from yueban.policies.conflicts import conflicts_of as conflicts_of
from yueban.policies.documents import ParameterRow as ParameterRow
from yueban.policies.documents import PolicyStandard as PolicyStandard
from yueban.policies.faults import Fault as Fault
from yueban.policies.offer_from_draft import offer_of as offer_of
from yueban.policies.places import Placed as Placed
from yueban.policies.places import place_words as place_words
from yueban.policies.places import take_quotes as take_quotes
from yueban.policies.signing import answer_gate as answer_gate
from yueban.policies.signing import begin_offer as begin_offer
from yueban.policies.signing import begin_version as begin_version
from yueban.policies.signing import draft_faults as draft_faults
from yueban.policies.signing import import_policy as import_policy
from yueban.policies.signing import return_offer as return_offer
from yueban.policies.signing import sign_offer as sign_offer
from yueban.policies.signing import submit_offer as submit_offer
from yueban.policies.signing import withdraw_offer as withdraw_offer
from yueban.policies.signing import write_offer as write_offer
from yueban.policies.soundness import faults_of as faults_of
from yueban.policies.standards import with_parameters as with_parameters
from yueban.policies.storing import OfferRow as OfferRow
from yueban.policies.storing import PolicyRow as PolicyRow
from yueban.policies.storing import store_policies as store_policies
