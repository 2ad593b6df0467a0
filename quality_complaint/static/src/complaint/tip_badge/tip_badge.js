import {registry} from "@web/core/registry";
import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";

/** A badge that says more when the pointer is on it: `options="{'tip': 'a_char_field'}"`. */
export class TipBadgeField extends BadgeField {
    static template = "quality_complaint.TipBadgeField";
    static props = {...BadgeField.props, tip: {type: String, optional: true}};

    get tip() {
        return this.props.record.data[this.props.tip] || undefined;
    }
}

registry.category("fields").add("tip_badge", {
    ...badgeField,
    component: TipBadgeField,
    extractProps: (info) => ({...badgeField.extractProps(info), tip: info.options.tip}),
    fieldDependencies: ({options}) =>
        options.tip ? [{name: options.tip, type: "char"}] : [],
});
