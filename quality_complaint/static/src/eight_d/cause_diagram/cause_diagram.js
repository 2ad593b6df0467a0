import {Component, markup, onWillUnmount, useEffect, useRef, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const DELAY = 200;

/**
 * Cause-and-effect diagram, 5-why chain or Pareto of the causes in the form, drawn by the server (which prints the same picture) as they are edited.
 * The causes are read as the list beside it has them: it has to show the fields that are drawn.
 */
export class CauseDiagram extends Component {
    static template = "quality_complaint.CauseDiagram";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({picture: "ishikawa", svg: ""});
        this.asked = 0;
        useEffect(
            () => {
                // a report that is opened is drawn at once, after the form stands
                const opened = this.drawnId !== this.props.record.id;
                this.drawnId = this.props.record.id;
                const timer = setTimeout(() => this.draw(), opened ? 0 : DELAY);
                return () => clearTimeout(timer);
            },
            () => [this.props.record.id, this.question]
        );
        // an answer that comes later is for nobody
        onWillUnmount(() => this.asked++);
    }

    get records() {
        return this.props.record.data[this.props.name].records;
    }

    get effect() {
        return this.props.record.data.subject || "";
    }

    get causes() {
        return this.records.map((record) => ({
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

    /** All that the picture depends on. */
    get question() {
        return JSON.stringify([this.effect, this.causes, this.state.picture]);
    }

    /** The last question wins; when the server does not answer, the picture before stays. */
    async draw() {
        const number = ++this.asked;
        const ids = this.props.record.resId ? [this.props.record.resId] : [];
        try {
            const svg = await this.orm.silent.call("quality.8d", "draw_causes", [
                ids,
                this.effect,
                this.causes,
                this.state.picture,
            ]);
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

    /** A click on a cause goes to its row in the list. */
    onClick(ev) {
        const drawn = ev.target.closest("[data-cause]")?.dataset.cause;
        const record =
            drawn && this.records.find(({resId, id}) => String(resId || id) === drawn);
        const row =
            record &&
            this.root.el
                .closest(".o_form_view")
                ?.querySelector(`.o_data_row[data-id="${record.id}"]`);
        if (row) {
            row.scrollIntoView({block: "center"});
            // later, since the list takes this click for one outside of its rows and leaves them
            setTimeout(() => row.querySelector("td[name=name]")?.click());
        }
    }
}

registry.category("fields").add("cause_diagram", {
    component: CauseDiagram,
    supportedTypes: ["one2many"],
});

/** A picture made by the server, in a computed text field. What people can type is never shown as a picture. */
export class SvgPicture extends Component {
    static template = "quality_complaint.SvgPicture";
    static props = {...standardFieldProps};

    get picture() {
        const {data, fields} = this.props.record;
        const svg = data[this.props.name] || "";
        return fields[this.props.name].readonly && svg.startsWith("<svg ")
            ? markup(svg)
            : "";
    }
}

registry
    .category("fields")
    .add("svg_picture", {component: SvgPicture, supportedTypes: ["text"]});
