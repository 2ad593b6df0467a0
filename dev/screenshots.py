"""Take the README's pictures from the running demo, as the people who work there."""

import shutil
import sys

from playwright.sync_api import sync_playwright
from settings import CHECKOUT, PORT

BASE = f"http://localhost:{PORT}"
FOLDER = CHECKOUT / "quality_complaint" / "static" / "description"


def signed_in(browser, login, width=1440, height=900):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{BASE}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=60000)
    return page


def shoot(page, name):
    page.mouse.move(0, 0)
    page.wait_for_timeout(1200)
    page.screenshot(path=str(FOLDER / f"{name}.png"))


def officer(browser):
    page = signed_in(browser, "officer")
    page.goto(f"{BASE}/odoo/complaints")
    page.wait_for_selector(".o_list_view .o_data_row")
    shoot(page, "ledger")
    page.click("button.o_kanban")
    page.wait_for_selector(".o_kanban_record")
    shoot(page, "kanban")
    page.goto(f"{BASE}/odoo/complaints/new")
    page.wait_for_selector(".o_form_view")
    page.fill(".o_field_widget[name=lot_ref] input", "CU2606-014")
    page.keyboard.press("Tab")
    page.wait_for_selector(".o_field_widget[name=line_ids] .o_data_row")
    page.click("text=Find deliveries")
    page.wait_for_selector(".modal .o_data_row")
    shoot(page, "match")
    page.goto(f"{BASE}/odoo/complaints")
    page.wait_for_selector(".o_list_view .o_data_row")
    page.locator(".o_data_row", has_text="Executing").first.locator(
        "td[name=name]"
    ).click()
    page.wait_for_selector(".o_form_view")
    page.locator(".o_notebook .nav-link", has_text="Remedies").click()
    shoot(page, "complaint")


def warehouse(browser):
    page = signed_in(browser, "warehouse")
    page.goto(f"{BASE}/odoo/action-stock.action_picking_tree_incoming")
    page.wait_for_selector(".o_data_row")
    page.locator(".o_data_row", has_text="QC/").first.click()
    page.wait_for_selector(".o_form_view")
    shoot(page, "receipt")


def accountant(browser):
    page = signed_in(browser, "accountant")
    page.goto(f"{BASE}/odoo/action-account.action_move_out_refund_type")
    page.wait_for_selector(".o_data_row")
    page.locator(".o_data_row").first.click()
    page.wait_for_selector(".o_form_view")
    shoot(page, "credit_note")


def quality(browser):
    page = signed_in(browser, "quality", height=1100)
    page.goto(f"{BASE}/odoo/quality-8d")
    page.wait_for_selector(".o_data_row")
    page.locator(".o_data_row", has_text="8D/").first.locator("td[name=name]").click()
    page.wait_for_selector("[data-step-item=D4]")
    page.click("[data-step-item=D4]")
    page.wait_for_selector(".o_cause_diagram svg")
    page.locator(".o_cause_diagram svg").scroll_into_view_if_needed()
    shoot(page, "eight_d")


def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for role in (officer, warehouse, accountant, quality):
            role(browser)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
