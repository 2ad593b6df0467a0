import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Words with links to records, opened like any other record: here, with the way back above. */
export class RecordLinks extends Component {
    static template = "quality_complaint.RecordLinks";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    onClick(ev) {
        const {oeModel: model, oeId: id} = ev.target.closest("a")?.dataset || {};
        // else the browser opens the address of the link
        if (model && id && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: Number(id),
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("fields").add("record_links", {
    component: RecordLinks,
    supportedTypes: ["html"],
});
