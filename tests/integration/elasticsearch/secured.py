"""A node with TLS and users: certificates and the password's hash are made here, without its tools
(each of which starts a JVM)."""

import base64
import hashlib
import ipaddress
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from elasticsearch import Elasticsearch

from tests.integration.elasticsearch.server import ALONE, node

ROLES = Path(__file__).parents[3] / "deploy/elasticsearch/roles"
USER, PASSWORD = "keeper", "only for tests"
SECURE = ALONE | {
    "xpack.security.enabled": "true",
    "xpack.security.http.ssl.enabled": "true",
    "xpack.security.http.ssl.key": "http.key",
    "xpack.security.http.ssl.certificate": "http.crt",
}


class SecuredNode:
    """`ca_file` and `fingerprint` are what a client trusts; `admin` may do everything."""

    def __init__(self, **more: Any) -> None:
        self.node = node(SECURE, scheme="https", name="secured", **more)
        config = self.node.folder / "config"
        self.ca_file = self.node.folder / "ca.pem"
        self.fingerprint = certificates(config, self.ca_file)
        (config / "users").write_text(f"{USER}:{hashed(PASSWORD)}\n")
        (config / "users_roles").write_text(f"superuser:{USER}\n")
        self.node.start()
        self.admin = Elasticsearch(
            self.url, basic_auth=(USER, PASSWORD), ca_certs=str(self.ca_file), request_timeout=60
        )

    @property
    def url(self) -> str:
        return self.node.url

    def key_for(self, *roles: str) -> str:
        """An API key with no more than what the documented roles allow."""
        described = {role: role_of(role) for role in roles}
        made = self.admin.security.create_api_key(name=roles[0], role_descriptors=described)
        key: str = made["encoded"]
        return key


def role_of(name: str) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((ROLES / f"{name}.json").read_text())
    return described


def hashed(password: str) -> str:
    """As the file realm's PBKDF2 hasher writes it."""
    salt = os.urandom(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def certificates(config: Path, ca_file: Path) -> str:
    """A certificate authority, and a certificate for 127.0.0.1 whose SHA-256 is returned."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    ca = _signed(ca_name, ca_name, ca_key.public_key(), ca_key, authority=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    own = _signed(name, ca_name, key.public_key(), ca_key, authority=False)
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(ca.public_bytes(pem))
    (config / "http.crt").write_bytes(own.public_bytes(pem) + ca.public_bytes(pem))
    (config / "http.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return own.fingerprint(hashes.SHA256()).hex()


def _signed(
    subject: x509.Name, issuer: x509.Name, public: Any, signer: Any, *, authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(address, critical=False)
    return builder.sign(signer, hashes.SHA256())
