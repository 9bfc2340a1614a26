"""Promises of accounts: nobody locks the house from inside, rights are never older than the sign-in, a link counts once."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from engage import accounts, agencies, audit, links, people, rosters, signin
from engage.access import Actor, Role, actor_of
from engage.accounts import AccountForm
from engage.agencies import Post
from engage.audit import Audit
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.links import LASTS, AccountLink, Purpose
from engage.notices import Notice
from engage.people import Person
from engage.rosters import OfficialForm, Wanted
from engage.signin import SignInForm
from tests.unit.town import HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
SECRET = "a secret of these tests, long enough"
NEW = "mat-khau-moi-2026"


def a_form(**changes: object) -> AccountForm:
    return AccountForm.model_validate({"name": "Lê Thị Mới", "email": "moi@engage.example", **changes})


async def administrators(town: Town, *names: str) -> list[Actor]:
    """Of the town's people, made administrators who can sign in."""
    made = []
    async with town.store.transaction() as db:
        for name in names:
            person = await accounts.one(db, town.id(name))
            person.is_administrator, person.password = True, "hashed"
            db.add(person)
            made.append(actor_of(person, {}))
    return made


async def invited(town: Town, by: Actor, **changes: object) -> int:
    async with town.store.transaction() as db:
        return (await accounts.invite(db, by, a_form(**changes))).id or 0


async def newest_link(town: Town, person_id: int) -> AccountLink:
    async with town.store.reading() as db:
        mine = select(AccountLink).where(AccountLink.person_id == person_id).order_by(col(AccountLink.id).desc())
        return (await db.exec(mine.limit(1))).one()


async def use(town: Town, link: AccountLink) -> None:
    hashed = await people.hashed(NEW)
    async with town.store.transaction() as db:
        found = await links.one(db, SECRET, links.token_of(SECRET, link))
        await accounts.set_password(db, found, hashed)


async def done(town: Town) -> list[str]:
    async with town.store.reading() as db:
        return list(await db.exec(select(Audit.kind).order_by(col(Audit.id))))


