"""Comments over HTTP: read in a portal's page, written by its script, by a plain form, and on ours; taken down everywhere."""

import re
from itertools import count

import pytest

from tests.site import Site
from tests.web import commented
from tests.web.commented import COMMENTS, Article
from tests.web.people import CLEARED, COORDINATOR, People
from tests.web.portals import registered

CODE = re.compile(r"^\d{6}$", re.MULTILINE)
_numbers = count(1)


@pytest.fixture
def article(people: People) -> Article:
    return commented.article(people)


def test_an_article_without_comments_has_no_row_and_says_so(article: Article, site: Site) -> None:
    before = site.rows("select count(*) as many from article")[0].many
    answer = article.portal.send(COMMENTS + article.asked)
    assert answer.headers["cache-control"] == "public, max-age=15"
    assert answer.headers["access-control-allow-origin"] == article.portal.origin
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Chưa có bình luận. Bạn viết đầu tiên nhé." in answer.text
    assert "data-room" not in answer.text
    assert "<html" not in answer.text
    assert "set-cookie" not in answer.headers
    again = article.portal.send(COMMENTS + article.asked, **{"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert site.rows("select count(*) as many from article")[0].many == before


def test_a_comment_by_a_bearer_is_in_the_fragment_and_counted(article: Article, site: Site) -> None:
    remark_id = article.written("Xe chạy êm, tôi đi làm đúng giờ.")
    text = article.fragment
    assert f'id="comment-{remark_id}"' in text
    assert f'data-room="article/{article.id}"' in text
    assert "Xe chạy êm" in text
    included = site.visitor().get(COMMENTS + article.asked + "&lang=en")  # by the portal's server
    assert "Write" not in included.headers
    assert "Useful" in included.text
    counted = article.portal.send(f"/embed/counts{article.asked}&article=khac")
    assert counted.json() == {"counts": {article.external: 1, "khac": 0}}
    assert counted.headers["cache-control"] == "public, max-age=60"
    page = site.visitor().get(f"/articles/{article.id}")
    assert "Xe chạy êm" in page.text


def test_the_same_key_is_the_same_comment_whatever_it_holds(article: Article) -> None:
    bearer, key = article.portal.bearer(), f"{next(_numbers):036}"
    first = article.write("Xe chạy êm.", bearer, key=key)
    assert article.write("Lời khác hẳn.", bearer, key=key) == first
    assert article.write("Lời khác hẳn.", article.portal.bearer(sub="u-18"), key=key) != first


def test_a_reply_and_what_finds_it_useful(article: Article, people: People) -> None:
    root = article.written("Bến xe nên có mái che.")
    reply = article.written("Đúng thế, trời mưa đứng rất khổ.", reply_to=root)
    assert f'data-reply-to="{root}"' in article.fragment
    other = article.portal.bearer(sub="u-99", name="Lê An")
    for on, times in ((True, 1), (True, 1), (False, 0)):
        answer = article.portal.send(f"{COMMENTS}/{reply}/useful", {"useful": on}, bearer=other)
        assert answer.json() == {"useful": times}
    own = article.portal.send(f"{COMMENTS}/{reply}/useful", {"useful": True}, bearer=article.portal.bearer())
    assert (own.status_code, own.json()["error"]) == (422, "own_comment")


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"body": ""}, 422, "comment_missing"),
        ({"body": "x" * 2001}, 422, "body_too_long"),
        ({"article": "", "address": ""}, 422, "article_missing"),
        ({"article": "a b"}, 422, "article_wrong"),
        ({"address": "https://khac.example.vn/"}, 422, "article_elsewhere"),
        ({"reply_to": 999_999}, 422, "comment_answers_nothing"),
        ({"published": "hôm qua"}, 422, "article_wrong"),
        ({"site": "khac"}, 403, "embed_site_differs"),
        ({"unknown": 1}, 422, "unknown_field"),
        (
            {"body": "Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, nhận hối lộ và chiếm đoạt tiền hỗ trợ."},
            422,
            "denunciation_hint",
        ),
    ],
)
def test_bad_input_is_told_in_words(article: Article, changed: dict[str, object], status: int, error: str) -> None:
    answer = article.portal.send(COMMENTS, article.body() | changed, bearer=article.portal.bearer())
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["words"]


