from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list, is_html_empty


class QualityComplaintReply(models.Model):
    """The reply of a batch case: written once per language, drafted for every complaint
    in it with its own address and number.
    """

    _inherit = "quality.complaint.reply"

    def action_distribute(self):
        """Draft this text for all open complaints of the case whose customers read its
        language; drafts that are there get the new text.

        :return: the drafts
        :raise UserError: it is no reply of a batch case, has no text, or no customer
            reads its language
        """
        self.ensure_one()
        self.check_access("write")
        case = self.complaint_id
        if not case.is_batch:
            raise UserError(
                self.env._(
                    "%s is no batch case: send the reply itself.", case.display_name
                )
            )
        if is_html_empty(self.body):
            raise UserError(
                self.env._(
                    "Write the text first; it is taken over into the reply of every "
                    "complaint of %s.",
                    case.display_name,
                )
            )
        # sudo: whoever answers for the case drafts for complaints of other handlers,
        # who send the drafts
        children = case.sudo().child_ids.filtered(
            lambda child: child.state not in ("new", "closed", "cancelled")
        )
        languages = {child: child._customer_lang() for child in children}
        fitting = children.filtered(lambda child: languages[child] == self.lang)
        names = dict(self._selection_lang())
        if not fitting:
            raise UserError(
                self.env._(
                    "No customer of %(complaint)s is written to in %(language)s.",
                    complaint=case.display_name,
                    language=names[self.lang],
                )
            )
        drafts = self.browse()
        for child in fitting:
            draft = child.reply_ids.filtered(
                lambda r, c=child: (
                    r.state == "draft" and r.kind == self.kind and r.round == c.round
                )
            )[:1]
            # sudo: as above
            drafts |= draft or self.sudo().create(
                {"complaint_id": child.id, "kind": self.kind, "lang": self.lang}
            )
        drafts.sudo()._take_shared_text(self)  # sudo: as above
        others = {names.get(language, language) for language in languages.values()} - {
            names[self.lang]
        }
        text = self.env._("Drafted for %s complaints.", len(drafts))
        if others:
            text += " " + self.env._(
                "Customers in other languages need a text of their own: %s.",
                format_list(self.env, sorted(others)),
            )
        case.message_post(body=text)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drafted Replies"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", drafts.ids)],
        }

    def _render_shared_text(self, shared):
        self._render_template(complaint_shared_text=Markup(shared.body or ""))

    def _take_shared_text(self, shared):
        """Address and number of the own complaint around the text of the case."""
        template = self.env.ref(
            "quality_complaint.mail_template_batch_reply", raise_if_not_found=False
        )
        for draft in self:
            if template:
                draft.template_id = template
                draft._render_shared_text(shared)
            else:
                draft.write(
                    {
                        "template_id": False,
                        "subject": shared.subject,
                        "body": shared.body,
                    }
                )
            draft.attachment_ids = shared.attachment_ids
