"""Twenty thousand advance questions of one dialogue: `python -m tests.benchmarks.advance [questions] [sqlite|postgres]`.

Milliseconds of finding what was asked before, and of the lists of clusters; seconds of grouping all of it, and what the event loop
waits meanwhile. The questions are invented, and the same every time.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import quantiles

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clusters, dialogues, ranks, seed, sifting, tables, traces, voting
from engage.access import Moderation
from engage.db import Store, into, utc_now
from engage.dialogues import Dialogue, Stage
from engage.people import Kind, Person
from engage.questions import Question
from engage.sifting import Order, Sieve, State
from engage.turns import Turn
from engage.votes import Vote
from tests.benchmarks.lines import on_each, report
from tests.site import Site

RANKED = 500
SEED, ROUNDS, TWINS = 20_261_126, 100, 0.3
Text = tuple[str, str]
SUBJECTS = (
    "bảo hiểm xã hội một lần", "trợ cấp thất nghiệp", "lương hưu", "thẻ bảo hiểm y tế", "giấy chứng nhận quyền sử dụng đất",
    "giấy phép xây dựng", "học phí trường công", "tiền điện sinh hoạt", "hộ khẩu của con", "căn cước công dân",
    "trợ cấp người cao tuổi", "thuế thu nhập cá nhân", "hỗ trợ nhà ở xã hội", "chế độ thai sản", "bồi thường giải phóng mặt bằng",
    "nước sạch nông thôn", "đường liên xã", "vay vốn hộ nghèo", "tuyển sinh lớp mười", "khám chữa bệnh trái tuyến",
)  # fmt: skip
ASKS = (
    "Bao lâu thì được giải quyết {0} {1}", "Hồ sơ {0} {1} gồm những gì", "Vì sao {0} {1} bị chậm", "Mức {0} {1} tính thế nào",
    "Ai có trách nhiệm về {0} {1}", "Tôi có được hưởng {0} {1} không", "Nộp hồ sơ {0} qua mạng ở đâu {1}",
    "Khi nào thay đổi quy định về {0} {1}", "Làm mất giấy tờ về {0} thì xin lại thế nào {1}", "Thủ tục {0} {1} đã bỏ chưa",
)  # fmt: skip
CASES = (
    "khi nghỉ việc trước tuổi", "sau khi sáp nhập xã", "với người làm nghề tự do", "khi đi làm ở nước ngoài",
    "cho người khuyết tật",
    "khi chuyển chỗ ở sang tỉnh khác", "trong năm nay", "với hộ kinh doanh", "cho con dưới sáu tuổi", "khi mất sổ gốc",
    "với lao động nữ", "ở vùng sâu vùng xa", "cho gia đình chính sách", "khi đất chưa có giấy tờ", "với hợp đồng ba tháng",
)  # fmt: skip
LIVES = (
    "Tôi làm công nhân {n} năm", "Gia đình tôi có {n} người", "Mẹ tôi năm nay {n} tuổi", "Xóm tôi có {n} hộ",
    "Tôi nộp hồ sơ từ {n} ngày trước",
    "Công ty cũ nợ đóng {n} tháng", "Nhà tôi rộng {n} mét vuông", "Tôi đã hỏi {n} lần", "Con tôi học lớp có {n} bạn",
    "Thu nhập {n} triệu một tháng",
)  # fmt: skip
THEN = (
    "đến nay chưa thấy ai trả lời.", "cán bộ xã bảo chờ thêm.", "mỗi nơi hướng dẫn một khác.", "tôi không biết hỏi ai.",
    "mong được hướng dẫn cụ thể.", "việc này ảnh hưởng đến cả nhà.", "giấy hẹn đã quá ngày.", "trên mạng ghi không giống nhau.",
)  # fmt: skip
OPENINGS = ("", "Xin hỏi: ", "Cho tôi hỏi ", "Kính gửi chương trình, ")


def texts(count: int) -> Iterator[Text]:
    """Title and body; three of ten ask what somebody asked before, in words of their own."""
    chance = random.Random(SEED)
    asked: list[Text] = []
    for _ in range(count):
        if asked and chance.random() < TWINS:
            title, body = chance.choice(asked[-3_000:])
            yield chance.choice(OPENINGS) + title, f"{body} {_life(chance)}"
            continue
        title = chance.choice(ASKS).format(chance.choice(SUBJECTS), chance.choice(CASES))
        asked.append((f"{title}?", " ".join(_life(chance) for _ in range(chance.randint(2, 5)))))
        yield asked[-1]


def _life(chance: random.Random) -> str:
    return f"{chance.choice(LIVES).format(n=chance.randint(2, 90))}, {chance.choice(THEN)}"


async def fill(store: Store, count: int) -> tuple[int, Sequence[Text]]:
    written = list(texts(count))
    at, chance = utc_now(), random.Random(SEED)
    async with store.transaction() as db:
        asker = Person(kind=Kind.CITIZEN, name="Trần Thị Hoa", created_at=at)
        db.add(asker)
        await db.flush()
        dialogue = Dialogue(
            stage=Stage.INTAKE, title="Đối thoại", starts_at=at + timedelta(days=2), ends_at=at + timedelta(days=2, hours=2),
            created_by=asker.id or 0, created_at=at,
        )  # fmt: skip
        db.add(dialogue)
        await db.flush()
        questions = [
            Question(
                author_id=asker.id or 0, moderation=Moderation.ACCEPTED, title=title, body=body, code=f"{number:064}",
                fingerprint="", consent="", created_at=at, accepted_at=at, dialogue_id=dialogue.key,
            )
            for number, (title, body) in enumerate(written)
        ]  # fmt: skip
        db.add_all(questions)
        await db.flush()
        db.add_all([Turn(question_id=one.key, dialogue_id=dialogue.key, entered_at=at) for one in questions])
        await db.flush()
        rows = [
            {"dialogue_id": dialogue.key, "key": key, "question_id": one.key}
            for one in questions
            for key in traces.keys(one.title)
        ]
        votes = [
            {"surface": "question", "thing_id": one.key, "voter": f"v:{voter}", "since": at, "standing": "counted"}
            for one in questions
            for voter in range(min(200, int(chance.paretovariate(1)) - 1))
        ]
        connection = await db.connection()
        for table, some in ((traces.Trace, rows), (Vote, votes)):
            for start in range(0, len(some), 5_000):
                await connection.execute(into(table), some[start : start + 5_000])
        keys = [one.key for one in questions]
        for start in range(0, len(keys), RANKED):  # the program asks for a few hundred at most
            await ranks.keep(db, keys[start : start + RANKED])
    return dialogue.key, written


async def measure(url: str, count: int) -> None:
    store = Store(url)
    await seed.directory(store)
    dialogue_id, written = await fill(store, count)
    await gather(store, dialogue_id)
    async with store.reading() as db:
        dialogue, step = await dialogues.one(db, dialogue_id), max(1, count // ROUNDS)
        await report("near", ROUNDS, lambda n: clusters.near(db, dialogue_id, written[n * step % count][0], 5))
        await report("biggest clusters", 20, lambda _: clusters.biggest(db, dialogue, 50))
        for order in Order:
            await report(
                f"the desk's list, by {order}", 20, lambda _, order=order: sifting.listed(db, dialogue, Sieve(), order)
            )
        await report(
            "the desk's list, by words",
            20,
            lambda _: sifting.listed(db, dialogue, Sieve(typed="lương hưu"), Order.OLDEST),
        )
        await report("the desk's counts", 20, lambda _: _counts(db, dialogue))
        await report("how many people ask, 50 rows", 20, lambda n: voting.people(db, range(n * 50 + 1, n * 50 + 51)))
        found = await clusters.biggest(db, dialogue, 3)
    print(f"the biggest: {[size for _, size in found]}")
    await store.close()


async def _counts(db: AsyncSession, dialogue: Dialogue) -> None:
    for state in State:
        await sifting.count(db, dialogue, Sieve(state))
    await sifting.unread(db, dialogue)


async def gather(store: Store, dialogue_id: int) -> None:
    gatherer, began, waits = clusters.Gatherer(store), time.monotonic(), list[float]()
    beat = asyncio.create_task(_beat(waits))
    while await gatherer.drain():
        async with store.reading() as db:
            done, every = await clusters.progress(db, dialogue_id)
        print(f"\rgrouped {done} of {every}", end="", flush=True)
    beat.cancel()
    print(f" in {time.monotonic() - began:.1f} s; the event loop waited p95 {quantiles(waits, n=20)[-1]:.0f} ms")


async def _beat(waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        waits.append((time.perf_counter() - began - 0.01) * 1000)


assert tables  # every foreign key finds its table


def measured(site: Site, count: int) -> None:
    site.command("migrate")
    asyncio.run(measure(site.database_url, count))


def main(count: int, kinds: Sequence[str]) -> None:
    on_each(kinds, lambda site: measured(site, count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000, sys.argv[2:] or ("sqlite", "postgres"))
