"""Askers on the private pages of questions at every step, and what waits for a desk because of them."""

from dataclasses import dataclass

from tests.web.people import COORDINATOR, Asked, People


@dataclass(frozen=True)
class Askers:
    """Each on the private page of a question that stands where the form is."""

    waiting: Asked
    leaving: Asked
    asked_for_more: Asked
    answered: Asked
    refused: Asked


def way(people: People) -> str:
    asked = people.held()
    lost = {"email": asked.email, "about": asked.title}
    assert asked.visitor.fill("/track/lost", lost, action="/track/lost").is_redirect
    (_, letter) = people.mails_to(asked.email, at_least=2)[-1]
    return letter.partition("/track/lost/")[2].split()[0]


def askers(people: People) -> Askers:
    asked_for_more, refused = people.taken(), people.held()
    ask_for_more(people, asked_for_more)
    people.refuse(refused)
    return Askers(people.held(), people.held(), asked_for_more, people.answered(), refused)


def ask_for_more(people: People, asked: Asked) -> None:
    words = {"words": "Bạn nghỉ việc từ tháng nào?"}
    assert people.staff(COORDINATOR).fill(asked.desk, words, action="/clarify").is_redirect


def desks(people: People) -> tuple[int, int, int]:
    """A second look, a held reply and a request, each as it waits at its desk."""
    looked, replying, asking = people.answered(), people.taken(), people.held()
    ask_for_more(people, replying)
    words = {"words": "Câu trả lời nói về việc khác."}
    assert looked.visitor.fill("/track/question", words, action="/second-look").is_redirect
    insult = {"answer": "Cơ quan các ông toàn một lũ khốn nạn ăn hại, đồ chó má."}
    assert replying.visitor.fill("/track/question", insult, action="/clarification").is_redirect
    assert asking.visitor.fill("/track/question/data", {"wish": "erase"}, action="/request").is_redirect

    def newest(table: str, asked: Asked) -> int:
        return int(people.site.rows(f"select max(id) from {table} where question_id = :id", id=asked.id)[0][0])

    return newest("second_look", looked), newest("clarification", replying), newest("data_request", asking)
