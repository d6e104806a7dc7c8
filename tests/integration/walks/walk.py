"""One object that goes through random specs, and what is looked at after each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aci_operator.kube.errors import Refused
from integration.crd_objects import MINIMAL
from integration.walks import hints, inner, oracle, sayings
from integration.walks.cards import AT_FIRST, Card
from integration.walks.generator import Generator
from integration.walks.scene import Scene
from integration.walks.tally import Tally
from integration.world import condition_of
from unit.crds.schemas import spec as spec_schema

SHORT = {
    "ResourceGroup": "rg",
    "UserAssignedIdentity": "id",
    "KeyVault": "kv",
    "KeyVaultSecret": "ks",
    "KeyVaultAccess": "ka",
    "RoleAssignment": "ra",
    "ContainerGroup": "cg",
}
Spec = dict[str, Any]
FIRST_TRIES = 60
EXTRA = 3
"""Steps more for a walk that still holds cards."""
MOST = 3
"""Cards in one spec: more of them would seldom go together."""


@dataclass
class Walk:
    """A walk of one kind; `seed`, kind and number decide all of it."""

    scene: Scene
    kind: str
    number: int
    seed: int
    tally: Tally
    steps: int
    hand: list[Card]
    """Values that it has still to meet."""
    good: Spec | None = None
    """The last spec that Azure has taken."""
    now: Spec = field(default_factory=dict)
    """The spec that the object has."""

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}/{self.kind}/{self.number}")
        self.generator = Generator(self.kind, self.random)
        self.token = token(self.kind, self.number, "a")
        self.left = self.steps
        self.deleted = 0
        self.tally.cards.update(f"{self.kind}: {card}" for card in self.hand)

    async def go(self) -> None:
        """Walk; what is wrong goes into the tally, and ends this walk."""
        before: Spec | None = None
        try:
            if not await self._begin():
                raise AssertionError("no first spec was accepted")
            for left in (*reversed(range(self.steps)), *[-1] * EXTRA):
                if left >= 0 or any(not card.at_first for card in self.hand):
                    before, self.left = self.good, abs(left)
                    await self._step()
            await self._end()
        except (AssertionError, TimeoutError) as fault:
            told = f"last good spec: {json.dumps(before)}\n  spec: {json.dumps(self.now)}"
            self.tally.wrong.append(f"{self.kind}/{self.number} ({self.token}): {fault}\n  {told}")

    async def _begin(self) -> bool:
        for attempt in range(FIRST_TRIES):
            spec = self.generator.spec()
            if attempt > 5 and self.kind == "ContainerGroup":  # too many fields exclude each other
                spec = {**MINIMAL[self.kind], "resourceGroupRef": {"name": "my-rg"}}
            spec = self._settled(self._with_cards(spec) if attempt < 9 else spec)
            if "azureName" in spec:
                spec["azureName"] = self.token
            self.tally.specs[self.kind] += 1
            state, writes = self._azure()
            try:
                generation = await self.scene.create(self.kind, self.token, spec)
            except Refused:
                self.tally.refused += 1
                continue
            self.now = spec
            await self._judge(spec, generation, state, writes)
            return True
        return False

    async def _step(self) -> None:
        spec = self.good or self._anew()
        if self.left % 2 == 0 or not self.hand:
            spec = self._with_cards(self.generator.change(spec))
        else:  # cards alone are taken more often
            spec = hints.easier(self.random, self.kind, self._with_cards(spec))
        spec = self._settled(spec)
        self.tally.specs[self.kind] += 1
        state, writes = self._azure()
        try:
            generation = await self.scene.replace(self.kind, self.token, spec)
        except Refused:
            self.tally.refused += 1
            assert self._azure() == (state, writes), "Azure has changed by a refused spec"
            return
        self.now = spec
        if not await self._judge(spec, generation, state, writes) and self.good is not None:
            await self._return(state, writes)

    def _anew(self) -> Spec:
        """Give another spec where Azure has taken none yet; of a group a small one."""
        schema = spec_schema(self.kind)
        new = MINIMAL[self.kind] if self.kind == "ContainerGroup" else self.generator.spec()
        fixed = [n for n, node in schema["properties"].items() if sayings.is_fixed(node)]
        kept = [*fixed, *AT_FIRST.get(self.kind, ()), *sayings.lasting(schema)]
        made = {n: v for n, v in new.items() if n not in kept}
        return made | {n: self.now[n] for n in kept if n in self.now}

    async def _judge(self, spec: Spec, generation: int, state: Any, writes: int) -> bool:
        """Say whether the spec was carried out; hold what was done to the oracle."""
        item = await self.scene.handled(self.kind, self.token, generation)
        ready = condition_of(item, "Ready")
        policy = spec.get("operator") or {}
        if ready["status"] != "True":
            stalled = bool(condition_of(item, "Stalled"))
            (self.tally.stalled if stalled else self.tally.waiting)[ready["reason"]] += 1
            assert self._azure() == (state, writes), f"Azure has changed under {ready}"
            assert not stalled or oracle.names_a_field(item), f"no field is named: {ready}"
            held_back = ready["reason"] == "RequiresReplacement" and inner.replaces(spec)
            began = (item["status"] or {}).get("placeholder")
            assert began or not held_back, f"not replaced, though it may be: {ready}"
            return False
        if policy.get("managementPolicy") == "ObserveOnly":
            self.tally.observed += 1
            assert self._azure() == (state, writes), "Azure has changed while only observed"
            return False
        self.tally.applied += 1
        if self.kind == "ContainerGroup":
            await self._hold_inner(spec, item)
        found = oracle.differences(self.scene, self.kind, self.token, spec)
        if policy.get("ignoreDrift"):
            found = {}
        assert not found, f"Ready, but Azure is not as the spec: {found}"
        lies = oracle.status_lies(self.scene, self.kind, self.token, item)
        assert not lies, f"Ready, but status is not as Azure: {lies}"
        self.good = spec
        words = self.scene.words(self.token)
        met = [card for card in self.hand if card.stands_in(spec, words)]
        self.tally.cards.difference_update({f"{self.kind}: {card}" for card in met})
        self.tally.met += len(met)
        self.hand = [card for card in self.hand if card not in met]
        return True

    async def _hold_inner(self, spec: Spec, item: dict[str, Any]) -> None:
        """Hold a group to what `spec.operator` says of its grants and of its deletion."""
        unlike = await inner.grants_unlike(self.scene, self.token, spec)
        assert not unlike, f"Ready, but the grants inside are not as the spec: {unlike}"
        before, self.deleted = self.deleted, self.scene.ledger.deletes(self.token)
        anew = self.deleted > before
        assert not anew or inner.replaces(spec), "deleted without update: Replace"

    async def _return(self, state: Any, writes: int) -> None:
        """Go back to the last good spec: as before, and nothing is written for it."""
        assert self.good is not None
        self.tally.returns += 1
        bad, self.now = self.now, {**lasting(self.kind, self.now), **self.good}
        self.good = self.now
        try:
            generation = await self.scene.replace(self.kind, self.token, self.now)
        except Refused as error:
            raise AssertionError(f"no way back from {json.dumps(bad)}: {error}") from None
        item = await self.scene.handled(self.kind, self.token, generation)
        ready = condition_of(item, "Ready")
        assert ready["status"] == "True", f"not Ready after the return: {ready}"
        if "enablePurgeProtection" not in lasting(self.kind, bad):  # which acts, and lasts
            assert self._azure() == (state, writes), f"not as before {json.dumps(bad)}"

    async def _end(self) -> None:
        """Compare with a fresh object of the last good spec."""
        if self.good is None:
            return
        spec = _plain(self.good)
        self.now, twin = spec, token(self.kind, self.number, "b")
        generation = await self.scene.replace(self.kind, self.token, spec)
        await self._judge(spec, generation, *self._azure())
        fresh = self._renamed(spec, twin)
        generation = await self.scene.create(self.kind, twin, fresh)
        item = await self.scene.handled(self.kind, twin, generation)
        ready = condition_of(item, "Ready")
        assert ready["status"] == "True", f"the fresh object is not Ready: {ready}"
        unlike = oracle.alike(self.scene, self.token, twin)
        assert not unlike, f"a fresh object ends otherwise: {unlike}"
        self.tally.fresh += 1

    def _renamed(self, spec: Spec, twin: str) -> Spec:
        """Give the spec with all that is the walk's own replaced by what is the twin's."""
        own, other = self.scene.words(self.token), self.scene.words(twin)
        told = json.dumps(spec)
        for word in ("token", "vault", "oid"):
            told = told.replace(own[word], other[word])
        made: Spec = json.loads(told)
        if self.kind == "RoleAssignment" and "principalId" in made["principal"]:
            made["principal"]["principalId"] = other["oid"]  # the walk's may be anybody's
        return made

    def _with_cards(self, spec: Spec) -> Spec:
        """Put the next cards into a spec; each goes to the end of the hand, until it is met."""
        new = not self.now
        fit = [card for card in self.hand if new or not card.at_first]
        many = -(-len(fit) // (self.left + 1))
        fit.sort(key=lambda card: not card.at_first)
        for card in fit[: max(min(many, MOST), sum(card.at_first for card in fit))]:
            self.hand.remove(card)
            self.hand.append(card)
            spec = self.generator.planted(spec, card)
        return spec

    def _settled(self, spec: Spec) -> Spec:
        made: Spec = hints.settled(spec, self.scene.words(self.token))
        return made

    def _azure(self) -> tuple[Any, int]:
        ledger = self.scene.ledger
        return ledger.own_state(self.token), ledger.writes(self.token)


def token(kind: str, number: int, which: str) -> str:
    """Give the name of a walk's object, which is no part of any other name or ID."""
    return f"{SHORT[kind]}x{number:02}x{which}"


def lasting(kind: str, spec: Spec) -> Spec:
    """Give what of a spec cannot be taken away again."""
    return {n: spec[n] for n in sayings.lasting(spec_schema(kind)) if n in spec}


def _plain(spec: Spec) -> Spec:
    """Take out what lets Azure be other than the spec."""
    policy = {n: v for n, v in (spec.get("operator") or {}).items() if n != "ignoreDrift"}
    return {**spec, "operator": policy}
