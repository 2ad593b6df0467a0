"""How far down a complaint's form the matter itself stands; on the running demo, as the
officer.

The figures to keep (at 1440 × 900, status “Investigating”): text above 420 px, tabs
above 700 px, at most 14 labels before the text; at 390 px text and products within the
first screen and a half.
"""

import sys

from playwright.sync_api import sync_playwright
from screenshots import BASE, chromium, signed_in

LIMITS = {
    "text": 420,
    "tabs": 700,
    "labels": 14,
    "phone text": 1266,
    "phone products": 1266,
}


def opened(browser, address=None, **size):
    page = signed_in(browser, "officer", **size)
    if not address:
        page.goto(f"{BASE}/odoo/complaints")
        page.wait_for_selector(".o_list_view .o_data_row")
        row = page.locator(".o_data_row", has_text="Investigating").first
        row.locator("td[name=name]").click()
    else:
        page.goto(address)
    page.wait_for_selector(".o_form_view .o_field_widget[name=line_ids]")
    page.wait_for_timeout(800)
    return page


def top(page, selector):
    return round(page.locator(selector).first.bounding_box()["y"])


def figures(browser):
    page = opened(browser, width=1440, height=900)
    text = top(page, ".o_field_widget[name=description]")
    yield "text", text
    yield "tabs", top(page, ".o_notebook_headers")
    labels = page.locator(".o_form_sheet label.o_form_label:visible")
    tops = [labels.nth(n).bounding_box()["y"] for n in range(labels.count())]
    yield "labels", sum(y < text for y in tops)
    page = opened(browser, page.url, width=390, height=844)
    yield "phone text", top(page, ".o_field_widget[name=description]")
    yield "phone products", top(page, ".o_field_widget[name=line_ids]")


def main():
    missed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        for name, value in figures(browser):
            missed += value > LIMITS[name]
            print(f"{name:15} {value:5}  (at most {LIMITS[name]})")
        browser.close()
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
