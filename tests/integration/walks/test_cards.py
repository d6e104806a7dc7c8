"""What the walks hold to Azure, and what their cards are."""

from __future__ import annotations

import pytest

from integration.walks.cards import dealt
from integration.walks.forms import OUR_OWN, PROJECTED, UNJUDGED
from unit.crds.schemas import AZURE_KINDS, spec


@pytest.mark.parametrize("kind", AZURE_KINDS)
def test_every_field_of_a_spec_is_held_to_azure_or_named_among_those_that_are_not(
    kind: str,
) -> None:
    judged = {field.partition(".")[0] for field in PROJECTED[kind]}
    named = judged | set(OUR_OWN) | set(UNJUDGED.get(kind, ()))
    assert set(spec(kind)["properties"]) - named == set()


def test_every_walk_has_cards_of_its_own_and_together_they_have_all() -> None:
    hands = [[str(card) for card in dealt("KeyVault", 7, number, 3)] for number in range(3)]
    (whole,) = [dealt("KeyVault", 7, 0, 1)]
    told = sorted(card for hand in hands for card in hand)
    assert (told, sorted(set(told))) == (sorted(map(str, whole)), told)


def test_a_card_stands_in_a_spec_that_has_its_value() -> None:
    cards = {str(card): card for card in dealt("KeyVault", 7, 0, 1)}
    card = cards["networkAcls.bypass=None"]
    specs: list[dict[str, object]] = [{"networkAcls": {"bypass": "None"}}, {"networkAcls": {}}, {}]
    assert [card.stands_in(each) for each in specs] == [True, False, False]
