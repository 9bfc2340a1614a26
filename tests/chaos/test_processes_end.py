import asyncio
import random
import signal

from tests.chaos.scene import (
    People,
    Scene,
    during,
    happening,
    nothing_is_lost_or_doubled,
    the_codes_open,
    the_same_form_leads_to_the_same_place,
)
from tests.processes import eventually

KILLS = 2
GOOD_ENDS = {0, -signal.SIGTERM}


def test_kill_9_again_and_again_loses_no_acknowledged_question_and_doubles_none(scene: Scene) -> None:
    site, dice = scene.site, random.Random(9)

    async def killed(_people: People) -> None:
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.6, 1.4))
            for name in list(site.processes):
                await happening(site.kill, name)
            for name in list(site.processes):
                site.start_process(name)
            await happening(site.ready)
        await asyncio.sleep(1)

    people = during(site, killed)
    nothing_is_lost_or_doubled(site, people)
    the_same_form_leads_to_the_same_place(people)
    nothing_is_lost_or_doubled(site, people)
    the_codes_open(people)


def test_sigterm_amid_submissions_ends_cleanly_and_keeps_what_was_acknowledged(scene: Scene) -> None:
    site = scene.site

    async def terminated(_people: People) -> None:
        await asyncio.sleep(1.5)
        site.processes["serve"].send_signal(signal.SIGTERM)
        await happening(lambda: eventually(_has_ended, 15, lambda: f"still running\n{site.log()}"))

    def _has_ended() -> bool:
        return site.processes["serve"].poll() is not None

    people = during(site, terminated, once=True)
    assert site.processes["serve"].returncode in GOOD_ENDS, site.log()
    assert set(people.statuses) <= {200, 303}, people.statuses
    site.start_process("serve")
    site.ready()
    nothing_is_lost_or_doubled(site, people)
    the_codes_open(people)
