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

tours.add("quality_complaint_compensate", {
    steps: () => [
        status("Planning"),
        { trigger: ".nav-link:contains(Remedies)", run: "click" },
        { trigger: ".o_field_widget[name=remedy_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_field_widget[name=kind] input[data-value=cash_compensation]", run: "click" },
        { content: "no amount is taken over from the refund", trigger: ".modal .o_data_row .o_data_cell[name=amount]:contains(0.00)", run: "click" },
        { trigger: ".modal .o_field_widget[name=amount] input", run: "edit 25.5" },
        { trigger: ".modal .nav-link:contains(Settlement Agreement)", run: "click" },
        { trigger: ".modal .o_field_widget[name=needs_agreement] input:not(:checked)" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(25.50)" },
        { trigger: "button[name=action_submit_plan]", run: "click" },
        status("Executing"),
        { trigger: ".o_statusbar_buttons button[name=action_execute]", run: "click" },
        { trigger: ".nav-link:contains(Remedies)", run: "click" },
        { content: "the credit note waits for the accountant", trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(Draft)" },
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
        { trigger: ".o_data_row .o_data_cell[name=disposition]", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=disposition] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(Scrap)", run: "click" },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_data_row:not(.o_selected_row) button[name=action_dispose]", run: "click" },
        { content: "the scrap order carried it out", trigger: ".o_data_cell[name=disposition_status]:contains(SP/):contains(Done)" },
    ],
});

tours.add("quality_complaint_manager_changes_a_limit", {
    steps: () => [
        { content: "in use: cannot be changed", trigger: ".alert:contains(cannot be changed any more)" },
        { trigger: "button[name=action_new_version]", run: "click" },
        { content: "the copy is not in force", trigger: ".ribbon:contains(Not in force)" },
        { trigger: ".o_field_widget[name=limit_ids] .o_data_row:contains(First response) .o_data_cell[name=summary]", run: "click" },
        { trigger: ".modal .o_field_widget[name=amount] input", run: "edit 3" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=limit_ids] .o_data_row:contains(3 h)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: "button[name=action_put_into_force]", run: "click" },
        { trigger: ".modal button:contains(Ok)", run: "click" },
        { trigger: ".o_notification:contains(is in force)" },
        { trigger: "body:not(:has(.ribbon:contains(Not in force)))" },
    ],
});

tours.add("quality_complaint_deadlines", {
    steps: () => [
        { content: "next deadline and time left", trigger: ".o_field_widget[name=next_due_text]:contains(First response)" },
        { trigger: "button[name=action_tick_responded]", run: "click" },
        { trigger: ".o_field_widget[name=next_due_text]:contains(Investigation started)" },
        { trigger: "button[name=action_open_pause]", run: "click" },
        { trigger: ".modal input[data-value=sample]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Two pieces asked for" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "says that it waits", trigger: ".alert:contains(Waiting for the customer):contains(Two pieces)" },
        { trigger: ".nav-link:contains(Deadlines)", run: "click" },
        { trigger: ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(Paused)" },
        { trigger: "button[name=action_resume]", run: "click" },
        { trigger: ".o_field_widget[name=next_due_text]:contains(Investigation started)" },
        { trigger: ".nav-link:contains(Deadlines)", run: "click" },
        { trigger: ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(Running) button[name=action_extend]", run: "click" },
        { trigger: ".modal .o_field_widget[name=due_on] input", run: "edit 12/31/2030 10:00:00 && press Tab" },
        { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Laboratory is late" },
        { trigger: ".modal .o_field_widget[name=consent_by] input", run: "edit Mr Wang" },
        { trigger: ".modal .o_field_widget[name=consent_on] input", run: "edit 01/02/2026 10:00:00 && press Tab" },
        { trigger: ".modal .o_field_widget[name=consent_note] textarea", run: "edit By phone" },
        { trigger: ".modal button[name=action_grant]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(2030)" },
    ],
});
