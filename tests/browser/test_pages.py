"""Every page, on a phone and on a desk, by day and by night, in both languages: fits, reads aloud, and names no error."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from engage import receipts
from tests.browser import acts, stories
from tests.browser.conftest import Shot
from tests.browser.stories import (
    ADMINISTRATOR,
    APPROVER,
    COLLEAGUE,
    COORDINATOR,
    MODERATOR,
    OFFICIAL,
    OTHER_COORDINATOR,
    Told,
)
from tests.browser.tour import Stop, Tour
from tests.site import Site

AGENCY = f"agency={stories.AGENCY}"
CODE = receipts.code_for("secret", "visitor", "key")
SHEET = "slug,name_vi,name_en\nha-noi,Hà Nội thử,Hanoi\ntinh-moi,Tỉnh mới,New\nX,,"


@dataclass(frozen=True)
class Tales:
    """One question at each place on the way."""

    held: Told
    refused: Told
    offered: Told
    taken: Told
    drafted: Told
    answered: Told
    given_back: Told
    helped: Told
    asked_for_more: Told
    looked_at_again: Told
    forgotten: Told
    look: int
    request: int
    corrected: Told
    reopened: Told
    hidden: Told
    merged: Told
    cases: dict[str, str]


STOPS: dict[str, Stop] = {
    # Anybody
    "home": Stop("/"),
    "questions": Stop("/questions"),
    "questions-open": Stop(f"/questions?stage=open&{AGENCY}"),
    "questions-none": Stop("/questions?topic=dang-phi&province=cao-bang"),
    "questions-months": Stop("/questions?stage=all&from=2026-01&to=2026-12&topic=bao-hiem-xa-hoi"),
    "questions-overdue": Stop("/questions?stage=overdue"),
    "topic": Stop("/topics/bao-hiem-xa-hoi"),
    "question-answered": Stop("/questions/{answered.id}"),
    "question-open": Stop("/questions/{taken.id}"),
    "search": Stop("/questions/search?q=luong+huu"),
    "search-none": Stop("/questions/search?q=xyzzy"),
    "search-newest": Stop("/questions/search?q=luong+huu&order=newest&topic=bao-hiem-xa-hoi"),
    "search-code": Stop(f"/questions/search?q={CODE}"),
    "agencies": Stop("/agencies"),
    "agency": Stop(f"/agencies/{stories.AGENCY}"),
    "rules": Stop("/rules"),
    "revisions": Stop("/questions/{corrected.id}/revisions"),
    "question-corrected": Stop("/questions/{corrected.id}"),
    "follow": Stop("/questions/{taken.id}/follow"),
    "vote": Stop("/questions/{taken.id}/vote"),
    "voted": Stop("/questions/{answered.id}/vote", act=lambda page, _: acts.vote(page)),
    "privacy": Stop("/privacy"),
    "denunciation": Stop("/questions/denunciation"),
    "sign-in": Stop("/sign-in"),
    "sign-in-wrong": Stop("/sign-in", act=lambda page, _: acts.sign_in(page, "ai.do@thu.example", "sai"), status=422),
    "forgot": Stop("/sign-in/forgot"),
    "missing": Stop("/questions/999999", status=404),
    # Askers
    "ask": Stop("/questions/ask"),
    "ask-errors": Stop("/questions/ask", act=lambda page, _: acts.send(page), status=422),
    "ask-hint": Stop("/questions/ask", act=lambda page, _: acts.ask(page, acts.accusation()), status=422),
    "ask-twins": Stop(
        "/questions/ask", act=lambda page, tales: acts.ask(page, acts.again(tales["answered"])), status=422
    ),
    "sent": Stop("/questions/ask", act=lambda page, _: acts.ask(page, stories.ask_form())),
    "track": Stop("/track"),
    "track-wrong": Stop("/track", act=lambda page, _: acts.track(page, "HD-1111"), status=422),
    "track-held": Stop("/track", act=lambda page, tales: acts.track(page, tales["held"].code)),
    "track-refused": Stop("/track", act=lambda page, tales: acts.track(page, tales["refused"].code)),
    "track-answered": Stop("/track", act=lambda page, tales: acts.track(page, tales["answered"].code)),
    "track-lost": Stop("/track/lost"),
    "track-lost-sent": Stop("/track/lost?sent"),
    "track-clarify": Stop("/track", act=lambda page, tales: acts.track(page, tales["asked_for_more"].code)),
    "track-clarify-empty": Stop(
        "/track", act=lambda page, tales: acts.reply_nothing(page, tales["asked_for_more"].code), status=422
    ),
    "track-correct": Stop("/track", act=lambda page, tales: acts.own(page, tales["refused"].code, "/correct")),
    "track-withdraw": Stop("/track", act=lambda page, tales: acts.own(page, tales["held"].code, "/withdraw")),
    "track-data": Stop("/track", act=lambda page, tales: acts.own(page, tales["looked_at_again"].code, "/data")),
    # Moderators
    "second-looks": Stop("/review/second-looks", MODERATOR),
    "second-look": Stop("/review/second-looks/{look}", MODERATOR),
    "review": Stop("/review", MODERATOR),
    "review-case": Stop("{cases[held]}", MODERATOR, lambda page, _: acts.claim(page)),
    "review-refusal": Stop("{cases[held]}", MODERATOR, lambda page, _: acts.refuse_without_a_reason(page), status=422),
    "review-cover": Stop("{cases[held]}", MODERATOR, lambda page, _: acts.preview_covered(page)),
    "review-keys": Stop("/review", MODERATOR, lambda page, _: acts.keys_help(page)),
    "review-bulk": Stop("/review", MODERATOR, lambda page, _: acts.choose_none(page), status=422),
    "review-narrowed": Stop("/review?kind=personal&q=khong-co", MODERATOR),
    "review-sealed": Stop("/review?tab=sealed", MODERATOR),
    "review-seal": Stop("{cases[sealed]}", MODERATOR),
    "review-question": Stop("/review/questions/{answered.id}", MODERATOR),
    "review-hidden": Stop("/review/questions/{hidden.id}", MODERATOR),
    "question-merged": Stop("/questions/{merged.id}"),
    "review-merged": Stop("/review/questions/{merged.id}", MODERATOR),
    "review-taken": Stop("{cases[held]}", COLLEAGUE),
    "review-decided": Stop("{cases[refused]}", COLLEAGUE),
    "review-unrouted": Stop("/review?tab=unrouted&question={given_back.id}", MODERATOR),
    "review-overdue": Stop("/review/overdue", MODERATOR),
    "review-files": Stop("/review/attachments", MODERATOR),
    "ask-files": Stop("/questions/ask", act=lambda page, _: acts.enclose(page)),
    # An agency
    "desk": Stop("/desk", COORDINATOR),
    "desk-none": Stop(f"/desk?{AGENCY}&tab=working&q=xyzzy&due=late", COORDINATOR),
    "desk-mine": Stop("/desk", OFFICIAL),
    "desk-many": Stop(
        f"/desk?{AGENCY}&tab=offered", COORDINATOR, lambda page, _: acts.accept_nothing(page), status=422
    ),
    "desk-parts": Stop(f"/desk?{AGENCY}&tab=shares", OFFICIAL),
    "desk-part": Stop(f"/desk?{AGENCY}&tab=shares", OFFICIAL, lambda page, _: acts.open_part(page)),
    "desk-circle": Stop(
        "/desk/questions/{helped.id}", OTHER_COORDINATOR, lambda page, _: acts.pass_back(page), status=422
    ),
    "desk-people": Stop(f"/desk/people?{AGENCY}", COORDINATOR),
    "desk-offered": Stop("/desk/questions/{offered.id}", COORDINATOR),
    "desk-editor": Stop("/desk/questions/{taken.id}", OFFICIAL),
    "desk-asked-for-more": Stop("/desk/questions/{asked_for_more.id}", OFFICIAL),
    "desk-preview": Stop("/desk/questions/{taken.id}", OFFICIAL, lambda page, _: acts.preview(page)),
    "desk-unfinished": Stop(
        "/desk/questions/{taken.id}", OFFICIAL, lambda page, _: acts.send_nothing(page), status=422
    ),
    "desk-approval": Stop("/desk/questions/{drafted.id}", APPROVER),
    "desk-published": Stop(
        "/desk/questions/{answered.id}", OFFICIAL, lambda page, _: page.locator(".acts summary").first.click()
    ),
    "desk-correction": Stop("/desk/questions/{reopened.id}", OFFICIAL),
    "desk-snippets": Stop("/desk/snippets", COORDINATOR, lambda page, _: page.locator("summary").last.click()),
    "translation": Stop("/translations/{answered.id}", OFFICIAL),
    "transcribe": Stop("/review/transcribe", MODERATOR),
    "documents": Stop("/review/documents?q=bao+hiem&edit=5", MODERATOR),
    "documents-import": Stop("/review/documents/import", MODERATOR, lambda page, _: acts.paste_documents(page)),
    "desk-answered": Stop(f"/desk?{AGENCY}&tab=answered", APPROVER),
    # One's own account, and a coordinator's people
    "account": Stop("/account", COORDINATOR),
    "account-wrong": Stop("/account", COORDINATOR, lambda page, _: acts.change_password(page, "sai"), status=422),
    "enrol": Stop("/sign-in/enrol", COORDINATOR),
    "people": Stop("/desk/people/add", COORDINATOR),
    "official": Stop("/desk/people/5", COORDINATOR),
    # Administration, and the demonstration's mails
    "admin": Stop("/admin", ADMINISTRATOR),
    "admin-agencies": Stop("/admin/agencies?q=bao", ADMINISTRATOR),
    "admin-none": Stop("/admin/topics?q=xyzzy", ADMINISTRATOR),
    "admin-agency": Stop("/admin/agencies/bo-y-te", ADMINISTRATOR),
    "admin-topic": Stop("/admin/topics/bao-hiem-xa-hoi", ADMINISTRATOR),
    "admin-new-province": Stop("/admin/provinces/new", ADMINISTRATOR),
    "admin-sheet": Stop(
        "/admin/provinces/import", ADMINISTRATOR, lambda page, _: acts.look_through(page, SHEET), status=200
    ),
    "flag-reasons": Stop("/admin/flag-reasons", ADMINISTRATOR),
    "flag-reason": Stop("/admin/flag-reasons/danger", ADMINISTRATOR),
    "limits": Stop("/admin/limits", ADMINISTRATOR),
    "reasons": Stop("/admin/reasons", ADMINISTRATOR),
    "reason": Stop("/admin/reasons/unclear", ADMINISTRATOR),
    "limit": Stop("/admin/limits/ask", ADMINISTRATOR),
    "calendar": Stop("/admin/calendar", ADMINISTRATOR, lambda page, _: page.locator("summary").first.click()),
    "calendar-import": Stop(
        "/admin/calendar/import", ADMINISTRATOR, lambda page, _: acts.preview_calendar(page), status=200
    ),
    "terms": Stop("/admin/terms", ADMINISTRATOR),
    "calendar-history": Stop("/admin/calendar/history", ADMINISTRATOR),
    "term": Stop("/admin/terms/question.answer.simple", ADMINISTRATOR),
    "hours": Stop("/admin/hours/agencies", ADMINISTRATOR),
    "policy": Stop("/admin/policies/question", ADMINISTRATOR),
    "accounts": Stop("/admin/accounts", ADMINISTRATOR),
    "account-add": Stop("/admin/accounts/add", ADMINISTRATOR),
    "account-one": Stop("/admin/accounts/5", ADMINISTRATOR),
    "roles": Stop("/admin/roles", ADMINISTRATOR, lambda page, _: page.locator("summary").last.click()),
    "audit": Stop("/admin/audit", ADMINISTRATOR),
    "access": Stop("/admin/access", ADMINISTRATOR),
    "retention": Stop("/admin/retention", ADMINISTRATOR),
    "retention-one": Stop("/admin/retention/access_record", ADMINISTRATOR),
    "data-requests": Stop("/admin/data-requests", ADMINISTRATOR),
    "data-request": Stop("/admin/data-requests/{request}", ADMINISTRATOR),
    "outbox": Stop("/outbox", MODERATOR),
    "mail": Stop("/outbox", MODERATOR, lambda page, _: acts.press(page, page.locator("td a").first)),
    "forbidden": Stop("/admin/limits", MODERATOR, status=403),
}


@pytest.fixture(scope="module")
def tales(site: Site) -> Tales:
    held, refused = stories.sent(site, held=True), stories.refused(site)
    looked, forgotten = stories.looked_at_again(site), stories.wants_to_be_forgotten(site)
    site.wait(site.mails)
    return Tales(
        held=held,
        refused=refused,
        offered=stories.sent(site),
        taken=stories.taken(site),
        drafted=stories.drafted(site),
        answered=stories.answered(site),
        given_back=stories.given_back(site),
        helped=stories.helped(site),
        asked_for_more=stories.asked_for_more(site),
        looked_at_again=looked,
        forgotten=forgotten,
        look=stories.newest(site, "second_look", looked),
        request=stories.newest(site, "data_request", forgotten),
        corrected=stories.corrected(site),
        reopened=stories.reopened(site),
        hidden=stories.hidden(site),
        merged=stories.merged(site),
        cases={
            "held": stories.case_of(site, held),
            "refused": stories.case_of(site, refused),
            "sealed": stories.case_of(site, stories.sealed(site)),
        },
    )


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", STOPS)
def test_a_page_fits_reads_aloud_and_names_no_error(
    name: str, language: str, tour: Tour, tales: Tales, shot: Shot
) -> None:
    tour.look_at(STOPS[name], name, language, vars(tales), shot)
