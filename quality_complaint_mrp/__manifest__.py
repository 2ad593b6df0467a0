{
    "name": "Quality Complaints: Kits",
    "summary": (
        "Complaints about components of kits are matched with the kit's order and "
        "invoice"
    ),
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "images": ["static/description/banner.png"],
    "author": "quality_complaint developers",
    "depends": ["quality_complaint", "sale_mrp"],
    "auto_install": True,
}
