"""What an administrator promises themselves: a real list of agencies comes in at once, and rules are edited like rows."""

import csv
import io

from tests.web.people import ADMINISTRATOR, People

HEADINGS = "slug,name_vi,name_en,level,type,parent,remit_keywords_vi"


def a_thousand_agencies() -> str:
    """As long as real ones are: names, remits, former names."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(HEADINGS.split(","))
    for number in range(1_000):
        remit = ";".join(f"việc thuộc lĩnh vực được giao số {number}, phần {part}" for part in range(4))
        name = f"Trung tâm Phục vụ hành chính công phường số {number}"
        rows.writerow([f"trung-tam-{number}", name, f"Centre {number}", "provincial", "sub_ministry", "bo-y-te", remit])
    return out.getvalue()


def test_a_list_of_a_thousand_agencies_comes_in_at_once(people: People) -> None:
    administrator, sheet = people.staff(ADMINISTRATOR), a_thousand_agencies()
    assert len(sheet.encode()) > 4 * 64 * 1024
    preview = administrator.fill("/admin/agencies/import", {"sheet": sheet}, action="/import")
    assert preview.status_code == 200
    administrator.see("1.000 dòng thêm mới")
    assert administrator.fill(preview, action="/confirm").is_redirect
    administrator.get("/admin/agencies?q=trung-tam-999")
    administrator.see("Trung tâm Phục vụ hành chính công phường số 999")


def test_a_sheet_with_a_bad_line_says_which_and_keeps_what_was_pasted(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    sheet = f"{HEADINGS}\ntrung-tam-moi,Trung tâm mới,New,nowhere,sub_ministry,,"
    administrator.fill("/admin/agencies/import", {"sheet": sheet}, action="/import")
    administrator.see("Dòng 2")
    administrator.see("level: Giá trị này không có trong danh sách.")
    assert administrator.seen is not None
    assert "trung-tam-moi,Trung tâm mới,New,nowhere" in administrator.seen.text
