"""Settings: sources, refusals, and the table in the docs."""

from pathlib import Path

import pytest

from stream.config import Config, is_loopback, load
from stream.errors import ConfigError
from stream.operations_docs import DOCS, page

TOKEN = "0123456789abcdef"


def test_safe_by_default() -> None:
    """Only this machine can connect, and nothing is listed as allowed."""
    config = load(environ={})
    assert config == Config()
    assert config.loopback
    assert config.allowed_origins == ()


def test_later_sources_win(tmp_path: Path) -> None:
    """File, then environment, then flags; a flag that is None was not given."""
    file = tmp_path / "settings.toml"
    file.write_text('max_sessions = 3\nport = 1\nresume_s = 7\nallowed_origins = ["https://a"]\n')
    environ = {"LIVEGROUND_PORT": "2", "LIVEGROUND_RESUME_S": "8.5", "LIVEGROUND_OTHER": "x"}
    config = load(file, environ, port=3, host=None)
    assert (config.max_sessions, config.port, config.resume_s) == (3, 3, 8.5)
    assert config.allowed_origins == ("https://a",)
    assert load(None, {"LIVEGROUND_CONFIG": str(file)}).max_sessions == 3


def test_origins_may_be_a_list_in_text() -> None:
    """The environment has no lists: commas part them."""
    config = load(environ={"LIVEGROUND_ALLOWED_ORIGINS": "https://a:1, https://b,"})
    assert config.allowed_origins == ("https://a:1", "https://b")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_other_machines_need_a_token(host: str) -> None:
    """The refusal names the host and the remedy."""
    with pytest.raises(ConfigError, match="LIVEGROUND_TOKEN"):
        load(environ={}, host=host)
    assert load(environ={"LIVEGROUND_TOKEN": TOKEN}, host=host).token == TOKEN


@pytest.mark.parametrize(
    ("environ", "flags", "said"),
    [
        ({"LIVEGROUND_PORT": "http"}, {}, r"port \(environment\)"),
        ({}, {"port": 70_000}, r"port \(flags\).*65535"),
        ({}, {"max_sessions": 0}, r"max_sessions \(flags\)"),
        ({"LIVEGROUND_TOKEN": "short"}, {}, r"token \(environment\).*16"),
        ({}, {"max_session": 5}, r"no setting 'max_session'.*max_sessions"),
        ({}, {"horizon_s": 15.0, "max_horizon_s": 10.0}, "above max_horizon_s"),
        ({}, {"max_rate_hz": float("nan")}, "max_rate_hz"),
        ({"LIVEGROUND_PARTITION_URL": "http://a/v1"}, {}, "partition.model is not"),
        ({"LIVEGROUND_PARTITION_TIMEOUT_S": "0"}, {}, r"partition.timeout_s \(environment\)"),
    ],
)
def test_a_wrong_setting_is_named_with_its_source(environ, flags, said: str) -> None:
    """What is wrong, where it came from, what is allowed."""
    with pytest.raises(ConfigError, match=said):
        load(None, environ, **flags)


def test_the_partition_table_is_read_from_all_sources(tmp_path: Path) -> None:
    """Each of its settings by itself; off without a url."""
    assert not load(environ={}).partition.url
    file = tmp_path / "settings.toml"
    file.write_text('[partition]\nurl = "http://a:1/v1"\nmodel = "m"\ntimeout_s = 3\n')
    partition = load(file, {"LIVEGROUND_PARTITION_MODEL": "n"}).partition
    assert (partition.url, partition.model, partition.timeout_s) == ("http://a:1/v1", "n", 3.0)
    file.write_text('[partition]\napi_key = "secret"\n')
    with pytest.raises(ConfigError, match=r"no setting 'partition.api_key'.*partition.api_key_env"):
        load(file, {})


@pytest.mark.parametrize(
    "url",
    ["a/v1", "ftp://a/v1", "http://", "http://me:secret@a/v1", "http://a:99999/", "http://a?k=s"],
)
def test_a_url_that_is_no_base_is_refused_and_not_repeated(url: str) -> None:
    """It may hold what should not be in a log."""
    environ = {"LIVEGROUND_PARTITION_URL": url, "LIVEGROUND_PARTITION_MODEL": "m"}
    with pytest.raises(ConfigError, match="no base of an HTTP API") as refused:
        load(environ=environ)
    assert url not in str(refused.value)


@pytest.mark.parametrize("text", ["port = ", "port = 1\nport = 2"])
def test_a_broken_file_is_said(tmp_path: Path, text: str) -> None:
    """Not TOML, or not there at all."""
    file = tmp_path / "settings.toml"
    with pytest.raises(ConfigError, match="cannot be read"):
        load(file, {})
    file.write_text(text)
    with pytest.raises(ConfigError, match="TOML"):
        load(file, {})


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_loopback_means_this_machine_for_certain(host: str, local: bool) -> None:
    """Names other than localhost are never trusted."""
    assert is_loopback(host) is local


def test_the_operations_page_is_up_to_date() -> None:
    """docs/operations.md is what `python -m stream.operations_docs` writes."""
    assert (DOCS / "operations.md").read_text() == page()
