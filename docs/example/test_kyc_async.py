"""The same client for asyncio."""

import asyncio

import pytest
from kyc import AsyncKycClient

from mockocr import Account

pytestmark = pytest.mark.anyio


async def test_both_sides_at_once(mockocr: Account, async_client: AsyncKycClient) -> None:
    front, back = await asyncio.gather(
        async_client.read_front(mockocr.card(Name="李明")),
        async_client.read_back(mockocr.card("back", Authority="赵县公安局")),
    )

    assert (front.name, back.authority) == ("李明", "赵县公安局")


async def test_a_failure_is_retried(mockocr: Account, async_client: AsyncKycClient) -> None:
    failing = mockocr.respond(error="InternalError", times=2)
    picture = mockocr.card(Name="李明")

    assert (await async_client.read_front(picture)).name == "李明"
    failing.assert_called(times=2)
