"""What ./run decides before anything runs: which processes, on which data, and when it refuses."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.settings import PROJECT, Settings, load
from scripts import serve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"DATA_DIR": str(tmp_path)})


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The flask commands that would have been run."""
    done: list[str] = []
    monkeypatch.setattr(serve, "run_step", lambda words, command: done.append(" ".join(command[len(serve.FLASK) :])))
    return done


def test_the_bundled_queue_starts_first_and_so_ends_last(settings):
    assert [child.name for child in serve.children(settings, {})] == ["queue", "worker", "tick", "web"]


@pytest.mark.parametrize("name", ["REDIS_URL", "REDIS_URL_FILE"])
def test_a_queue_of_ones_own_is_used_instead(settings, name):
    names = [child.name for child in serve.children(settings, {name: "anything"})]
    assert names == ["worker", "tick", "web"]


def test_the_web_server_speaks_tls_when_it_has_a_certificate(tmp_path):
    plain = serve.web_command(load({"DATA_DIR": str(tmp_path)}))
    assert "--ssl-certificate" not in plain
    given = {"DATA_DIR": str(tmp_path), "BIND": "[::]:443", "PUBLIC_URL": "https://a.example"}
    command = serve.web_command(load(given | {"TLS_CERT": __file__, "TLS_KEY": __file__}))
    assert command[command.index("--ssl-certificate") + 1] == __file__
    assert command[command.index("--host") + 1] == "::"


def test_only_the_first_start_loads_demo_data(settings, steps):
    serve.prepare_data(settings, empty=False)
    serve.prepare_data(settings, empty=False)
    assert steps == ["db upgrade", "demo", "db upgrade"]


def test_a_start_without_demo_data_stays_without(settings, steps):
    serve.prepare_data(settings, empty=True)
    serve.prepare_data(settings, empty=False)
    assert steps == ["db upgrade", "db upgrade"]


def test_demo_data_that_failed_to_load_is_loaded_at_the_next_start(settings, steps, monkeypatch):
    def fail(words: str, command: list[str]) -> None:
        if command[-1] == "demo":
            raise serve.CannotStart("it failed")

    with monkeypatch.context() as patch:
        patch.setattr(serve, "run_step", fail)
        with pytest.raises(serve.CannotStart):
            serve.prepare_data(settings, empty=False)
    serve.prepare_data(settings, empty=False)
    assert steps == ["db upgrade", "demo"]


def test_demo_data_is_never_mixed_with_real_use(settings, steps):
    serve.prepare_data(settings, empty=False)
    with pytest.raises(serve.CannotStart, match="demo data"):
        serve.prepare_data(settings, empty=True)


def test_demo_data_is_never_served_beyond_this_machine(tmp_path, steps):
    given = {"DATA_DIR": str(tmp_path), "BIND": "192.0.2.7:80", "TRUSTED_PROXIES": "192.0.2.1"}
    with pytest.raises(serve.CannotStart, match="--empty"):
        serve.prepare_data(load(given), empty=False)
    serve.prepare_data(load(given), empty=True)
    assert steps == ["db upgrade"]


def test_a_second_copy_is_refused_and_told_where_the_first_one_is(settings):
    refused = pytest.raises(serve.CannotStart, match=f"process {os.getpid()}")
    with serve.only_copy(settings.data_dir), refused, serve.only_copy(settings.data_dir):
        pass
    with serve.only_copy(settings.data_dir):
        pass


def test_an_address_in_use_is_named_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(serve.CannotStart, match=bind):
            serve.check_address(load({"DATA_DIR": str(tmp_path), "BIND": bind}))


def test_wrong_settings_end_the_start_with_all_reasons_and_no_traceback(tmp_path):
    environ = os.environ | {"DATA_DIR": str(tmp_path), "BIND": "nowhere", "LOG_LEVEL": "chatty"}
    command = [sys.executable, "-m", "scripts.serve"]
    done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "- BIND must" in done.stderr and "- LOG_LEVEL must" in done.stderr
    assert "Traceback" not in done.stderr
