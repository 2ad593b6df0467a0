"""Which mail a stamp rests on, and which stamp ended a limit: a reply that comes back
after the upgrade takes them back, too.
"""


def migrate(cr, version):
    # what a reply by mail stamped
    cr.execute(
        """
        UPDATE quality_complaint_deadline stamp
           SET message_id = reply.message_id
          FROM quality_complaint_reply reply
         WHERE reply.complaint_id = stamp.complaint_id
           AND reply.send_as = 'mail' AND reply.state IN ('sent', 'answered')
           AND stamp.limit_id IS NULL AND stamp.message_id IS NULL
           AND stamp.done_on = reply.sent_on
           AND (
               (stamp.source_model = 'quality.complaint.reply' AND stamp.source_id = reply.id)
               OR (stamp.source_model = 'quality.complaint.investigation' AND stamp.source_id = reply.investigation_id)
               OR (
                   stamp.source_model IS NULL
                   AND stamp.milestone_id IN (SELECT id FROM quality_complaint_milestone WHERE code IN ('responded', 'authority_answered'))
               )
           )
        """  # noqa: E501
    )
    # what ended a limit: the stamp of its step at the same moment
    cr.execute(
        """
        UPDATE quality_complaint_deadline ended
           SET ended_by_id = stamp.id
          FROM quality_complaint_deadline stamp
         WHERE ended.limit_id IS NOT NULL AND ended.done_on IS NOT NULL AND ended.ended_by_id IS NULL
           AND stamp.limit_id IS NULL AND stamp.message_id IS NOT NULL
           AND stamp.complaint_id = ended.complaint_id AND stamp.milestone_id = ended.milestone_id AND stamp.done_on = ended.done_on
        """  # noqa: E501
    )
    # the status before the reply: what is required was done, unless it was answered at
    # once
    cr.execute(
        """
        UPDATE quality_complaint_reply reply
           SET replied_from = CASE WHEN type.uses_severity THEN 'executing' ELSE 'registered' END
          FROM quality_complaint complaint JOIN quality_complaint_type type ON type.id = complaint.type_id
         WHERE complaint.id = reply.complaint_id AND complaint.state IN ('replied', 'closed')
           AND reply.kind IN ('final', 'authority') AND reply.state IN ('sent', 'answered') AND reply.replied_from IS NULL
        """  # noqa: E501
    )
