"""The working rules, generated from the rows that are in force: what is promised here is what the program does."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from engage import policies, questions, ratings
from engage.ask import LEAST_BODY, MOST_BODY
from engage.deadlines import Complexity, Step, Term
from engage.web import kit, words

# Working days, in the order of a question's way; what is counted otherwise stands in the sentences below them.
IN_TABLE = [
    (Step.MODERATE, Complexity.SIMPLE),
    (Step.ACKNOWLEDGE, Complexity.SIMPLE),
    (Step.ANSWER, Complexity.SIMPLE),
    (Step.ANSWER, Complexity.COMPLEX),
    (Step.APPROVE, Complexity.SIMPLE),
    (Step.EXTEND, Complexity.SIMPLE),
    (Step.EXTEND, Complexity.COMPLEX),
    (Step.HANDED_OVER, Complexity.SIMPLE),
    (Step.CLARIFY, Complexity.SIMPLE),
    (Step.SECOND_LOOK, Complexity.SIMPLE),
    (Step.REQUEST, Complexity.SIMPLE),
    (Step.DUE_SOON, Complexity.SIMPLE),
    (Step.SUPERVISOR, Complexity.SIMPLE),
    (Step.PORTAL_DESK, Complexity.SIMPLE),
]


async def rules(request: Request) -> Response:
    return await kit.public_page(request, "rules.html", "/rules", [policies.CHANNEL], lambda: in_force(request))


async def in_force(request: Request) -> Mapping[str, Any]:
    async with kit.reading(request) as db:
        terms = (await db.exec(select(Term).where(Term.surface == questions.SURFACE).order_by(col(Term.days)))).all()
        policy = await policies.policy_of(db, questions.SURFACE)
        reasons = await policies.active_reasons(db)
    say = kit.translator(request).say
    days = {(row.step, row.complexity): row.days for row in terms}
    named = words.timing.TERMS
    return {
        "terms": [(say(named[f"{step}_{kind}"]), days[step, kind]) for step, kind in IN_TABLE if (step, kind) in days],
        "numbers": {step.value: days.get((step, Complexity.SIMPLE), 0) for step in Step},
        "policy": policy,
        "least": LEAST_BODY,
        "most": MOST_BODY,
        "reasons": reasons,
        "least_rated": ratings.LEAST_TOTAL,
        "most_hops": policy.most_hops,
    }
