import {Component, markup, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * A field that nobody edits, read when it is seen and not with the record: in a tab,
 * when the tab is opened; elsewhere after the form is there. Rights are those of the
 * field.
 */
export class ComplaintLazy extends Component {
    static template = "quality_complaint.ComplaintLazy";
    static props = {
        ...standardWidgetProps,
        field: String,
        title: {type: String, optional: true},
        html: {type: Boolean, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({value: ""});
        // another record, or the same one read anew
        useRecordObserver((record) => {
            this.load(record.resModel, record.resId, record.data);
        });
    }

    async load(model, id, seen) {
        this.seen = seen;
        const [values] = id
            ? await this.orm.silent.read(model, [id], [this.props.field])
            : [];
        if (this.seen === seen) {
            const value = (values && values[this.props.field]) || "";
            this.state.value = this.props.html && value ? markup(value) : value;
        }
    }
}

registry.category("view_widgets").add("complaint_lazy", {
    component: ComplaintLazy,
    extractProps: ({attrs}) => ({
        field: attrs.field,
        title: attrs.title,
        html: Boolean(attrs.html),
    }),
});