async def test_whoever_is_invited_sets_the_password_and_works_where_the_form_said(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    person_id = await invited(town, chief, is_moderator=True, post="official", agency=HEALTH)
    link = await newest_link(town, person_id)
    async with town.store.reading() as db:
        assert [row.kind for row in await db.exec(select(Notice).where(Notice.person_id == person_id))] == ["invited"]
    await use(town, link)
    entry = await signin.with_password(town.store, SignInForm(email="moi@engage.example", password=NEW))
    actor = await signin.actor(town.store, entry.token, "")
    assert actor.has(Role.MODERATOR)
    assert actor.posts == {town.agencies[HEALTH]: frozenset({Post.OFFICIAL})}
    assert await done(town) == ["account.added", "password.changed", "person.signed_in"]


async def test_a_link_counts_once_and_with_it_every_other_one_is_void(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    person_id = await invited(town, chief)
    first = await newest_link(town, person_id)
    async with town.store.transaction() as db:
        await accounts.send_link(db, chief, await accounts.one(db, person_id))
    second = await newest_link(town, person_id)
    await use(town, second)
    for link in (first, second):
        with pytest.raises(Conflict, match="link_used"):
            await use(town, link)


async def test_a_link_ends_by_itself(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    link = await newest_link(town, await invited(town, chief))
    town.clock.now += LASTS[Purpose.INVITE]
    with pytest.raises(Conflict, match="link_used"):
        await use(town, link)


async def test_a_token_is_bound_to_its_link_and_to_the_secret(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    link = await newest_link(town, await invited(town, chief))
    token = links.token_of(SECRET, link)
    forged = [
        links.token_of("another", link),
        f"{link.id}.",
        f"{(link.id or 0) + 1}.{token.partition('.')[2]}",
        "x",
        "",
    ]
    async with town.store.reading() as db:
        for one in [*forged, token + "x", "٣.x", "9" * 40]:
            with pytest.raises(NotFound):
                await links.one(db, SECRET, one)


async def test_asking_for_an_unknown_address_writes_to_nobody(town: Town) -> None:
    async with town.store.transaction() as db:
        await accounts.forgot(db, "nobody@engage.example")
        await accounts.forgot(db, "official@engage.example")
    async with town.store.reading() as db:
        assert [row.person_id for row in await db.exec(select(AccountLink))] == [town.id("official")]


async def test_nobody_lets_themselves_open_sealed_texts(town: Town) -> None:
    one, other = await administrators(town, "moderator", "colleague")
    form = a_form(is_moderator=True, is_administrator=True, may_unseal=True)
    async with town.store.transaction() as db:
        me = await accounts.one(db, one.person_id or 0)
        with pytest.raises(Refused, match="own_unseal"):
            await accounts.change(db, one, me, form)
        await accounts.change(db, other, me, form)
        assert me.may_unseal
        await accounts.change(db, one, me, form.model_copy(update={"name": "Tên mới"}))  # what one has one keeps


async def test_the_last_administrator_stays_and_nobody_gives_up_their_own_administration(town: Town) -> None:
    one, other = await administrators(town, "moderator", "colleague")
    async with town.store.transaction() as db:
        me = await accounts.one(db, one.person_id or 0)
        with pytest.raises(Refused, match="own_administrator"):
            await accounts.change(db, one, me, a_form())
        with pytest.raises(Refused, match="own_account"):
            await accounts.end(db, one, me)
        await accounts.end(db, other, me)
        with pytest.raises(Refused, match="last_administrator"):
            await accounts.end(db, Actor(person_id=1), await accounts.one(db, other.person_id or 0))


async def test_a_changed_role_ends_the_sessions_and_a_changed_name_does_not(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    held = {"posts": (f"official@{INSURANCE}",), "email": "official@engage.example"}
    async with town.store.transaction() as db:
        token = await people.sign_in(db, town.id("official"))
        await accounts.change(db, chief, await accounts.one(db, town.id("official")), a_form(**held))
    assert (await signin.actor(town.store, token, "")).name == "Lê Thị Mới"
    async with town.store.transaction() as db:
        person = await accounts.one(db, town.id("official"))
        await accounts.change(db, chief, person, a_form(**held, post="approver", agency=INSURANCE))
    assert (await signin.actor(town.store, token, "")).person_id is None


async def test_a_changed_address_or_role_voids_the_links_and_whoever_has_no_password_gets_a_new_one(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    person_id = await invited(town, chief)
    for change in ({"email": "dung@engage.example"}, {"email": "dung@engage.example", "is_moderator": True}):
        before = await newest_link(town, person_id)
        async with town.store.transaction() as db:
            await accounts.change(db, chief, await accounts.one(db, person_id), a_form(**change))
        with pytest.raises(Conflict, match="link_used"):
            await use(town, before)
    await use(town, await newest_link(town, person_id))
    async with town.store.transaction() as db:
        await accounts.forgot(db, "dung@engage.example")
        await accounts.change(db, chief, await accounts.one(db, person_id), a_form(email="dung@engage.example"))
    with pytest.raises(Conflict, match="link_used"):
        await use(town, await newest_link(town, person_id))


async def test_an_ended_account_is_out_at_once_and_comes_back_with_nothing(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    async with town.store.transaction() as db:
        token = await people.sign_in(db, town.id("approver"))
        await accounts.end(db, chief, await accounts.one(db, town.id("approver")))
    assert (await signin.actor(town.store, token, "")).person_id is None
    async with town.store.transaction() as db:
        assert not await agencies.posts_of(db, town.id("approver"))
        person = await accounts.one(db, town.id("approver"))
        with pytest.raises(Conflict, match="account_ended"):
            await accounts.change(db, chief, person, a_form())
        await accounts.reopen(db, chief, person)
        assert await accounts.roles_of(db, person) == accounts.Roles(False, False, False, frozenset())
        assert person.password is None


async def test_an_address_belongs_to_one_account(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    with pytest.raises(Refused, match="email_taken"):
        await invited(town, chief, email="OFFICIAL@engage.example")


async def test_a_coordinator_invites_for_their_own_agency_only(town: Town) -> None:
    form = OfficialForm(name="Lê Thị Mới", email="moi@engage.example", post="approver")
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await rosters.invite_official(db, town["coordinator"], town.agencies[HEALTH], form)
        with pytest.raises(NotAllowed):
            await rosters.invite_official(db, town["official"], town.agencies[INSURANCE], form)
        person = await rosters.invite_official(db, town["coordinator"], town.agencies[INSURANCE], form)
        assert await agencies.posts_of(db, person.id or 0) == {town.agencies[INSURANCE]: frozenset({Post.APPROVER})}
        assert not person.is_moderator
        assert not person.is_administrator


async def test_a_coordinator_ends_officials_of_their_own_but_no_coordinator(town: Town) -> None:
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await rosters.end_official(db, town["elsewhere"], town.id("official"))
        with pytest.raises(Refused, match="coordinator_by_administrator"):
            await rosters.end_official(db, town["coordinator"], town.id("coordinator"))
        await rosters.end_official(db, town["coordinator"], town.id("official"))
        assert (await accounts.one(db, town.id("official"))).ended_at is not None


async def test_whoever_has_other_work_keeps_the_account(town: Town) -> None:
    async with town.store.transaction() as db:
        db.add(agencies.Membership(person_id=town.id("official"), agency_id=town.agencies[HEALTH], post=Post.OFFICIAL))
        await db.flush()
        await rosters.end_official(db, town["coordinator"], town.id("official"))
        assert (await accounts.one(db, town.id("official"))).ended_at is None
        assert set(await agencies.posts_of(db, town.id("official"))) == {town.agencies[HEALTH]}


async def test_the_list_is_found_by_role_agency_state_and_words_without_marks(town: Town) -> None:
    (chief,) = await administrators(town, "moderator")
    await invited(town, chief, name="Đặng Thị Ánh")

    async def found(after: int = 0, most: int = 50, **wanted: object) -> set[str]:
        async with town.store.reading() as db:
            rows = await rosters.listed(db, Wanted(**wanted), most, after=after)  # type: ignore[arg-type]  # by name
        return {row.person.login or "" for row in rows}

    assert await found(text="dang thi anh") == {"moi@engage.example"}
    assert await found(state="invited", text="moi@") == {"moi@engage.example"}
    assert await found(role="administrator", text="moderator") == {"moderator@engage.example"}
    assert await found(role="coordinator", agency_id=town.agencies[INSURANCE]) == {"coordinator@engage.example"}
    assert len(await found(most=3)) == 3
    assert not await found(after=town.id("elsewhere_approver")) - {"moi@engage.example"}


async def test_a_decision_and_an_answer_leave_their_lines_and_no_word_of_the_text(town: Town) -> None:
    _, case_id = await town.held()
    await town.decide(case_id, decision="refuse", reason="unclear", words="bí-mật-của-người-hỏi")
    await town.answered()
    kinds = await done(town)
    assert kinds == ["case.decided", "assignment.accepted", "answer.sent", "answer.given"]
    async with town.store.reading() as db:
        rows = (await db.exec(select(Audit))).all()
        everything = " ".join(audit.text(row) for row in rows)
    for secret in ("bí-mật", "hoa@thu.example", "0912345678", "Trần Thị Hoa", "@"):
        assert secret not in everything


async def test_a_new_link_is_not_longer_than_it_says(town: Town) -> None:
    async with town.store.transaction() as db:
        person = await db.get(Person, town.id("official"))
        assert person is not None
        person.password = "hashed"
        db.add(person)
        await db.flush()
        await accounts.forgot(db, "official@engage.example")
    link = await newest_link(town, town.id("official"))
    assert link.ends_at - town.clock.now == timedelta(hours=2)
