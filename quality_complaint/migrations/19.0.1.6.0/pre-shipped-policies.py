"""Makes room for the policies of this version: the data files make them anew,
`end-shipped-records.py` decides what becomes of both.

The external ids of the shipped policies and their rows get the version of the policy at
their end, e.g. `policy_r1__v1`; ids without it always belong
to what was shipped last.
"""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        """
        SELECT m.model FROM ir_model_inherit i JOIN ir_model m ON m.id = i.model_id JOIN ir_model p ON p.id = i.parent_id
        WHERE p.model = 'quality.complaint.policy.part'
        """  # noqa: E501
    )
    parts = [model for (model,) in cr.fetchall()]
    cr.execute(
        """
        SELECT d.id, d.res_id, p.version FROM ir_model_data d JOIN quality_complaint_policy p ON p.id = d.res_id
        WHERE d.model = 'quality.complaint.policy' AND d.module LIKE 'quality\\_complaint%' AND d.name !~ '__v[0-9]+$'
        """  # noqa: E501
    )
    for row, policy, number in cr.fetchall():
        ending = f"__v{number}"
        cr.execute(
            "UPDATE ir_model_data SET name = name || %s WHERE id = %s", [ending, row]
        )
        for model in parts:
            cr.execute(
                SQL(
                    """
                    UPDATE ir_model_data d SET name = d.name || %s FROM %s part
                    WHERE d.model = %s AND d.res_id = part.id AND part.policy_id = %s AND d.module LIKE 'quality\\_complaint%%' AND d.name !~ '__v[0-9]+$'
                    """,  # noqa: E501
                    ending,
                    SQL.identifier(model.replace(".", "_")),
                    model,
                    policy,
                )
            )