def test_nobody_writes_without_a_bearer_nor_with_another_sites(article: Article, people: People) -> None:
    other = registered(people)
    for bearer, origin in (("", article.portal.origin), (other.bearer(), article.portal.origin)):
        answer = article.portal.send(COMMENTS, article.body(), bearer=bearer, origin=origin)
        assert (answer.status_code, answer.json()["error"]) == (403, "embed_session_over")
    unknown = article.portal.send(COMMENTS, article.body(), origin="https://c0ng.example.vn")
    assert (unknown.status_code, unknown.json()["error"]) == (403, "embed_origin")


def test_what_waits_is_shown_to_its_writer_alone(article: Article, people: People) -> None:
    bearer = article.portal.bearer()
    remark_id = article.write("Gọi tôi số 0912 345 678 nhé.", bearer)
    mine = article.portal.send(f"{COMMENTS}/mine{article.asked}", bearer=bearer)
    assert (mine.status_code, mine.headers["cache-control"]) == (200, "no-store")
    assert 'data-state="held"' in mine.text
    assert "0912 345 678" not in article.fragment
    other = article.portal.send(f"{COMMENTS}/mine{article.asked}", bearer=article.portal.bearer(sub="u-77"))
    assert "0912" not in other.text
    foreign = article.portal.send(f"{COMMENTS}/{remark_id}/withdraw", {}, bearer=article.portal.bearer(sub="u-77"))
    assert foreign.status_code == 404
    assert article.portal.send(f"{COMMENTS}/{remark_id}/withdraw", {}, bearer=bearer).json()["state"] == "withdrawn"


def test_an_edit_is_shown_with_what_it_said_before(article: Article, site: Site) -> None:
    bearer = article.portal.bearer()
    remark_id = article.written("Nộp vào buổi sáng thì nhanh.", bearer)
    body = {"body": "Đi chuyến buổi chiều thì vắng.", "version": 0}
    assert article.portal.send(f"{COMMENTS}/{remark_id}/edit", body, bearer=bearer).status_code == 200
    again = article.portal.send(f"{COMMENTS}/{remark_id}/edit", body, bearer=bearer)
    assert (again.status_code, again.json()["error"]) == (422, "comment_changed")
    assert "buổi chiều" in article.fragment
    assert "buổi sáng" in site.visitor().get(f"/comments/{remark_id}/revisions").text


def test_a_comment_without_tone_marks_is_taken_with_a_hint(article: Article) -> None:
    answer = article.portal.send(COMMENTS, article.body() | {"body": "Xe chay em lam"}, bearer=article.portal.bearer())
    assert answer.status_code == 202
    assert "có dấu" in answer.json()["hint"]


def test_a_moderator_takes_a_comment_down_everywhere_picks_one_and_closes_the_article(
    article: Article, people: People, site: Site
) -> None:
    gone, stays = article.written("Quýt làm cam chịu."), article.written("Xe chạy êm.")
    moderator = people.staff(CLEARED)
    assert moderator.fill(f"/review/comments/{gone}", {"reason": "out_of_scope"}, action="/hide").is_redirect
    assert moderator.fill(f"/review/comments/{stays}", action="/pick").is_redirect
    text = article.fragment
    assert "Quýt làm cam chịu" not in text
    assert "Ban biên tập chọn" in text
    assert "Quýt làm cam chịu" not in site.visitor().get(f"/articles/{article.id}").text
    page = f"/review/articles/{article.id}"
    assert moderator.fill(page, {"why": "Đã đủ ý kiến."}, action=page, button="close").is_redirect
    assert "data-closed" in article.fragment
    refused = article.portal.send(COMMENTS, article.body(), bearer=article.portal.bearer())
    assert refused.json()["error"] == "article_closed"
    assert people.staff(COORDINATOR).get(page).status_code == 403


