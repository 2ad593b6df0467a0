import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {registry} from "@web/core/registry";

/**
 * A number that is nothing as long as it is 0: a score nobody has given.
 */
export class BlankFloatField extends FloatField {
    static template = "quality_complaint.BlankFloat";
    static props = {
        ...FloatField.props,
        placeholder: {type: String, optional: true},
    };

    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("blank_float", {
    ...floatField,
    component: BlankFloatField,
    extractProps: (info, dynamicInfo) => ({
        ...floatField.extractProps(info, dynamicInfo),
        placeholder: info.placeholder || info.attrs.placeholder,
    }),
});
