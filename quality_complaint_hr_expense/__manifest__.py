{
    "name": "Quality Complaints: Expenses",
    "summary": "Expenses on complaints, counted in the cost of poor quality",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "images": ["static/description/banner.png"],
    "author": "quality_complaint developers",
    "depends": ["quality_complaint", "hr_expense"],
    "data": [
        "views/hr_expense_views.xml",
        "views/quality_complaint_views.xml",
    ],
    "auto_install": True,
}
