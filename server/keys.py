"""The server's own keys, made once: CURVE pair, TLS certificate, data key, camera key. Files 0600 in a folder 0700."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import zmq
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.secret_file import SecretExposed

CERTIFICATE_DAYS = 3650


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """What the server proves itself and locks its data with. Never logged: repr shows the public key only."""

    curve_public: bytes
    """Z85, 40 characters; desks pin it."""
    curve_secret: bytes = field(repr=False)
    data_key: bytes = field(repr=False)
    """32 bytes: AES-256-GCM of what personal data the ledger keeps."""
    camera_key: bytes = field(repr=False)
    tls_certificate: Path
    tls_key: Path


def ensure_keys(folder: Path, host: str = "") -> ServerKeys:
    """The keys in the folder, made where they were missing; raises SecretExposed where others can read them.

    `host`: the name or address that phones call, which the certificate must name; where it does not, it is made anew.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise SecretExposed(folder)
    _write_once(folder / "curve.secret", zmq.curve_keypair()[1])
    secret = _read(folder / "curve.secret")
    _write_once(folder / "curve.public", zmq.curve_public(secret))
    for name in ("data.key", "camera.key"):
        _write_once(folder / name, secrets.token_bytes(32))
    wanted = [_named(each) for each in ("localhost", "127.0.0.1", *_called(host))]
    if not (folder / "tls.crt").exists():
        _write_once(folder / "tls.crt", _certificate(folder, wanted))
    if not _names_all(folder / "tls.crt", wanted):
        _write_anew(folder / "tls.crt", _certificate(folder, wanted))
    return ServerKeys(
        curve_public=zmq.curve_public(secret),
        curve_secret=secret,
        data_key=_read(folder / "data.key"),
        camera_key=_read(folder / "camera.key"),
        tls_certificate=folder / "tls.crt",
        tls_key=_closed(folder / "tls.key"),
    )


def read_public_key(folder: Path) -> bytes:
    """The server's public CURVE key (Z85), for whoever sets up a desk."""
    return (folder / "curve.public").read_bytes()


def _called(host: str) -> tuple[str, ...]:
    """What phones call where the intake listens on a host: this machine's name where it listens everywhere."""
    if not host:
        return ()
    return (socket.gethostname(),) if host in ("0.0.0.0", "::") else (host.partition("%")[0],)


def _named(host: str) -> x509.GeneralName:
    """A host as a certificate names it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host if host.isascii() else host.encode("idna").decode())


def _names_all(path: Path, wanted: list[x509.GeneralName]) -> bool:
    """Whether the certificate in a file names all of them."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(wanted) <= set(names)


def _write_once(path: Path, content: bytes) -> None:
    """The file exists; an older one stays as it is, a half-written one never appears under this name."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write_anew(path: Path, content: bytes) -> None:
    """The file has this content, whatever it had before; whoever opens it meets one or the other."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.made")
    fresh.unlink(missing_ok=True)
    _write_once(fresh, content)
    fresh.replace(path)


def _read(path: Path) -> bytes:
    return _closed(path).read_bytes()


def _closed(path: Path) -> Path:
    """The path, if only its owner can read it."""
    if path.stat().st_mode & 0o077:
        raise SecretExposed(path)
    return path


def _certificate(folder: Path, names: list[x509.GeneralName]) -> bytes:
    """A self-made TLS certificate (PEM) for these names, ten years long, of the key in the folder."""
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_once(folder / "tls.key", made)
    key = serialization.load_pem_private_key(_read(folder / "tls.key"), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gridwarden")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)
