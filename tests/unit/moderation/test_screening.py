"""Promises of screening: what is found, where, and above all what is not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation import wordlist
from moderation.passage import Passage
from moderation.screening import (
    CHECKS,
    Check,
    Context,
    Finding,
    Submission,
    Verdict,
    Weight,
    fingerprint,
    screen,
)
from moderation.text import clean


def context(least: int = 0, most: int = 5000, repeats: int = 0) -> Context:
    hosts = frozenset({"gov.vn", "dangcongsan.vn"})
    return Context("question", least, most, hosts, repeats, wordlist.seed())


def found(body: str, title: str = "") -> dict[str, list[str]]:
    """Reason → the marked pieces."""
    fields = {"title": clean(title), "body": clean(body)}
    verdict = screen(Submission(title, body), context())
    return {f.reason: [fields[s.field][s.start : s.end] for s in f.spans] for f in verdict.findings}


GUILTY = [
    ("phone", "Xin gọi cho tôi theo số 0912345678 nhé", "0912345678"),
    ("phone", "điện thoại 0912 345 678", "0912 345 678"),
    ("phone", "đt: 0912.345.678.", "0912.345.678"),
    ("phone", "zalo +84 912 345 678", "+84 912 345 678"),
    ("phone", "zalo 84912345678", "84912345678"),
    ("phone", "máy bàn 024.3825.1234", "024.3825.1234"),
    ("phone", "máy bàn (028) 3825 1234", "(028) 3825 1234"),
    ("id_number", "CCCD số 034091001234 cấp năm 2021", "034091001234"),
    ("id_number", "căn cước 034 091 001 234", "034 091 001 234"),
    ("id_number", "số CMND: 123456789", "123456789"),
    ("id_number", "số căn cước của tôi 999999999999", "999999999999"),
    ("bank_account", "STK 19034567890123 Techcombank", "19034567890123"),
    ("bank_account", "chuyển vào số tài khoản 0071000123456", "0071000123456"),
    ("bank_account", "Vietcombank: 1012345678", "1012345678"),
    ("email", "liên hệ nguyen.van.a+hoi@gmail.com.", "nguyen.van.a+hoi@gmail.com"),
    ("address", "Tôi ở số nhà 12/5 khu tập thể", "số nhà 12/5"),
    ("address", "nhà tôi ở ngõ 12 phường Láng", "nhà tôi ở ngõ 12 phường Láng"),
    ("address", "Thường trú: thôn Đoài, xã Tân Phú", "Thường trú: thôn Đoài"),
    ("address", "tìm đến số 45 đường Trần Phú", "số 45 đường Trần Phú"),
    ("plate", "xe mang biển 29A-123.45 chạy ẩu", "29A-123.45"),
    ("plate", "xe máy 59X1 12345", "59X1 12345"),
    ("plate", "biển số 30f 1234", "30f 1234"),
    ("link", "xem https://kiemtien.example/abc?x=1, hay lắm", "https://kiemtien.example/abc?x=1"),
    ("link", "vào www.choi-game.top ngay", "www.choi-game.top"),
    ("link", "vào choigame.xyz/nhan-qua", "choigame.xyz/nhan-qua"),
    ("link", "giả mạo https://dichvucong.gov.vn.evil.example", "https://dichvucong.gov.vn.evil.example"),
    ("vulgar", "đồ đ.ị.t", "đ.ị.t"),
    ("vulgar", "v c l thật", "v c l"),
    ("vulgar", "ĐỊTTTT", "ĐỊTTTT"),
    ("vulgar", "đầu buồi", "đầu buồi"),
    ("vulgar", "cái l.ồn gì", "l.ồn"),
    ("vulgar", "cái l0n", "l0n"),
    ("vulgar", "địtmẹ chúng nó", "địtmẹ"),
    ("vulgar", "đkmmmm", "đkmmmm"),
    ("vulgar", "dit me may", "dit me"),
    ("insult", "đúng là đồ óc chó", "óc chó"),
    ("insult", "lũ  khốn   nạn", "khốn   nạn"),
    ("slur", "bọn tàu khựa", "tàu khựa"),
    ("threat", "tao sẽ giết mày", "giết mày"),
    ("repeats_itself", "trời ơiiiiiiiiiiiii", "iiiiiiiiiiiii"),
    ("shouting", "bao giờ trả lời!!!!!!", "!!!!!!"),
    ("complaint", "Tôi xin khiếu nại quyết định thu hồi đất", "Tôi xin khiếu nại"),
]


@pytest.mark.parametrize(("reason", "body", "marked"), GUILTY)
def test_what_must_be_seen_is_seen_at_its_place(reason: str, body: str, marked: str) -> None:
    assert marked in found(body).get(reason, [])


@pytest.mark.parametrize(("reason", "body", "marked"), GUILTY)
def test_the_title_is_read_too(reason: str, body: str, marked: str) -> None:
    assert marked in found("Nội dung câu hỏi bình thường.", title=body).get(reason, [])


INNOCENT = [
    "Theo Nghị định 178/2024/NĐ-CP và Luật số 41/2024/QH15, điều 64 khoản 1 điểm b",
    "Thông tư 01/2025/TT-BNV ngày 17/01/2025, Công văn 1814/BNV-TCBC",
    "ngày 03.05.2024 08:30 tôi nộp hồ sơ, hẹn 08-12-2024",
    "giai đoạn 2021 2025 và 2026-2030",
    "gọi tổng đài 1900 6068, 1800 1166, 18001166, 111, 113, 115",
    "đường dây nóng 0243 825 1234 của Sở",
    "số tiền 1.234.567.890 đồng, tức 12,5% của 9.876.543.210 đồng",
    "tài khoản bị trừ 15000000 đồng",
    "mã hồ sơ 000.00.12.H26-250312-0001",
    "hộp thư bandoc@moha.gov.vn và trang https://dichvucong.gov.vn, chinhphu.gov.vn/abc",
    "trụ sở UBND phường tại số 5 phố Huế",
    "ngõ 12 phố Huế thường xuyên ngập",
    "lớp 12A 2024, phòng 35 A4, khu 20 B2",
    "đầu buổi sáng các anh bắt lợn, mua lon sữa và con cá các",
    "quả óc chó, dầu óc chó và hạt óc chó nhập khẩu",
    "cạc mạng, các cạc màn hình",
    "các điểm a, b, c, d, đ, e khoản 2",
    "U.B.N.D xã, T.P Hồ Chí Minh, v.v.",
    "H1N1, 4G, Q1, A1, B2, COVID19",
    "con xoong và cái boong tàu",
    "miễn học phí cho cháu vô học kỳ hai",
    "UBND, HĐND, BHXH, BHYT, CCCD, GPLX, VNeID, THPT, THCS",
    "Có được không? Vâng! Thật sao?!",
    "Kỳ hạn....... ngày ..... tháng ...... năm",
    "Tố cáo là gì?",
    "Thủ tục tố cáo cán bộ thực hiện như thế nào?",
    "Tôi muốn tố cáo thì gửi đơn ở đâu?",
    "Xin hỏi tôi gửi đơn tố cáo đến cơ quan nào?",
    "Khiếu nại và tố cáo khác nhau thế nào?",
    "Xin hỏi trình tự khiếu nại quyết định hành chính",
    "Thời hạn giải quyết tố cáo theo Luật Tố cáo 2018 là bao lâu?",
    "Kính gửi UBND tỉnh Nghệ An, giải pháp phòng, chống tham nhũng ra sao?",
    "Người phạm tội nhận hối lộ bị phạt tù bao nhiêu năm theo Điều 354?",
    "Tường bao che của trường Nguyễn Du bị nứt",
    "Tôi bị lừa đảo qua mạng, tôi ở tỉnh Nghệ An, cần báo ai?",
    "Đề nghị UBND tỉnh Nghệ An có giải pháp chống nhũng nhiễu",
    "Cán bộ xã đã nhận hồ sơ của bà Nguyễn Thị Lan tại xã Tân Phú nhưng chưa trả kết quả",
]


@pytest.mark.parametrize("body", INNOCENT)
def test_what_is_innocent_is_left_alone(body: str) -> None:
    assert found(body) == {}


DENUNCIATIONS = [
    "Tôi xin tố cáo ông Nguyễn Văn Bình",
    "Chúng tôi làm đơn tố cáo việc sau đây.",
    "ĐƠN TỐ CÁO\nKính gửi cơ quan có thẩm quyền",
    "Chủ tịch UBND xã Tân Phú nhận hối lộ của doanh nghiệp.",
    "Ông Trần Văn Nam, cán bộ địa chính, nói phải biết điều thì mới ký.",
    "Công an phường Bến Nghé vòi tiền người bán hàng",
    "Hiệu trưởng trường THCS Nguyễn Du khai khống tiền ăn của học sinh",
    "Giám đốc Sở Xây dựng bao che cho nhà thầu",
    "Tôi bị công an phường 5 hạch sách nhiều lần",
    "chu tich xa tan phu nhan hoi lo cua dan",
    "toi xin to cao truong thon",
    "chủ tịch xã tân phú tham ô tiền hỗ trợ",
]


@pytest.mark.parametrize("body", DENUNCIATIONS)
def test_an_accusation_of_somebody_identifiable_is_sealed(body: str) -> None:
    verdict = screen(Submission("", body), context())
    assert verdict.outcome == "denunciation"
    assert verdict.findings[0].reason == "denunciation"
    assert verdict.findings[0].spans


def test_an_accusation_far_from_any_name_is_none() -> None:
    far = "Ông Nguyễn Văn Bình là hàng xóm của tôi." + " Trời mưa rất to." * 20 + " Nạn vòi tiền ở nhiều nơi."
    assert "denunciation" not in found(far)


def test_text_without_diacritics_is_accepted_and_marked() -> None:
    verdict = screen(Submission("", "toi muon hoi ve the bao hiem y te dau buoi cac lon"), context())
    assert verdict.outcome == "clean"
    assert [finding.reason for finding in verdict.findings] == ["no_diacritics"]


def test_shouting_is_most_of_the_words_and_abbreviations_are_not_shouted() -> None:
    assert "shouting" in found("ĐỀ NGHỊ CƠ QUAN CHỨC NĂNG XEM XÉT LẠI NGAY")
    assert found("UBND HĐND BHXH BHYT CCCD GPLX THPT THCS PCCC GTVT") == {}


def test_a_pasted_paragraph_is_seen() -> None:
    line = "Đề nghị giải quyết ngay hồ sơ của tôi"
    assert found(f"{line}\n{line}\n{line}")["repeats_itself"] == [line, line]


def test_lengths_say_their_figures() -> None:
    short = screen(Submission("", "ngắn"), context(least=50)).findings
    long = screen(Submission("", "dài quá"), context(most=3)).findings
    assert short == (Finding("too_short", Weight.HOLD, figures={"length": 4, "least": 50}),)
    assert long == (Finding("too_long", Weight.HOLD, figures={"length": 7, "most": 3}),)


def test_a_text_seen_lately_is_held() -> None:
    findings = screen(Submission("", "một câu hỏi"), context(repeats=3)).findings
    assert findings == (Finding("repeated", Weight.HOLD, figures={"repeats": 3}),)


def test_all_reasons_are_collected() -> None:
    body = "Đồ khốn nạn! Gọi 0912345678, CCCD 034091001234, xem https://a.example, mail a@b.com"
    assert set(found(body)) == {"insult", "phone", "id_number", "link", "email"}


def test_spans_count_on_the_cleaned_text() -> None:
    assert found("\u200b\u200b  gọi\u202e 0912\u200b345678")["phone"] == ["0912345678"]


def test_a_verdict_survives_its_storage() -> None:
    verdict = screen(Submission("Gọi 0912345678", "Tôi xin tố cáo ông Nguyễn Văn Bình"), context(least=90))
    assert len(verdict.findings) == 3
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


def test_a_seal_outweighs_a_hold_and_a_hold_a_note() -> None:
    note, hold, seal = (Verdict((Finding("x", weight),)) for weight in Weight)
    assert [v.outcome for v in (Verdict(), note, hold, seal)] == ["clean", "clean", "held", "denunciation"]
    assert Verdict().gravity < note.gravity < hold.gravity < seal.gravity


def test_the_fingerprint_sees_through_case_marks_and_punctuation() -> None:
    one = fingerprint(Submission("Hỏi", "Bao giờ trả lời?"))
    assert one == fingerprint(Submission("HOI", "bao gio   tra loi!!!"))
    assert one != fingerprint(Submission("Hỏi", "Bao giờ trả tiền?"))
    assert len(one) == 32


PIECES = st.sampled_from(
    [body for _, body, _ in GUILTY] + INNOCENT + DENUNCIATIONS + ["(", "((((", "0" * 30, "1 ", "a.b.", "@", "\n", "đ "]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12))
def test_no_text_breaks_screening_and_every_span_lies_inside(pieces: list[str]) -> None:
    body = " ".join(pieces)
    cleaned = clean(body)
    for finding in screen(Submission(body[:20], body), context()).findings:
        for span in finding.spans:
            limit = len(clean(body[:20])) if span.field == "title" else len(cleaned)
            assert 0 <= span.start < span.end <= limit


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_in_the_list_finds_something_among_these_examples(check: Check) -> None:
    bodies = [body for _, body, _ in GUILTY] + DENUNCIATIONS + ["toi muon hoi ve the bao hiem"]
    examples = [(Passage("title", ""), Passage("body", body)) for body in bodies]
    assert any(list(check(example, context(least=20, repeats=1))) for example in examples)
