import {Component, onMounted, onPatched, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {toLocaleDateTimeString} from "@web/core/l10n/dates";

const ICONS = {
    done: "fa-check-circle text-success",
    override: "fa-exclamation-circle text-warning",
    current: "fa-dot-circle-o text-primary",
    waiting: "fa-circle-o text-muted",
    stopped: "fa-ban text-muted",
};

/**
 * The steps D0 to D8 down the left of the 8D form: state, owner, due date; the chosen one is shown beside it.
 * The parts of the form carry `data-step`; which one is shown stands on their common parent, so that nothing of the record changes.
 */
export class StepList extends Component {
    static template = "quality_complaint.StepList";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({chosen: false});
        onMounted(() => this.show());
        onPatched(() => this.show());
    }

    get steps() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            code: record.data.code,
            label: record.data.label,
            state: record.data.state,
            icon: ICONS[record.data.state],
            owner: record.data.responsible_user_id,
            due:
                record.data.due_on &&
                _t("Due %s", toLocaleDateTimeString(record.data.due_on)),
            late: record.data.is_overdue,
            done:
                record.data.done_on &&
                _t("Done %s", toLocaleDateTimeString(record.data.done_on)),
            mayClose: record.data.may_close,
            mayOverride: record.data.may_override,
            accepted: record.data.accepted_on,
            missing: (record.data.missing || "").split("\n").filter(Boolean),
        }));
    }

    get shown() {
        return this.state.chosen || this.props.record.data.current_step || "D8";
    }

    get isOpen() {
        return this.props.record.data.state !== "cancelled";
    }

    choose(code) {
        this.state.chosen = code;
        // on a phone the step stands below the list
        this.scrolls = this.env.isSmall;
    }

    show() {
        const form = this.root.el?.closest(".o_8d");
        if (form) {
            form.dataset.shown = this.shown;
        }
        if (form && this.scrolls) {
            this.scrolls = false;
            form.querySelector(`.o_8d_page_${this.shown}`)?.scrollIntoView({
                behavior: "smooth",
            });
        }
    }

    avatar(owner) {
        return `/web/image/res.users/${owner.id}/avatar_128`;
    }

    async run(step, name, context = {}) {
        if (!(await this.props.record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name,
            resModel: "quality.8d.step",
            resId: step.id,
            resIds: [step.id],
            buttonContext: context,
            context: {...this.props.record.context, ...context},
            onClose: () => this.reload(),
        });
        if (name === "action_done") {
            this.state.chosen = false;
        }
    }

    async reload() {
        await this.props.record.load();
    }

    async edit(step) {
        if (!(await this.props.record.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Owner and Date"),
                res_model: "quality.8d.step",
                res_id: step.id,
                views: [[false, "form"]],
                target: "new",
            },
            {onClose: () => this.reload()}
        );
    }
}

registry.category("fields").add("quality_8d_steps", {
    component: StepList,
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: () =>
        [
            ["code", "char"],
            ["label", "char"],
            ["state", "char"],
            ["due_on", "datetime"],
            ["done_on", "datetime"],
            ["accepted_on", "date"],
            ["is_overdue", "boolean"],
            ["missing", "text"],
            ["may_close", "boolean"],
            ["may_override", "boolean"],
        ]
            .map(([name, type]) => ({name, type}))
            .concat([
                {name: "responsible_user_id", type: "many2one", relation: "res.users"},
            ]),
});
