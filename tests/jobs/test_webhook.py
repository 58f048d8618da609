import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jobs import webhook
from jobs.webhook import NotTaken, post, signature

SECRET = "s" * 32


class Receiver(BaseHTTPRequestHandler):
    """Takes events; the server's `behave(handler)` answers them."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.taken.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.server.behave(self)

    def log_message(self, *words):
        """Stay quiet."""


@contextmanager
def receiver(behave):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.taken, server.behave, server.daemon_threads = [], behave, True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def answer(status, **headers):
    def behave(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


def send(url, body=b'{"text": "\xe5\xb7\xb2"}'):
    post(url, SECRET, "event-7", body, at=1_700_000_000)


def test_the_receiver_can_check_who_sent_it_and_know_a_repeat():
    with receiver(answer(204)) as (server, url):
        send(f"{url}/sms?to=1")
    [(path, headers, body)] = server.taken
    assert path == "/sms?to=1"
    assert json.loads(body) == {"text": "已"}
    assert headers["Aftercare-Event"] == "event-7"
    assert headers["Aftercare-Signature"] == f"t=1700000000,v1={signature(SECRET, 1_700_000_000, body)}"
    assert signature(SECRET, 1_700_000_001, body) != signature(SECRET, 1_700_000_000, body)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500])
def test_only_a_2xx_is_a_yes_and_no_redirect_is_followed(status):
    with receiver(answer(204)) as (other, elsewhere), receiver(answer(status, Location=elsewhere)) as (_, url):
        with pytest.raises(NotTaken, match=str(status)):
            send(url)
        assert other.taken == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.1", "100.64.0.1"]
)
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("93.184.216.34", address))
    with pytest.raises(NotTaken, match="private address"):
        send("http://hook.example/")


def test_the_address_that_was_checked_is_the_one_that_is_used(monkeypatch):
    with receiver(answer(204)) as (server, _):
        monkeypatch.setattr(webhook, "_address", lambda target: "127.0.0.1")
        send(f"http://a-name-nobody-knows.example:{server.server_port}/x")
    [(_, headers, _)] = server.taken
    assert headers["Host"] == f"a-name-nobody-knows.example:{server.server_port}"


def test_a_name_is_asked_for_once(monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def resolve(host, *rest, **more):
        asked.append(host)
        return _resolving("93.184.216.34")(host) if host == "hook.example" else real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", _refuse)
    with pytest.raises(ConnectionRefusedError, match=r"93\.184\.216\.34"):
        send("http://hook.example/")
    assert asked == ["hook.example"]


def test_a_receiver_that_hangs_is_left_after_five_seconds(monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.5)
    with receiver(lambda handler: time.sleep(3)) as (_, url):
        begun = time.monotonic()
        with pytest.raises((OSError, NotTaken)):
            send(url)
        assert time.monotonic() - begun < 2


def test_a_receiver_that_drips_is_left_after_five_seconds(monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.5)

    def drip(handler):
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100:
            handler.wfile.write(bytes([letter]))
            time.sleep(0.1)

    with receiver(drip) as (_, url):
        begun = time.monotonic()
        with pytest.raises((OSError, NotTaken)):
            send(url)
        assert time.monotonic() - begun < 2


def test_an_answer_that_is_no_http_is_a_refusal():
    babble = receiver(lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"))
    with babble as (_, url), pytest.raises(NotTaken, match="properly"):
        send(url)


def test_an_event_that_is_too_large_is_not_sent():
    with pytest.raises(NotTaken, match="bytes"):
        send("http://127.0.0.1:1/", b"x" * (webhook.MAX_BYTES + 1))


class TestEncryption:
    @pytest.fixture
    def certificate(self, tmp_path):
        """A certificate for hook.example that only itself vouches for; a PEM file with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example")])
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "hook.pem"
        kept = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(kept + made.public_bytes(Encoding.PEM))
        return file

    @pytest.fixture
    def port(self, certificate, monkeypatch):
        """The port of an encrypted receiver at the address that every name leads to."""
        with receiver(answer(204)) as (server, _):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            monkeypatch.setattr(webhook, "_address", lambda target: "127.0.0.1")
            yield server.server_port

    def test_a_certificate_nobody_vouches_for_is_refused(self, port):
        with pytest.raises(ssl.SSLCertVerificationError):
            send(f"https://hook.example:{port}/")

    def test_a_certificate_is_held_against_the_name(self, port, certificate, monkeypatch):
        trusting = partial(ssl.create_default_context, cafile=certificate)
        monkeypatch.setattr(ssl, "create_default_context", trusting)
        send(f"https://hook.example:{port}/")
        with pytest.raises(ssl.SSLCertVerificationError, match=r"other\.example"):
            send(f"https://other.example:{port}/")


def _resolving(*addresses):
    return lambda *_, **__: [(None, None, None, "", (address, 80)) for address in addresses]


def _refuse(where, *rest, **more):
    raise ConnectionRefusedError(str(where))
