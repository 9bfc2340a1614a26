"""CPU milliseconds that screening takes: `python -m tests.benchmarks.screening`.

Two promises: 2,000 ordinary characters in 2 ms, and no hostile text costs more than its length.
"""

from collections.abc import Callable
from statistics import median
from time import thread_time

from moderation import wordlist
from moderation.screening import Context, Submission, screen

CONTEXT = Context("question", 20, 20_000, frozenset({"gov.vn"}), 0, wordlist.seed())
ORDINARY = (
    "Kính gửi Bộ Nội vụ, gia đình tôi ở xã Tân Phú, tỉnh Đồng Nai đã nộp hồ sơ đề nghị cấp giấy chứng nhận "
    "quyền sử dụng đất từ ngày 12/03/2025 theo Nghị định 101/2024/NĐ-CP nhưng đến nay chưa được giải quyết. "
    "Xin hỏi thời hạn là bao lâu và cơ quan nào có trách nhiệm trả lời? "
)
ACCUSING = "Chủ tịch UBND xã Tân Phú nhận hối lộ 0912345678, CCCD 034091001234, số nhà 12/5, xe 29A-123.45. "
HOSTILE = {
    "digits": "1",
    "digits and spaces": "0 ",
    "phones without an end": "09123456789",
    "opening brackets": "(",
    "spaces": "x ",
    "dots and letters": "a.",
    "letters and spaces": "đ ",
    "at signs": "a@a.",
    "slashes": "số 1/",
    "dwelling": "tôi ở ",
    "accounts": "tài khoản ",
    "offices": "chủ tịch ",
    "accusations": "Ông An tham ô ",
    "steps": "tôi xin xin xin ",
    "denouncing": "tôi đơn ",
    "links": "http://",
    "hosts": "a-.",
    "marks": "a\u0301\u0302\u0303\u0304",
    "invisible": "\u200b",
    "blank lines": "\n",
    "tabs before words": "\t" * 50 + "x",
    "one letter": "a",
    "capitals": "ÁÀ ",
}


def timed(run: Callable[[], object], rounds: int) -> tuple[float, float]:
    run()
    spent = []
    for _ in range(rounds):
        begun = thread_time()
        run()
        spent.append((thread_time() - begun) * 1000)
    return median(spent), sorted(spent)[int(len(spent) * 0.95)]


def report(name: str, body: str, rounds: int) -> None:
    middle, high = timed(lambda: screen(Submission("Hỏi về hồ sơ đất đai", body), CONTEXT), rounds)
    print(f"{name:24} {len(body):6} characters   median {middle:7.2f} ms   p95 {high:7.2f} ms")


def growth(unit: str) -> float:
    """How many times dearer ten times the text is; 10 is linear."""
    short, long = ((unit * length)[:length] for length in (1_000, 10_000))
    small, _ = timed(lambda: screen(Submission("", short), CONTEXT), 15)
    large, _ = timed(lambda: screen(Submission("", long), CONTEXT), 3)
    return large / small


def main() -> None:
    report("ordinary", (ORDINARY * 10)[:2000], 300)
    report("full of findings", (ACCUSING * 25)[:2000], 100)
    for name, unit in HOSTILE.items():
        report(name, (unit * 10_000)[:10_000], 5)
    print("ten times the text costs, times:")
    for name, unit in HOSTILE.items():
        print(f"{name:24} {growth(unit):6.1f}")


if __name__ == "__main__":
    main()
