"""Clients that call mockocr, with short pauses."""

import pytest
from kyc import AsyncKycClient, KycClient

from mockocr import Account


@pytest.fixture
def client(mockocr: Account) -> KycClient:
    return KycClient(mockocr.secret_id, mockocr.secret_key, url=mockocr.url, pause=0.001)


@pytest.fixture
def async_client(mockocr: Account) -> AsyncKycClient:
    return AsyncKycClient(mockocr.secret_id, mockocr.secret_key, url=mockocr.url, pause=0.001)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
