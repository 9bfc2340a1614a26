"""A reader says that they ask a question too: one click where a script runs, and everybody who has the page open sees the count."""

from playwright.sync_api import expect

from tests.browser import look, stories
from tests.browser.conftest import Open
from tests.site import Site


def test_one_click_votes_stays_on_the_question_and_the_others_see_it(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader, other = page(f"/questions/{told.id}", width=320), page(f"/questions/{told.id}")
    expect(other.locator("html[data-live=socket]")).to_be_attached()
    counts = [one.locator(f'[data-count="votes:{told.id}"]') for one in (reader, other)]
    expect(counts[0]).to_have_text("Chưa có ai khác hỏi câu này.")
    reader.locator("[data-vote-way]").click()
    expect(reader.locator("#votes")).to_contain_text("Bạn cũng hỏi câu này")
    expect(reader.locator("#votes")).to_contain_text("Muốn biết khi có trả lời?")
    assert reader.url.endswith(f"/questions/{told.id}")
    for count in counts:
        expect(count).to_have_text("1 người cũng hỏi")
    expect(reader.locator("#votes button:focus")).to_contain_text("Bỏ")
    assert not look.violations(reader)


def test_the_page_remembers_the_vote_and_it_can_be_taken_back_there(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(f"/questions/{told.id}")
    reader.locator("[data-vote-way]").click()
    expect(reader.locator("#votes")).to_contain_text("Bạn cũng hỏi câu này")
    reader.reload()
    expect(reader.locator("#votes")).to_contain_text("Bạn cũng hỏi câu này")
    reader.locator("[data-vote-form] button").click()
    expect(reader.locator("#votes [data-vote-give]")).to_contain_text("Tôi cũng hỏi")
    expect(reader.locator("[data-vote-next]")).to_be_hidden()
    expect(reader.locator(f'[data-count="votes:{told.id}"]')).to_have_text("Chưa có ai khác hỏi câu này.")


def test_without_a_script_the_button_leads_to_a_page_and_back_to_the_same_spot(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(f"/questions/{told.id}", width=320, javascript=False)
    reader.locator("[data-vote-way]").click()
    reader.locator("[data-vote-give] button").click()
    expect(reader.locator("main")).to_contain_text("1 người cũng hỏi")
    reader.get_by_role("link", name="Về câu hỏi").click()
    assert reader.url.endswith(f"/questions/{told.id}#votes")
    expect(reader.locator("#votes")).to_be_in_viewport()
