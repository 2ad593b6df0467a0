import {Component, markup, status, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {ORM} from "@web/core/orm_service";
import {registry} from "@web/core/registry";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

// what is asked of a record in the same moment is read in one go: {record: {fields, values}}
const asked = new Map();
// not the service: it forgets what a component asked that is gone, others wait for it
const orm = new ORM();

function readTogether(model, id, field) {
    const record = `${model},${id}`;
    if (!asked.has(record)) {
        const fields = new Set();
        const values = new Promise((resolve) => browser.setTimeout(resolve)).then(
            () => {
                asked.delete(record);
                return orm.silent.read(model, [id], [...fields]);
            }
        );
        asked.set(record, {fields, values});
    }
    const {fields, values} = asked.get(record);
    fields.add(field);
    return values;
}

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
        this.state = useState({value: ""});
        // another record, or the same one read anew
        useRecordObserver((record) => {
            this.load(record.resModel, record.resId, record.data);
        });
    }

    async load(model, id, seen) {
        this.seen = seen;
        const [values] = id ? await readTogether(model, id, this.props.field) : [];
        if (this.seen === seen && status(this) !== "destroyed") {
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
