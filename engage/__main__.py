"""The `engage` command. Every setting comes from the environment; see `engage check-settings`."""

import os
import sys

import click
import uvicorn

from engage import demonstration, heads, migrate, neighbour, seed, staff, storage, work
from engage.app import broker_of, hub_of
from engage.beats import newest_migration
from engage.commands import NICENESS, settings_or_exit, with_store
from engage.db import Store
from engage.demo import demo
from engage.errors import Failure
from engage.people import DEMONSTRATION_PASSWORD
from engage.settings import Settings, documented
from engage.upkeep import UPKEEP
from engage.web import tallying
from engage.web.templates import Templates, folder
from live.server import GuardedHttp, HandedOver


@click.group(help="Questions from citizens, answered by the responsible agency.")
def main() -> None:
    pass


for _command in UPKEEP:
    main.add_command(_command)
main.add_command(demo)


@main.command(help="Install the demonstration if there is none, and serve it on this machine.")
def run() -> None:
    settings = settings_or_exit()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with_store(settings, migrate.up)
    with_store(settings, seed.newer_rules)
    if with_store(settings, seed.directory):
        _write_demonstration(settings)
    click.echo(f"\n  {settings.address}\n")
    if not settings.is_production:
        _name_accounts()
        _start_portal(settings)
    _serve(settings)


@main.command(help="Serve. Several processes need PostgreSQL and Redis, and `engage work` beside them.")
@click.option("--workers", type=click.IntRange(1, 64), help="server processes, instead of ENGAGE_WORKERS")
def serve(workers: int | None) -> None:
    if workers is not None:
        os.environ["ENGAGE_WORKERS"] = str(workers)  # the processes read the environment again
    _serve(settings_or_exit())


@main.command(name="work", help="Drain the queues: screening left over, mails, tidying.")
def work_() -> None:
    settings = settings_or_exit()

    os.nice(NICENESS)

    async def drain(store: Store) -> None:
        # It only tells here; what a hint misses, the listeners' tick finds.
        store.teller = tallying.Desks(hub_of(store, broker_of(settings), Templates(folder())))
        await work.run(settings, store)

    with_store(settings, drain, alone=False)


@main.command(name="migrate", help="Bring the database to the newest migration.")
def migrate_() -> None:
    settings = settings_or_exit()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with_store(settings, migrate.up)
    with_store(settings, seed.newer_rules)
    click.echo(f"The database is at {newest_migration()}.")


@main.command(
    name="seed",
    help="Fill an empty database: the directory and the rules; in a demonstration, three hundred questions too.",
)
def seed_() -> None:
    settings = settings_or_exit()
    if not with_store(settings, seed.directory):
        click.echo("The directory is filled already; nothing was changed.")
    else:
        _write_demonstration(settings)


@main.command(name="add-staff", help="Add somebody who signs in: the first administrator, a moderator, an official.")
@click.argument("email")
@click.argument("name")
@click.option("--moderator", is_flag=True, help="may decide on held texts")
@click.option("--unseal", is_flag=True, help="may open sealed texts")
@click.option("--administrator", is_flag=True, help="may edit limits and reasons")
@click.option("--post", "posts", multiple=True, metavar="POST@AGENCY", help="such as official@bo-y-te; may be repeated")
@click.password_option(help="asked for when not given")
def add_staff(
    email: str, name: str, moderator: bool, unseal: bool, administrator: bool, posts: tuple[str, ...], password: str
) -> None:
    settings = settings_or_exit()
    new = staff.NewStaff(email, name, moderator, unseal, administrator, posts)
    try:
        with_store(settings, lambda store: staff.add(store, new, password))
    except Failure as failure:
        click.echo(f"Nothing was added: {failure.reason} {failure.field}", err=True)
        sys.exit(1)
    click.echo(f"{email} can sign in at {settings.address}/sign-in")


@main.group(name="audit", help="The audit rows: who did what and when.")
def audit_() -> None:
    pass


@audit_.command(
    name="verify", help="Whether an audit row was changed, removed or moved since it was chained, and which."
)
def verify() -> None:
    settings = settings_or_exit()
    rows, wrong = with_store(settings, lambda store: heads.verify(store, settings))
    for fault in wrong:
        click.echo(f"{fault.what}: place {fault.place}, row {fault.row or 'gone'}", err=True)
    click.echo(f"{rows} rows in the chain, {len(wrong)} faults.")
    sys.exit(1 if wrong else 0)


@main.command(name="check-settings", help="Say whether the settings are accepted, and what every one of them does.")
def check_settings() -> None:
    for name, default, words in documented():
        click.echo(f"{name}\n    {words}\n    default: {default or '(empty)'}")
    settings_or_exit()
    click.echo("The settings in this environment are accepted.")


def _serve(settings: Settings) -> None:
    uvicorn.run(
        "engage.app:from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        proxy_headers=False,  # the forwarded address is ours to judge: see ENGAGE_TRUSTED_PROXIES
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=30,  # in five seconds a busy machine has not started one: a rolling restart would be given up
        ws_max_size=8192,
        ws_per_message_deflate=False,
        http=GuardedHttp,
        ws=HandedOver,
    )


def _write_demonstration(settings: Settings) -> None:
    if settings.is_production:
        return
    click.echo("Writing the demonstration (the first time only)")
    beside = [f"http://{host}:{settings.port + 1}" for host in ("localhost", "127.0.0.1")]  # where its portal is served
    with_store(settings, lambda store: demonstration.write(store, storage.of(settings), beside))


def _start_portal(settings: Settings) -> None:
    address = neighbour.start(settings, *with_store(settings, lambda store: neighbour.keys(store, settings)))
    if address:
        click.echo(f"  {'a portal that shows it':<28} {address}\n")


def _name_accounts() -> None:
    for role, login in demonstration.ACCOUNTS:
        click.echo(f"  {role:<28} {login}")
    click.echo(f"  {'password of all of them':<28} {DEMONSTRATION_PASSWORD}\n")


if __name__ == "__main__":
    main()
