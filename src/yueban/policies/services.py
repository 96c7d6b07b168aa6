"""Writes of policies and offers."""

from yueban.policies.documents import ParameterRow as ParameterRow
from yueban.policies.documents import PolicyStandard as PolicyStandard
from yueban.policies.faults import Fault as Fault
from yueban.policies.places import Placed as Placed
from yueban.policies.places import place_words as place_words
from yueban.policies.places import take_quotes as take_quotes
from yueban.policies.soundness import faults_of as faults_of
from yueban.policies.standards import with_parameters as with_parameters
from yueban.policies.storing import OfferRow as OfferRow
from yueban.policies.storing import PolicyRow as PolicyRow
from yueban.policies.storing import store_policies as store_policies
