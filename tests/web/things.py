"""What the forms of test_forms are about, each at the step at which its form stands on a page."""

from dataclasses import dataclass

from engage import follows
from engage.dialogues import Stage
from engage.settings import DEMONSTRATION_SECRET
from tests import papers
from tests.web import commented, talks
from tests.web.askers import Askers, askers, desks, way
from tests.web.halls import Over, at, over
from tests.web.people import (
    ADMINISTRATOR,
    AGENCY,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    SECOND_OFFICIAL,
    Asked,
    People,
)

REASON = {"reason": "Việc này thuộc phạm vi của cơ quan khác."}


@dataclass(frozen=True)
class Things:
    """What the forms are about, each at the step at which its form stands on a page."""

    taken: Asked
    given_back: Asked
    in_approval: Asked
    case: int  # that the moderator has open
    other_case: int
    published: Asked
    elsewhere: Asked  # with an agency that has no accounts
    token: str  # of somebody who follows
    link: str  # of somebody who forgot the password
    staff: int  # an account nobody signs in with
    official: int  # of the coordinator's agency
    file: str  # the key of one that came with a question
    passed_on: Asked  # to the other agency
    share: int  # asked of the agency by the other one
    led: int  # asked of the other agency by the agency
    absence: int
    way: str  # back to a question, mailed to who lost its code
    askers: Askers
    look: int  # that an asker wants at an answer
    reply: int  # to an agency, held by screening
    request: int  # about an asker's data
    dialogue: int  # a draft
    open_dialogue: int  # that takes questions
    announced: int  # one that is no draft any more
    campaign: int  # a draft
    summed: int  # a campaign that is closed, with its summary
    over: Over  # a dialogue with minutes that are being written
    sent: Over  # with minutes that wait for approval
    thread: int  # of the forum
    post: int  # the coordinator's, in that thread
    article: int  # of a portal, with a comment
    comment: int  # the coordinator's
    poll: int  # of that thread
    leaving: str  # the token of somebody who follows that thread
    nobody: int = 999_999  # for buttons that would change what other tests need


def gathered(people: People) -> Things:
    given_back, held, other = people.accepted(), people.held(), people.held()
    assert people.staff(COORDINATOR).fill(given_back.desk, REASON, action="/give-back").is_redirect
    asking, (look, reply, request) = askers(people), desks(people)
    people.claim(held)  # last: whoever decides is handed the next one
    case, other_case = (people.case_row(one).id for one in (held, other))
    passed_on, share, led = _between_agencies(people)
    thread = talks.thread(people)
    article, comment = commented.by_staff(people)
    return Things(
        article=article,
        comment=comment,
        thread=thread,
        poll=talks.polled(people, thread),
        leaving=follows.token(DEMONSTRATION_SECRET, f"thread-{thread}", 1),
        post=talks.posted(people, thread),
        dialogue=people.dialogue(),
        open_dialogue=at(people, Stage.INTAKE),
        announced=people.announced(),
        taken=people.taken(),
        given_back=given_back,
        in_approval=people.in_approval(),
        case=case,
        other_case=other_case,
        token=_followed(people, given_back),
        link=_forgotten(people),
        staff=people.invited(),
        official=people.invited(),
        file=people.file_of(people.accepted(files=[("a.pdf", papers.pdf())])),
        passed_on=passed_on,
        share=share,
        led=led,
        absence=_away(people),
        way=way(people),
        askers=asking,
        look=look,
        reply=reply,
        request=request,
        published=people.answered(),
        campaign=people.campaign(),
        summed=_summed(people),
        elsewhere=people.on_paper(),
        over=over(people),
        sent=over(people, sent=True),
    )


def _summed(people: People) -> int:
    campaign, editor = people.campaign(), people.staff(ADMINISTRATOR)
    page = f"/admin/campaigns/{campaign}"
    assert editor.fill(page, action="/open").is_redirect
    told = "Đã tiếp thu ý kiến về giảm giấy tờ ở cấp xã và sẽ sửa quy trình trong quý tới."
    assert editor.fill(page, {"summary": told}, action="/close").is_redirect
    return campaign


def _followed(people: People, asked: Asked) -> str:
    """The token of somebody who follows."""
    follower, email = people.site.visitor(), "theo-doi@example.vn"
    assert follower.fill(f"{asked.page}/follow", {"email": email}, action="/follow").is_redirect
    (_, letter), *_ = people.mails_to(email, at_least=1)
    return letter.partition("/follows/")[2].split()[0]


def _forgotten(people: People) -> str:
    """The link of somebody who forgot the password."""
    email = "dau-moi.bca@engage.example"
    people.site.visitor().fill("/sign-in/forgot", {"email": email}, action="/sign-in/forgot")
    return people.links_to(email)[0]


def _between_agencies(people: People) -> tuple[Asked, int, int]:
    """A question passed on, a part asked of the agency by the other one, and one asked of the other one."""
    passed_on, coordinator = people.accepted(), people.staff(COORDINATOR)
    passed = people.proof(coordinator) | {"agency": OTHER_AGENCY, "sure": "yes", **REASON}
    assert coordinator.post(f"{passed_on.desk}/transfer", data=passed).is_redirect
    shared, share = people.shared()
    people.write(shared, who="can-bo.byt", button="send")  # from now on no part is taken, whatever it says
    leading = people.taken()
    wanted = {"agencies": [OTHER_AGENCY], "note": "Nhờ cho biết mức hưởng.", "days": "2"}
    assert coordinator.fill(leading.desk, wanted, action="/shares").is_redirect
    (led,) = people.site.rows("select id from share where thing_id = :id", id=leading.id)
    return passed_on, share, led.id


def _away(people: People) -> int:
    person, stand_in = (
        str(people.site.rows("select id from person where login = :login", login=f"{who}@engage.example")[0].id)
        for who in (OFFICIAL, SECOND_OFFICIAL)
    )
    away = {"agency": AGENCY, "person": person, "stand_in": stand_in, "starts": "01/03/2031", "ends": "02/03/2031"}
    form = people.staff(COORDINATOR).fill(f"/desk/people?agency={AGENCY}", away, action="/absences")
    assert form.is_redirect
    (absence,) = people.site.rows("select id from absence where starts_on = '2031-03-01'")
    return int(absence.id)