def test_a_plain_form_of_a_portals_page_is_shown_and_a_guest_proves_an_address(people: People, site: Site) -> None:
    article = commented.article(people, guests=True)
    reader, email = site.visitor(), f"khach-{next(_numbers)}@thu.example"
    form = {**article.body("Xe chạy êm, mong có thêm chuyến."), "name": "Lê Thị An", "email": email, "reply_to": ""}
    landed = reader.post(
        "/comments", data=form, headers={"origin": article.portal.origin, "sec-fetch-site": "cross-site"}
    )
    assert landed.status_code == 200
    assert "Xe chạy êm, mong có thêm chuyến." in landed.text
    asked = reader.fill(landed, action="/comments")
    assert asked.status_code == 200
    assert "Mã trong thư" in asked.text
    code = CODE.search(people.mails_to(email, 1)[-1][1])
    assert code
    wrong = reader.fill(asked, {"code": "000000" if code[0] != "000000" else "000001"}, action="/comments")
    assert wrong.status_code == 422
    sent = reader.fill(wrong, {"code": code[0]}, action="/comments")
    assert sent.is_redirect
    assert "Bình luận của bạn" in reader.go(sent).text
    site.wait(lambda: "mong có thêm chuyến" in article.fragment)
    assert "Lê Thị An" in article.fragment


def test_a_guest_whose_code_is_no_good_gets_another_one_and_keeps_the_text(people: People, site: Site) -> None:
    article = commented.article(people, guests=True)
    reader, email = site.visitor(), f"khach-{next(_numbers)}@thu.example"
    form = {**article.body("Mong có thêm chuyến tối."), "name": "Lê Thị An", "email": email, "reply_to": ""}
    headers = {"origin": article.portal.origin, "sec-fetch-site": "cross-site"}
    asked = reader.fill(reader.post("/comments", data=form, headers=headers), action="/comments")
    for typed in ({"code": "12"}, {"code": "123456", "ask": "made-up"}):
        wrong = reader.fill(asked, typed, action="/comments")
        assert wrong.status_code == 422
        assert "Mong có thêm chuyến tối." in wrong.text
    again = reader.fill(asked, {"code": ""}, action="/comments", button="yes")
    assert again.status_code == 200
    code = CODE.search(people.mails_to(email, 2)[-1][1])
    assert code
    assert reader.fill(again, {"code": code[0]}, action="/comments").is_redirect
    site.wait(lambda: "thêm chuyến tối" in article.fragment)


def test_who_signs_in_elsewhere_meanwhile_loses_nothing(article: Article, people: People, site: Site) -> None:
    reader, said = site.visitor(), {"body": "Tôi viết trước khi đăng nhập."}
    page, headers = article.body() | said, {"origin": article.portal.origin, "sec-fetch-site": "cross-site"}
    refused = reader.fill(reader.post("/comments", data=page, headers=headers), action="/comments")
    assert refused.status_code == 422
    form = reader.form(refused, action="/comments")
    people.citizen(reader)  # in another window
    assert reader.press(form).is_redirect
    site.wait(lambda: said["body"] in article.fragment)


def test_who_is_signed_in_writes_on_our_page(article: Article, people: People, site: Site) -> None:
    root = article.written("Bến xe nên có mái che.")
    writer = people.staff(COORDINATOR)
    sent = writer.fill(f"/articles/{article.id}/write?to={root}", {"body": "Chúng tôi ghi nhận."}, action="/comments")
    assert sent.is_redirect
    site.wait(lambda: "Chúng tôi ghi nhận." in article.fragment)
    nobody = site.visitor().get(f"/articles/{article.id}/write")
    assert "Bạn cần đăng nhập để viết." in nobody.text
    voter = site.visitor()
    assert voter.fill(f"/comments/{root}/useful", action="/useful").is_redirect
    assert site.rows("select useful from remark where id = :id", id=root)[0].useful == 1


def test_an_article_that_only_waits_has_no_page(article: Article, people: People, site: Site) -> None:
    """Its title is what somebody's page said: nobody has looked at it."""
    article.write("Gọi tôi số 0912 345 678 nhé.")
    assert site.visitor().get(f"/articles/{article.id}").status_code == 404
    assert people.staff(CLEARED).get(f"/review/articles/{article.id}").status_code == 200
