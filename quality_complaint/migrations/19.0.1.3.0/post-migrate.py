"""Records of 1.2 get what 1.3 added to them; new records come with the data files."""

from odoo import SUPERUSER_ID, api

# policy → values; roles by the end of their name
POLICIES = {
    "policy_r2": {"new_number": True, "revisit_role_id": "role_customer_care"},
    "policy_r12": {
        "first_review": "other",
        "next_review": "role",
        "next_review_role_id": "role_management",
    },
}
TEAM = ("sales", "quality", "technology", "production")
SOURCE_FORMS = {
    "electronic": ("email", "portal", "media"),
    "written": ("letter", "fax", "regulator", "court"),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"install_mode": True})

    def ref(name):
        return env.ref(f"quality_complaint.{name}", raise_if_not_found=False)

    for name, values in POLICIES.items():
        if policy := ref(name):
            policy.write(
                {
                    field: (found := ref(value)) and found.id
                    if field.endswith("_id")
                    else value
                    for field, value in values.items()
                }
            )
    if major := ref("severity_r1_major"):
        departments = [
            found.id for name in TEAM if (found := ref(f"responsible_{name}"))
        ]
        major.write(
            {
                "needs_team": True,
                "team_role_id": (role := ref("role_management")) and role.id,
                "team_department_ids": [(6, 0, departments)],
            }
        )
    for form, codes in SOURCE_FORMS.items():
        for code in codes:
            if channel := ref(f"channel_{code}"):
                channel.source_form = form
    # cancelled complaints have a day until which they are kept, too
    complaints = env["quality.complaint"].with_context(active_test=False)
    env.add_to_compute(
        complaints._fields["retain_until"],
        complaints.search([("state", "=", "cancelled")]),
    )
    # the evidence of an invalid complaint was what the customer was told; from now on
    # the explanation is a text of its own
    cr.execute(
        "UPDATE quality_complaint SET explanation = validity_reason WHERE validity = "
        "'invalid' AND explanation IS NULL"
    )
    if template := ref("mail_template_final_reply"):
        for lang, _name in env["res.lang"].get_installed():
            translated = template.with_context(lang=lang)
            if "object.validity_reason" in (translated.body_html or ""):
                translated.body_html = translated.body_html.replace(
                    "object.validity_reason", "object.explanation"
                )
