{
    "name": "Quality Complaints: Repairs",
    "summary": (
        "Repair orders under warranty for goods that come back; repaired goods go to "
        "the customer again"
    ),
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "images": ["static/description/banner.png"],
    "author": "quality_complaint developers",
    "depends": ["quality_complaint", "repair"],
    "data": [
        "views/repair_order_views.xml",
        "views/quality_complaint_remedy_views.xml",
        "views/quality_complaint_views.xml",
    ],
    "auto_install": True,
}
