"""Gateways behind TLS, with certificates that are good or bad in one respect."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """Somebody whose certificates the site believes, once it is told of `file`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key, self._made = ec.generate_private_key(ec.SECP256R1()), 0
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self._certificate = self._signed(self._name, self._key, None, 0)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str = "127.0.0.1", days: int = 1, by_itself: bool = False) -> Path:
        """A file with a key and its certificate for `host`, good for `days` more; less than 0: expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._signed(name, key, host, days, by_itself)
        self._made += 1
        place = self.folder / f"server-{self._made}.pem"
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        place.write_bytes(key.private_bytes(*form) + certificate.public_bytes(serialization.Encoding.PEM))
        return place

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, host: str | None, days: int, by_itself: bool = False
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        until = now + DAY * (days or 10)
        building = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name if by_itself else self._name)
            .public_key(key.public_key())
        )
        building = building.serial_number(x509.random_serial_number())
        building = building.not_valid_before(until - 30 * DAY).not_valid_after(until)
        building = building.add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        if host:
            try:
                place: x509.GeneralName = x509.IPAddress(ip_address(host))
            except ValueError:
                place = x509.DNSName(host)
            building = building.add_extension(x509.SubjectAlternativeName([place]), critical=False)
        return building.sign(key if by_itself else self._key, hashes.SHA256())


@dataclass
class Behind:
    """A gateway behind TLS and every byte of a request that reached it."""

    url: str
    heard: list[bytes] = field(default_factory=list)


@contextmanager
def behind_tls(certificate: Path, answer: bytes, *, oldest: bool = False) -> Iterator[Behind]:
    """Answer whoever shakes hands. `oldest` speaks no version of TLS later than 1.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if oldest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    door = socket.create_server(("127.0.0.1", 0))
    there = Behind(f"https://127.0.0.1:{door.getsockname()[1]}")
    threading.Thread(target=_serve, args=(door, context, there, answer), daemon=True).start()
    yield there
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def _serve(door: socket.socket, context: ssl.SSLContext, there: Behind, answer: bytes) -> None:
    while True:
        try:
            plug, _ = door.accept()
        except OSError:
            return
        try:
            plug.settimeout(10)
            with context.wrap_socket(plug, server_side=True) as talk:
                there.heard.append(talk.recv(2**16))
                talk.sendall(answer)
        except OSError:
            plug.close()
