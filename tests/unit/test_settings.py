"""Promises of settings: nonsense is refused in words that name the variable, and production is strict."""

import pytest

from engage import settings
from engage.settings import DEMONSTRATION_SECRET, Settings, SettingsRefused, load

POSTGRES, REDIS = "postgresql+asyncpg://engage@db/engage", "redis://cache:6379/0"
SECRET = "kGq3v9Zt1LxW7cPz5RbN8dYs2HfJ4mUa"
PRODUCTION = {
    "ENGAGE_MODE": "production",
    "ENGAGE_SECRET": SECRET,
    "ENGAGE_PUBLIC_URL": "https://hoidap.example.vn/",
    "ENGAGE_ALLOWED_HOSTS": "hoidap.example.vn",
    "ENGAGE_MAIL_URL": "smtps://user:word@mail.example.vn:465",
    "ENGAGE_METRICS_TOKEN": "only-for-the-one-who-watches",
    **{f"ENGAGE_SITE_{name.upper()}": name for name in settings.SITE},
}
NONSENSE = [
    ("MODE", "test"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "http"),
    ("PORT", ""),
    ("DATABASE_URL", "mysql://db/engage"),
    ("DATABASE_URL", "postgresql://db/engage"),
    ("DATABASE_URL", "sqlite:///engage.sqlite3"),
    ("REDIS_URL", "http://cache"),
    ("REDIS_URL", "cache:6379"),
    ("PUBLIC_URL", "hoidap.example.vn"),
    ("PUBLIC_URL", "ftp://hoidap.example.vn"),
    ("PUBLIC_URL", "https://hoidap.example.vn/vao"),
    ("PUBLIC_URL", "https://"),
    ("TRUSTED_PROXIES", "10.0.0.1, proxy"),
    ("TRUSTED_PROXIES", "10.0.0.0/33"),
    ("MAIL_URL", "mail.example.vn"),
    ("LOG_LEVEL", "verbose"),
    ("WORKERS", "0"),
    ("WORKERS", "two"),
    ("POOL_SIZE", "0"),
]


def refusal(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(environment)
    return str(refused.value)


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_and_the_variable_named(name: str, value: str) -> None:
    said = refusal({f"ENGAGE_{name}": value})
    assert said.startswith(f"ENGAGE_{name}")
    assert len(said.splitlines()) == 1


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = refusal({"ENGAGE_PORT": "0", "ENGAGE_MODE": "x", "ENGAGE_WORKERS": "0"})
    assert {line.split(":")[0] for line in said.splitlines()} == {"ENGAGE_PORT", "ENGAGE_MODE", "ENGAGE_WORKERS"}


@pytest.mark.parametrize("name", ["ENGAGE_PROT", "ENGAGE_", "ENGAGE_port", "ENGAGE_SECRETS"])
def test_a_name_that_is_no_setting_is_refused(name: str) -> None:
    assert name in refusal({name: "1", "ENGAGE_PORT": "8001"})


def test_names_of_others_and_of_tests_are_none_of_our_business() -> None:
    assert load({"PORT": "1", "ENGAGE_TEST_DATABASE_URL": "x", "ENGAGEMENT": "y"}) == Settings.model_validate({})


def test_an_empty_environment_is_a_demonstration_on_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_PORT", "9999")
    given = load({})
    assert (given.mode, given.port, given.host) == ("demonstration", 8000, "127.0.0.1")
    assert given.database == "sqlite+aiosqlite:///var/engage.sqlite3"
    assert given.address == "http://127.0.0.1:8000"
    assert load().port == 9999


def test_lists_are_separated_by_commas() -> None:
    given = load({"ENGAGE_ALLOWED_HOSTS": "a.vn, b.vn,", "ENGAGE_TRUSTED_PROXIES": "10.0.0.0/8,::1"})
    assert given.allowed_hosts == ("a.vn", "b.vn")
    assert given.trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("environment", "piece"),
    [
        ({"ENGAGE_WORKERS": "2"}, "redis_url"),
        ({"ENGAGE_WORKERS": "2"}, "PostgreSQL"),
        ({"ENGAGE_WORKERS": "2", "ENGAGE_DATABASE_URL": POSTGRES}, "redis_url"),
        ({"ENGAGE_WORKERS": "2", "ENGAGE_REDIS_URL": REDIS}, "PostgreSQL"),
    ],
)
def test_several_processes_need_what_they_share(environment: dict[str, str], piece: str) -> None:
    assert piece in refusal(environment)


def test_several_processes_run_on_postgresql_and_redis() -> None:
    given = load({"ENGAGE_WORKERS": "4", "ENGAGE_DATABASE_URL": POSTGRES, "ENGAGE_REDIS_URL": REDIS})
    assert not given.is_sqlite
    assert given.database == POSTGRES


def test_production_runs_when_it_is_set_up_as_it_should_be() -> None:
    given = load(PRODUCTION)
    assert given.is_production
    assert given.is_https
    assert given.address == "https://hoidap.example.vn"


@pytest.mark.parametrize(
    ("name", "value", "piece"),
    [
        ("SECRET", None, "secret must be 32 random characters"),
        ("SECRET", DEMONSTRATION_SECRET, "secret must be 32 random characters"),
        ("SECRET", SECRET[:31], "secret must be 32 random characters"),
        ("SECRET", "ab" * 20, "secret is too regular"),
        ("PUBLIC_URL", None, "public_url must start with https://"),
        ("PUBLIC_URL", "http://hoidap.example.vn", "public_url must start with https://"),
        ("ALLOWED_HOSTS", "*", "allowed_hosts must name hosts"),
        ("ALLOWED_HOSTS", "hoidap.example.vn,*.example.vn", "allowed_hosts must name hosts"),
        ("LOG_LEVEL", "debug", "log_level debug"),
        ("MAIL_URL", None, "mail_url is needed"),
        ("METRICS_TOKEN", None, "metrics_token is needed"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "trusted_proxies must not name everybody"),
    ],
)
def test_production_refuses_what_only_a_demonstration_may_do(name: str, value: str | None, piece: str) -> None:
    changed = {**PRODUCTION, f"ENGAGE_{name}": value}
    assert piece in refusal({key: given for key, given in changed.items() if given is not None})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "hoidap.example.vn", "10.0.0.5"])
def test_a_demonstration_with_the_secret_everybody_knows_listens_on_this_machine_only(host: str) -> None:
    assert "listens on this machine only" in refusal({"ENGAGE_HOST": host})
    assert load({"ENGAGE_HOST": host, "ENGAGE_SECRET": SECRET}).host == host


def test_production_says_everything_that_is_wrong_at_once() -> None:
    assert refusal({"ENGAGE_MODE": "production"}).count(";") == 4


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    given = load({**PRODUCTION, "ENGAGE_METRICS_TOKEN": "a-token-of-metrics"})
    assert SECRET not in repr(given)
    assert "a-token-of-metrics" not in repr(given)
    assert SECRET not in refusal({**PRODUCTION, "ENGAGE_PORT": "x"})


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load({}).port = 1


def test_every_setting_is_documented() -> None:
    documented = settings.documented()
    assert [name for name, _, _ in documented] == [f"ENGAGE_{name.upper()}" for name in Settings.model_fields]
    assert all(words for _, _, words in documented)
    assert DEMONSTRATION_SECRET not in str(documented)
