"""A passkey in software: registers itself for a user and answers challenges as a browser would."""

import hashlib
import json
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://testserver"
PRESENT_AND_VERIFIED = 0x05


class SoftPasskey:
    def __init__(self, user: Any, rp_id: str = "testserver") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.rp_id = os.urandom(32), rp_id
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        auth_data = AuthenticatorData.create(self._rp_hash(), 0x41, 0, data)
        attestation = AttestationObject.create("none", auth_data, {})
        client = self._client("webauthn.create", "AAAA", ORIGIN)
        credential = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(bytes(attestation)),
            },
        }
        data = {"name": "Phone", "credential": credential}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    def answer(self, options: dict[str, Any], *, origin: str = ORIGIN) -> str:
        """What passkey-sign.js posts for these options."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"], origin)
        auth_data = AuthenticatorData.create(self._rp_hash(), PRESENT_AND_VERIFIED, 1)
        signature = self.key.sign(bytes(auth_data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": websafe_encode(client),
                    "authenticatorData": websafe_encode(bytes(auth_data)),
                    "signature": websafe_encode(signature),
                },
            }
        )

    def _rp_hash(self) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest()

    @staticmethod
    def _client(kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()
