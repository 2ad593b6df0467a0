import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const status = (label) => ({
    content: `the complaint is in status ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
});

tours.add("quality_complaint_register_from_lot", {
    url: "/odoo/complaints",
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=lot_ref] input", run: "edit TOUR-1 && press Tab" },
        { content: "customer filled in", trigger: ".o_field_widget[name=partner_id] input:value(Northwind Motors)" },
        { content: "delivery found", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR-1)" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Scratches on the inner windings" },
        { trigger: "button[name=action_register]", run: "click" },
        { content: "number given", trigger: "h1:contains(QC/)" },
        status("Registered"),
        { content: "one highlighted next step", trigger: "button[name=action_start_investigation].btn-primary" },
    ],
});

tours.add("quality_complaint_plan_return_and_refund", {
    steps: () => [
        status("Planning"),
        { trigger: ".nav-link:contains(Remedies)", run: "click" },
        { trigger: ".o_field_widget[name=remedy_ids] .o_field_x2many_list_row_add a", run: "click" },
        { content: "what is complained of is proposed", trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(TOUR-2)" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(Refund)" },
        { trigger: "button[name=action_submit_plan]", run: "click" },
        status("Executing"),
        { trigger: ".o_statusbar_buttons button[name=action_execute]", run: "click" },
        { trigger: ".nav-link:contains(Remedies)", run: "click" },
        { content: "the return is made", trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(/IN/)" },
    ],
});

tours.add("quality_complaint_reply_revisit_close", {
    steps: () => [
        { trigger: "button[name=action_open_reply].btn-primary", run: "click" },
        { trigger: ".modal .o_field_widget[name=method] input[data-value=oral]", run: "click" },
        { trigger: ".modal button[name=action_send]:contains(Mark as told)", run: "click" },
        status("Replied"),
        { trigger: "button[name=action_open_revisit]", run: "click" },
        { trigger: ".o_field_widget[name=score] input", run: "edit 92" },
        { trigger: "button[name=action_done]", run: "click" },
        { trigger: ".o_field_widget[name=result]:contains(Satisfied)" },
        { trigger: ".o_back_button a, .breadcrumb-item.o_back_button a", run: "click" },
        { trigger: "button[name=action_close]", run: "click" },
        status("Closed"),
    ],
});

tours.add("quality_complaint_warehouse_receives", {
    steps: () => [
        { content: "number and what to look for", trigger: ".alert:contains(QC/):contains(scratches)" },
        { trigger: "button[name=button_validate]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        { trigger: ".o_statusbar_buttons button[name=action_complaint_inspection]", run: "click" },
        { trigger: ".o_data_row:contains(TOUR-3) .o_data_cell[name=note]", run: "click" },
        { trigger: ".o_data_row .o_field_widget[name=note] input", run: "edit Two windings scratched" },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_data_row:contains(Two windings scratched):not(.o_selected_row)" },
    ],
});
