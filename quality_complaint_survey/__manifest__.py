{
    "name": "Quality Complaints: Satisfaction Surveys",
    "summary": (
        "Regular satisfaction surveys with rules of validity, weighted scores and "
        "grades; questionnaires after a revisit or closing"
    ),
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "images": ["static/description/banner.png"],
    "author": "quality_complaint developers",
    "depends": ["quality_complaint", "survey"],
    "data": [
        "security/ir.model.access.csv",
        "security/quality_complaint_survey_rules.xml",
        "data/quality_complaint_survey_data.xml",
        "data/mail_template_data.xml",
        "data/ir_cron_data.xml",
        "report/survey_templates.xml",
        "views/quality_complaint_survey_views.xml",
        "views/survey_views.xml",
        "views/quality_complaint_views.xml",
        "views/survey_stop_templates.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["quality_complaint_survey/static/tests/tours/**/*"],
    },
    "auto_install": True,
}
