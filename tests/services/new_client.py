"""Clients of new partners, made in a database while a service may run on it: quicker than the commands."""

import ssl
from contextlib import closing

import httpx

from kwartier.adapters.argon2.secret_hasher import Argon2SecretHasher
from kwartier.adapters.sql import schema
from kwartier.adapters.sql.client_store import SqlClientStore
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.partner_store import SqlPartnerStore
from kwartier.adapters.system.random_ids import RandomIds
from kwartier.adapters.system.system_clock import SystemClock
from kwartier.service.caller import Scope
from kwartier.service.create_client import ClientCreated, create_client
from kwartier.service.create_partner import PartnerCreated, create_partner

# Made once: to read the certificates of all authorities takes a client longer than all of its requests here.
CERTIFICATES = ssl.create_default_context()


def new_client(url: str, partner: str, scope: Scope = Scope.WRITE) -> ClientCreated:
    """The client; its id begins with the partner's. The database gets the newest schema where it has none yet."""
    with closing(Database(url)) as database:
        schema.upgrade(database)
        partners, clock, ids = SqlPartnerStore(database), SystemClock(), RandomIds()
        created = create_partner(partner, partners=partners, ids=ids, clock=clock)
        client = create_client(
            partner,
            scope,
            partners=partners,
            clients=SqlClientStore(database),
            ids=ids,
            hasher=Argon2SecretHasher(),
            clock=clock,
        )
    assert isinstance(created, PartnerCreated)
    assert isinstance(client, ClientCreated)
    return client


def logged_in(address: str, client: ClientCreated) -> httpx.Client:
    """A connection to the service at an address, with a token of the client."""
    answer = httpx.post(
        f"{address}/v1/identity/client-login",
        data={"grant_type": "client_credentials"},
        auth=(client.client_id, client.client_secret),
        timeout=20,
        verify=CERTIFICATES,
    )
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=address, headers=token, timeout=20, verify=CERTIFICATES)
