import { Component, markup, onWillStart, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const DELAY = 200;

/**
 * Cause-and-effect diagram, 5-why chain or Pareto of the causes in the form, drawn by the server (which prints the same picture) as they are edited.
 */
export class CauseDiagram extends Component {
    static template = "quality_complaint.CauseDiagram";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ picture: "ishikawa", svg: "" });
        this.asked = 0;
        onWillStart(() => this.draw());
        useEffect(
            () => {
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.draw(), DELAY);
            },
            () => [JSON.stringify([this.effect, this.causes]), this.state.picture]
        );
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get effect() {
        return this.props.record.data.subject || "";
    }

    get causes() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId || record.id,
            parent_id: record.data.parent_id && record.data.parent_id.id,
            name: record.data.name || "",
            kind: record.data.kind,
            category: record.data.category,
            verdict: record.data.verdict,
            is_root: record.data.is_root,
            share: record.data.share,
        }));
    }

    /** The last question wins; when the server does not answer, the picture before stays. */
    async draw() {
        const number = ++this.asked;
        const ids = this.props.record.resId ? [this.props.record.resId] : [];
        try {
            const svg = await this.orm.silent.call("quality.8d", "draw_causes", [ids, this.effect, this.causes, this.state.picture]);
            if (number === this.asked) {
                this.state.svg = svg;
            }
        } catch {
            // the picture is a help: editing goes on without it
        }
    }

    get picture() {
        return markup(this.state.svg);
    }

    choose(picture) {
        this.state.picture = picture;
    }
}

// the causes are read as the list beside it has them
registry.category("fields").add("cause_diagram", {
    component: CauseDiagram,
    supportedTypes: ["one2many"],
});

/** A picture made by the server, in a computed text field. */
export class SvgPicture extends Component {
    static template = "quality_complaint.SvgPicture";
    static props = { ...standardFieldProps };

    get picture() {
        return markup(this.props.record.data[this.props.name] || "");
    }
}

registry.category("fields").add("svg_picture", { component: SvgPicture, supportedTypes: ["text"] });
