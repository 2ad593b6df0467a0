{
    "name": "Quality Complaints: Dashboards",
    "summary": "Today, the month, suppliers and cost: complaints in Odoo's dashboards",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "images": ["static/description/banner.png"],
    "author": "quality_complaint developers",
    "depends": ["quality_complaint", "spreadsheet_dashboard"],
    "data": ["data/dashboards.xml", "views/menus.xml"],
    "auto_install": True,
}
