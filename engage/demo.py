"""`engage demo`: the demonstration, moving. Never on a real service."""

import asyncio

import click

from engage import playing
from engage.audience import TOLD
from engage.browsing import Away
from engage.commands import refuse, settings_or_exit
from engage.playing import NothingOnAir, Pace, Strangers


@click.group(name="demo", help="Make the demonstration move, for whoever watches.")
def demo() -> None:
    pass


@demo.command(help="Play the live dialogue against the service that runs here: host, scribes, guests and readers.")
@click.option("--minutes", type=click.FloatRange(0, 60), default=3.0, show_default=True, help="how long")
@click.option("--pace", type=click.FloatRange(0, 60), default=5.0, show_default=True, help="seconds between two acts")
@click.option("--readers", type=click.IntRange(0, 400), default=200, show_default=True, help="how many follow the room")
def dialogue(minutes: float, pace: float, readers: int) -> None:
    settings = settings_or_exit()
    if settings.is_production:
        refuse(TOLD["refusals"]["production"])
    try:
        asyncio.run(playing.play(settings.address, Pace(minutes, pace, readers), click.echo))
    except Away:
        refuse(TOLD["refusals"]["away"].format(address=settings.address))
    except Strangers:
        refuse(TOLD["refusals"]["strangers"].format(address=settings.address))
    except NothingOnAir:
        refuse(TOLD["refusals"]["nothing_on_air"])
    except KeyboardInterrupt:
        click.echo("")
