"""A page's line goes down the ladder where something on the way does not let it through, and up again as soon as it does."""

from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.conftest import Open
from tests.browser.lines import Line, stands

LIVE = "Đang cập nhật tự động"
ASKING = "Mạng chặn kết nối trực tiếp: trang hỏi lại mỗi 15 giây"
BYE = '{"k":"bye","code":4429,"retry_ms":[100,200]}'
FULL = f"data: {BYE}\n\n"


def test_where_sockets_are_blocked_the_page_goes_down_the_ladder_and_climbs_again(page: Open) -> None:
    reader = page(expected=("WebSocket", "ERR_FAILED"))
    blocked = True
    reader.route_web_socket("**/live/**", lambda line: line.close(code=1011) if blocked else line.connect_to_server())
    reader.route("**/live/**/stream?*", lambda request: request.abort())
    reader.clock.install()
    reader.goto("/questions")
    for _ in range(20):
        reader.clock.run_for(1_500)
        if reader.locator("html[data-live=poll]").count():
            break
    stands(reader, ASKING)
    blocked = False
    for _ in range(31):  # something may have changed on the way
        reader.clock.run_for(1_000)
        reader.wait_for_timeout(50)  # what is real needs real time
        if reader.locator("html[data-live=socket]").count():
            break
    expect(reader.locator("html[data-live=socket]")).to_be_attached()
    stands(reader, LIVE)


def test_a_quiet_line_is_kept_and_a_dead_one_noticed(page: Open) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    stands(line.page, LIVE)
    for _ in range(5):
        line.page.clock.run_for(20_000)
        line.opened[-1].send("[]")
        line.page.wait_for_timeout(20)
    assert len(line.opened) == 1
    line.page.clock.run_for(51_000)
    for _ in range(20):
        line.page.clock.run_for(2_000)
    line.wait_for(2)


def test_where_there_are_too_many_lines_the_page_asks_instead(page: Open) -> None:
    reader = page()
    reader.route_web_socket("**/live/**", _full)
    reader.route("**/live/**/stream?*", lambda request: request.fulfill(content_type="text/event-stream", body=FULL))
    reader.clock.install()
    reader.goto("/questions")
    for _ in range(20):
        reader.clock.run_for(2_000)
        if reader.locator("html[data-live=poll]").count():
            break
    stands(reader, ASKING)


def _full(route: WebSocketRoute) -> None:
    route.send(BYE)
    route.close(code=4429)


def test_a_server_that_was_away_is_not_taken_for_a_network_that_blocks(page: Open) -> None:
    reader, lines, away = page(expected=("WebSocket", "ERR_FAILED")), list[WebSocketRoute](), False

    def opened(route: WebSocketRoute) -> None:
        lines.append(route)
        if away:
            route.close(code=1011)
        else:
            route.connect_to_server()

    def asked(route: Route) -> None:
        if away:
            route.abort()
        else:
            route.continue_()

    reader.route_web_socket("**/live/**", opened)
    reader.route("**/live/**/stream?*", asked)
    reader.route("**/live/**/events?*", asked)
    reader.clock.install()
    reader.goto("/questions")
    stands(reader, LIVE)
    away = True
    lines[-1].close(code=1011)
    for _ in range(40):
        reader.clock.run_for(3_000)
        if reader.locator("html[data-live=poll]").count():
            break
    expect(reader.locator("html[data-live=poll]")).to_be_attached()
    away = False
    said = set[str | None]()
    for _ in range(40):
        reader.clock.run_for(1_000)
        reader.wait_for_timeout(50)
        said.add(reader.locator("[data-line] [data-words]").text_content())
        if reader.locator("html[data-live=socket]").count():
            break
    expect(reader.locator("html[data-live=socket]")).to_be_attached()
    assert ASKING not in said
