"""Request limits: 429 with Retry-After, by address and by conversation."""

import dataclasses

import pytest

from assistant.gateway.limits import Limiter, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_burst_is_allowed_then_it_waits_exactly_as_long_as_told(clock):
    limiter, rate = Limiter(clock=clock), Rate(3, 60)
    assert [limiter.wait("say", "me", rate) for _ in range(4)] == [0, 0, 0, 20]
    clock.now = 19.9
    assert limiter.wait("say", "me", rate) == 1
    clock.now = 20.1
    assert limiter.wait("say", "me", rate) == 0


def test_scopes_and_callers_are_apart(clock):
    limiter, rate = Limiter(clock=clock), Rate(1, 60)
    assert limiter.wait("say", "me", rate) == 0
    assert limiter.wait("say", "you", rate) == 0
    assert limiter.wait("start", "me", rate) == 0
    assert limiter.wait("say", "me", rate) > 0


def test_memory_is_bounded_and_holds_no_address(clock):
    limiter, rate = Limiter(clock=clock), Rate(1, 60)
    for number in range(10_001):
        limiter.wait("say", f"10.0.0.{number}", rate)
        clock.now += 1
    assert len(limiter._buckets) < 200
    assert not any(b"10.0.0" in name for name in limiter._buckets)


@pytest.mark.parametrize(
    ("limit", "calls"),
    [("limit_conversations_per_hour", 3), ("limit_client_per_minute", 5)],
)
async def test_too_many_from_one_address(open_gateway, settings, limit, calls):
    strict = dataclasses.replace(settings, rate_limit=True, **{limit: calls})
    async with open_gateway(strict) as gateway:
        codes = [(await gateway.client.post("/api/v1/conversations")).status_code for _ in range(calls + 1)]
        assert codes == [201] * calls + [429]
        refused = await gateway.client.post("/api/v1/conversations")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"


async def test_too_many_in_one_conversation(open_gateway, settings):
    strict = dataclasses.replace(settings, rate_limit=True, limit_conversation_per_minute=2)
    async with open_gateway(strict) as gateway:
        chat, other = await gateway.start(), await gateway.start()
        codes = [(await chat.post(text="hello")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert (await other.post(text="hello")).status_code == 200


async def test_the_switch_turns_limits_off(open_gateway, settings):
    off = dataclasses.replace(settings, rate_limit=False, limit_conversations_per_hour=1)
    async with open_gateway(off) as gateway:
        assert [(await gateway.client.post("/api/v1/conversations")).status_code for _ in range(3)] == [201] * 3
