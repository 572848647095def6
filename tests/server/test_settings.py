"""Settings and keys are made once, kept to oneself, and refused where others could read them."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from server.keys import ensure_keys, read_public_key
from server.secret_file import SecretExposed
from server.settings import Settings


def test_settings_are_read_as_they_were_written_and_by_nobody_else(tmp_path: Path) -> None:
    chosen = Settings.choose(tmp_path, pace=4.0)
    chosen.write()
    file = tmp_path / "settings.toml"
    assert Settings.read(tmp_path) == chosen
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(SecretExposed):
        Settings.read(tmp_path)


def test_everything_is_on_loopback_on_ports_of_its_own(tmp_path: Path) -> None:
    chosen = Settings.choose(tmp_path)
    endpoints = [chosen.desk_endpoint, chosen.feed_endpoint, chosen.lane_endpoint, chosen.bulk_endpoint]
    endpoints += [chosen.intake_pull_endpoint, chosen.rtsp_base, f"x://{chosen.intake_http_host}:{chosen.intake_http_port}"]
    assert all("://127.0.0.1:" in each for each in endpoints)
    assert len({each.rpartition(":")[2] for each in endpoints}) == len(endpoints)


def test_what_somebody_set_is_kept_and_only_a_taken_port_is_chosen_anew(tmp_path: Path) -> None:
    assert Settings.again(tmp_path).intake_http_host == "127.0.0.1"
    kept = replace(Settings.choose(tmp_path), session_hours=3.0, intake_http_host="127.0.0.2")
    kept.write()
    assert Settings.again(tmp_path) == kept
    port = int(kept.feed_endpoint.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        again = Settings.again(tmp_path)
    assert again.feed_endpoint != kept.feed_endpoint
    assert replace(again, feed_endpoint=kept.feed_endpoint) == kept


@pytest.mark.parametrize(
    ("line", "named"), [("colour = 1", "colour"), ('pace = "fast"', "pace"), ("intake_http_port = 1.5", "intake_http_port")]
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, named: str) -> None:
    Settings.choose(tmp_path).write()
    file = tmp_path / "settings.toml"
    kept = [each for each in file.read_text().splitlines() if not each.startswith(named)]
    file.write_text("\n".join([*kept, line]))
    with pytest.raises(ValueError, match=named):
        Settings.read(tmp_path)


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    Settings.choose(tmp_path).write()
    file = tmp_path / "settings.toml"
    file.write_text("\n".join(each for each in file.read_text().splitlines() if not each.startswith("desk_endpoint")))
    with pytest.raises(ValueError, match="desk_endpoint"):
        Settings.read(tmp_path)


def test_keys_are_made_once_and_fit_together(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path / "keys")
    assert ensure_keys(tmp_path / "keys") == keys
    assert read_public_key(tmp_path / "keys") == keys.curve_public
    assert {len(keys.data_key), len(keys.camera_key)} == {32}
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(keys.tls_certificate, keys.tls_key)
    for word in (keys.curve_secret, keys.data_key, keys.camera_key):
        assert repr(word) not in repr(keys)


def test_the_certificate_names_the_host_phones_call_and_is_made_anew_when_that_changes(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key = ensure_keys(folder).tls_key.read_bytes()
    names = []
    for host in ("", "127.0.0.1", "192.0.2.7", "192.0.2.7", "intake.example", "2001:db8::7", "杭州.example", "0.0.0.0"):
        made = ensure_keys(folder, host).tls_certificate.read_bytes()
        named = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names.append({str(each.value) for each in named} - {"localhost", "127.0.0.1"})
        assert ensure_keys(folder).tls_certificate.read_bytes() == made, "who does not listen leaves it as it is"
    others = [{"192.0.2.7"}, {"192.0.2.7"}, {"intake.example"}, {"2001:db8::7"}, {"xn--6rtr6s.example"}, {socket.gethostname()}]
    assert names[:2] == [set(), set()]
    assert names[2:] == others
    keys = ensure_keys(folder)
    assert keys.tls_key.read_bytes() == key
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(keys.tls_certificate, keys.tls_key)
    assert not [path for path in folder.iterdir() if path.suffix in (".new", ".made")]


@pytest.mark.parametrize("name", ["", "curve.secret", "data.key", "camera.key", "tls.key"])
def test_keys_that_others_can_read_are_not_used(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "keys"
    ensure_keys(folder)
    (folder / name).chmod(0o750 if not name else 0o640)
    with pytest.raises(SecretExposed):
        ensure_keys(folder)
