"""A passkey made of software: what a browser would send, signed by a key that a test holds."""

import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User

HOST = "testserver"
PRESENT_AND_PROVED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """A key pair, and the name that the site knows it by."""

    def __init__(self, name: bytes | None = None) -> None:
        self.name = name or secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def added_to(self, user: User) -> "Passkey":
        """As after it was added in a browser."""
        public = AttestedCredentialData.create(
            b"\0" * 16, self.name, ES256.from_cryptography_key(self._key.public_key())
        )
        flags = PRESENT_AND_PROVED | AuthenticatorData.FLAG.AT
        told = AuthenticatorData.create(sha256(HOST.encode()), flags, 0, public)
        response = {"attestationObject": websafe_encode(AttestationObject.create("none", told, {}))}
        response["clientDataJSON"] = websafe_encode(self._said("webauthn.create", "AAAA"))
        credential = self._named(response)
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "credential": credential})
        return self

    def answer(self, client: Client) -> dict[str, Any]:
        """What it says to the question that the site has asked this browser last."""
        said = self._said("webauthn.get", client.session["mfa.webauthn.state"]["challenge"])
        told = AuthenticatorData.create(sha256(HOST.encode()), PRESENT_AND_PROVED, 1)
        signature = self._key.sign(told + sha256(said), ec.ECDSA(hashes.SHA256()))
        words = {"clientDataJSON": said, "authenticatorData": told, "signature": signature}
        return self._named({name: websafe_encode(value) for name, value in words.items()})

    def _said(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=f"http://{HOST}")

    def _named(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.name)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
