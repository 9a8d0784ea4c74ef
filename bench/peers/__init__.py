"""Other mock servers, installed as users install them and configured to give one answer."""

from collections.abc import Sequence

from bench.peers import (
    json_server,
    mockoon,
    moto,
    mountebank,
    prism,
    pytest_httpserver,
    wiremock,
)
from bench.peers.peer import Peer

PEERS: Sequence[Peer] = (
    json_server.PEER,
    mountebank.PEER,
    prism.PEER,
    pytest_httpserver.PEER,
    wiremock.PEER,
    mockoon.PEER,
    moto.PEER,
)
