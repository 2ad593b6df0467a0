from odoo import models


class Quality8d(models.Model):
    """What follows when something happens to an 8D report."""

    _inherit = "quality.8d"

    def _on_written(self, vals):
        """
        :param dict vals: that were written
        """
        if vals.get("stop_ship") == "yes":
            self._stop_deliveries()

    def _on_suspects_changed(self):
        """Lots were complained of or contained since deliveries were stopped."""
        self._stop_deliveries()
