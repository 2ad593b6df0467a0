import {EventBus, status, useSubEnv} from "@odoo/owl";
import {odooExceptionTitleMap, WarningDialog} from "@web/core/errors/error_dialogs";
import {_t} from "@web/core/l10n/translation";
import {rpcBus} from "@web/core/network/rpc";
import {Notebook} from "@web/core/notebook/notebook";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {FormCompiler} from "@web/views/form/form_compiler";
import {FormController} from "@web/views/form/form_controller";
import {FormRenderer} from "@web/views/form/form_renderer";
import {formView} from "@web/views/form/form_view";
import {StatusBarButtons} from "@web/views/form/status_bar_buttons/status_bar_buttons";

// nothing was done wrong: the title says what it is about
const INCOMPLETE = "odoo.addons.quality_complaint.tools.missing.IncompleteError";
odooExceptionTitleMap.set(INCOMPLETE, _t("Not Complete Yet"));
registry.category("error_dialogs").add(INCOMPLETE, WarningDialog);

// the tab that shows what a next step of `quality.complaint` works on
const TAB_OF_STEP = {
    take: "investigation",
    investigate: "investigation",
    conclude: "investigation",
    plan: "remedies",
    approve: "remedies",
    execute: "remedies",
    reply: "letters",
    revisit: "letters",
    wait: "remedies",
};

/** Tells the bar of buttons which of them stay in sight: the next step, and what is marked to stand beside it. */
export class ComplaintFormCompiler extends FormCompiler {
    compileHeader(el, params) {
        const statusBar = super.compileHeader(el, params);
        for (const slot of statusBar.firstElementChild.children) {
            const look = slot.firstElementChild.getAttribute("className") || "";
            slot.setAttribute("isNext", String(look.includes("btn-primary")));
            slot.setAttribute("isBeside", String(look.includes("o_complaint_beside")));
        }
        return statusBar;
    }
}

/** The next step and what stands beside it; everything else in one dropdown, at every width. */
export class ComplaintStatusBarButtons extends StatusBarButtons {
    static template = "quality_complaint.StatusBarButtons";

    get shownSlotNames() {
        const slots = this.props.slots;
        const next = this.visibleSlotNames.filter((name) => slots[name].isNext);
        const beside = this.visibleSlotNames.filter((name) => slots[name].isBeside);
        return this.env.isSmall
            ? [...next, ...beside].slice(0, 1)
            : [...next, ...beside];
    }

    get otherSlotNames() {
        const shown = this.shownSlotNames;
        return this.visibleSlotNames.filter((name) => !shown.includes(name));
    }
}

/** Opens the tab of the current step with the record, and the tab of what an error says is missing; else it never moves by itself. */
export class ComplaintNotebook extends Notebook {
    setup() {
        super.setup();
        if (!this.props.defaultPage) {
            const tab = TAB_OF_STEP[this.env.model.root.data.next_step];
            this.show(([, page]) => page.name === tab);
        }
        useBus(this.env.complaintTabs, "SHOW_FIELD", ({detail}) =>
            this.show(([, page]) =>
                page.fieldNames?.some((name) => detail.includes(name))
            )
        );
    }

    show(isWanted) {
        const wanted = this.navItems.find(isWanted);
        if (wanted) {
            this.activatePage(wanted[0]);
        }
    }
}

function isButton({data, error}) {
    return !error && "args" in data.params && data.params.method?.startsWith("action_");
}

export class ComplaintFormController extends FormController {
    /** Nothing was typed: nothing is kept, and no clock runs. */
    async beforeUnload(ev) {
        const {root} = this.model;
        if (root.isNew && !root.dirty) {
            return;
        }
        return super.beforeUnload(ev);
    }

    setup() {
        super.setup();
        const tabs = new EventBus();
        useSubEnv({complaintTabs: tabs});
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            const missing = detail.error?.data?.context?.complaint_missing;
            if (missing && missing.complaint_id === this.model.root.resId) {
                tabs.trigger("SHOW_FIELD", missing.fields);
            }
            // a button in a dialog over the form, e.g. of an action: what the form says
            // of it is read anew when the dialog is closed
            if (isButton(detail) && this.ui.activeElement !== document) {
                this.isBehind = true;
                // finished, and no further action comes of it: nothing is left to save
                // or to discard
                const isFinished = detail.data.params.method === "action_done";
                if (isFinished && detail.result === false) {
                    this.dialogService.closeAll();
                }
            }
        });
        this.ui = useService("ui");
        useBus(this.ui.bus, "active-element-changed", async () => {
            if (!this.isBehind || this.ui.activeElement !== document) {
                return;
            }
            this.isBehind = false;
            if (status(this) !== "destroyed" && !(await this.model.root.isDirty())) {
                await this.model.load();
            }
        });
    }
}

export class ComplaintFormRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        Notebook: ComplaintNotebook,
        StatusBarButtons: ComplaintStatusBarButtons,
    };
}

registry.category("views").add("complaint_form", {
    ...formView,
    Compiler: ComplaintFormCompiler,
    Controller: ComplaintFormController,
    Renderer: ComplaintFormRenderer,
});
