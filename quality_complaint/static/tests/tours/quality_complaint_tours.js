import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const status = (label) => ({
    content: `the complaint is in status ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
});

const press = (name) => [
    {trigger: ".o_complaint_more", run: "click"},
    {trigger: `.o-dropdown--menu button[name=${name}]`, run: "click"},
];

tours.add("quality_complaint_register_from_lot", {
    url: "/odoo/complaints",
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=lot_ref] input",
            run: "edit TOUR-1 && press Tab",
        },
        {
            content: "customer filled in",
            trigger: ".o_field_widget[name=partner_id] input:value(Northwind Motors)",
        },
        {
            content: "delivery found",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR-1)",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Scratches on the inner windings",
        },
        {trigger: "button[name=action_register]", run: "click"},
        {content: "number given", trigger: "h1:contains(QC/)"},
        status("Registered"),
        {
            content: "one highlighted next step",
            trigger: "button[name=action_start_investigation].btn-primary",
        },
    ],
});

tours.add("quality_complaint_one_8d", {
    steps: () => [
        {trigger: ".o_list_table thead .o_list_record_selector input", run: "click"},
        {trigger: ".o_control_panel button[name=action_start_8d]", run: "click"},
        {
            content: "one report for both",
            trigger: ".o_form_view .o_field_widget[name=subject]",
        },
    ],
});

tours.add("quality_complaint_employee_scans", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=lot_ref] input",
            run: "edit TOUR-E && press Tab",
        },
        {
            content: "delivery found, with its lot",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=lot_id]:contains(TOUR-E)",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Scratches on the inner windings",
        },
        {trigger: "button[name=action_register]", run: "click"},
        {content: "number given", trigger: "h1:contains(QC/)"},
        {
            content: "the lot is still there",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=lot_id]:contains(TOUR-E)",
        },
    ],
});

tours.add("quality_complaint_phone_scans", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=lot_ref] input",
            run: `edit ${new URLSearchParams(window.location.search).get("lot")} && press Tab`,
        },
        {
            content: "what was delivered",
            trigger: ".o_field_widget[name=line_ids] .o_kanban_record:contains(PHONE-)",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Scratches on the inner windings",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});

tours.add("quality_complaint_plan_return_and_refund", {
    steps: () => [
        status("Planning"),
        {
            content: "the tab of the step is open",
            trigger: ".nav-link.active:contains(Remedies)",
        },
        {
            trigger: ".o_field_widget[name=remedy_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "what is complained of is proposed",
            trigger:
                ".modal .o_field_widget[name=line_ids] .o_data_row:contains(TOUR-2)",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(Refund)"},
        {trigger: "button[name=action_submit_plan]", run: "click"},
        status("Executing"),
        {trigger: ".o_statusbar_buttons button[name=action_execute]", run: "click"},
        {trigger: ".nav-link:contains(Remedies)", run: "click"},
        {
            content: "the return is made",
            trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(/IN/)",
        },
    ],
});

tours.add("quality_complaint_compensate", {
    steps: () => [
        status("Planning"),
        {
            content: "the tab of the step is open",
            trigger: ".nav-link.active:contains(Remedies)",
        },
        {
            trigger: ".o_field_widget[name=remedy_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=kind] input[data-value=cash_compensation]",
            run: "click",
        },
        {
            content: "no amount is taken over from the refund",
            trigger: ".modal .o_data_row .o_data_cell[name=amount]:contains(0.00)",
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=amount] input", run: "edit 25.5"},
        {trigger: ".modal .nav-link:contains(Settlement Agreement)", run: "click"},
        {trigger: ".modal .o_field_widget[name=needs_agreement] input:not(:checked)"},
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(25.50)"},
        {trigger: "button[name=action_submit_plan]", run: "click"},
        status("Executing"),
        {trigger: ".o_statusbar_buttons button[name=action_execute]", run: "click"},
        {trigger: ".nav-link:contains(Remedies)", run: "click"},
        {
            content: "the credit note waits for the accountant",
            trigger: ".o_field_widget[name=remedy_ids] .o_data_row:contains(Draft)",
        },
    ],
});

tours.add("quality_complaint_reply_revisit_close", {
    steps: () => [
        {trigger: "button[name=action_open_reply].btn-primary", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=method] input[data-value=oral]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_send]:contains(Mark as told)",
            run: "click",
        },
        status("Replied"),
        {trigger: "button[name=action_open_revisit]", run: "click"},
        {trigger: ".o_field_widget[name=score] input", run: "edit 92"},
        {trigger: "button[name=action_done]", run: "click"},
        {trigger: ".o_field_widget[name=result]:contains(Satisfied)"},
        {trigger: ".o_back_button a, .breadcrumb-item.o_back_button a", run: "click"},
        {trigger: "button[name=action_ask_close]", run: "click"},
        status("Closed"),
    ],
});

tours.add("quality_complaint_warehouse_receives", {
    steps: () => [
        {
            content: "number and what to look for",
            trigger: ".alert:contains(QC/):contains(scratches)",
        },
        {trigger: "button[name=button_validate]", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)"},
        {
            trigger: ".o_statusbar_buttons button[name=action_complaint_inspection]",
            run: "click",
        },
        {
            content: "what came is proposed",
            trigger: ".modal .o_field_widget[name=lot_id] input:value(TOUR-3)",
        },
        {
            content: "nothing is said before somebody says it",
            trigger: ".modal .o_field_widget[name=condition]:not(:has(input:checked))",
        },
        {
            trigger:
                ".modal .o_field_widget[name=condition] .form-check:contains(Defective as reported) input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Two windings scratched",
        },
        {trigger: ".modal button[name=action_record]", run: "click"},
        {trigger: ".o_data_row:contains(Two windings scratched):not(.o_selected_row)"},
        {trigger: ".o_data_row .o_data_cell[name=disposition]", run: "click"},
        {
            trigger: ".o_selected_row .o_field_widget[name=disposition] input",
            run: "click",
        },
        {trigger: ".o_select_menu_item:contains(Scrap)", run: "click"},
        {
            trigger:
                ".o_selected_row .o_field_widget[name=disposition] input:value(Scrap)",
        },
        {trigger: ".o_list_button_save", run: "click"},
        {
            trigger:
                ".o_data_row:not(.o_selected_row) button[name=action_dispose]:contains(Scrap)",
            run: "click",
        },
        {
            content: "scrapping asks first",
            trigger: ".modal:contains(cannot be undone) button:contains(Scrap)",
            run: "click",
        },
        {
            content: "the scrap order carried it out",
            trigger:
                ".o_data_cell[name=disposition_status]:contains(SP/):contains(Done)",
        },
    ],
});

tours.add("quality_complaint_manager_changes_a_limit", {
    steps: () => [
        {
            content: "in use: cannot be changed",
            trigger: ".alert:contains(cannot be changed any more)",
        },
        {trigger: "button[name=action_new_version]", run: "click"},
        {
            content: "the copy is not in force",
            trigger: ".ribbon:contains(Not in force)",
        },
        {
            trigger:
                ".o_field_widget[name=limit_ids] .o_data_row:contains(First response) .o_data_cell[name=summary]",
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=amount] input", run: "edit 3"},
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_field_widget[name=limit_ids] .o_data_row:contains(3 h)"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
        {trigger: "button[name=action_put_into_force]", run: "click"},
        {trigger: ".modal button:contains(Ok)", run: "click"},
        {trigger: ".o_notification:contains(is in force)"},
        {trigger: "body:not(:has(.ribbon:contains(Not in force)))"},
    ],
});

tours.add("quality_complaint_deadlines", {
    steps: () => [
        {
            content: "next deadline and time left",
            trigger:
                ".o_field_widget[name=next_due_text]:contains(Give the first response by)",
        },
        ...press("action_tick_responded"),
        {
            trigger:
                ".o_field_widget[name=next_due_text]:contains(Start investigation by)",
        },
        ...press("action_open_pause"),
        {trigger: ".modal input[data-value=sample]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Two pieces asked for",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {
            content: "says that it waits",
            trigger: ".alert:contains(Waiting for the customer):contains(Two pieces)",
        },
        {trigger: ".nav-link:contains(Deadlines)", run: "click"},
        {
            trigger:
                ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(Paused)",
        },
        {trigger: "button[name=action_resume]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=next_due_text]:contains(Start investigation by)",
        },
        {trigger: ".nav-link:contains(Deadlines)", run: "click"},
        {
            trigger:
                ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(Running) button[name=action_extend]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=due_on] input",
            run: "edit 12/31/2030 10:00:00 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Laboratory is late",
        },
        {trigger: ".modal .o_field_widget[name=consent_by] input", run: "edit Mr Wang"},
        {
            trigger: ".modal .o_field_widget[name=consent_on] input",
            run: "edit 01/02/2026 10:00:00 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name=consent_note] textarea",
            run: "edit By phone",
        },
        {trigger: ".modal button[name=action_grant]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            trigger:
                ".o_field_widget[name=limit_deadline_ids] .o_data_row:contains(Whole case):contains(2030)",
        },
    ],
});

tours.add("quality_complaint_reject", {
    steps: () => [
        ...press("action_open_reject"),
        {
            trigger: ".modal .o_field_widget[name=explanation] textarea",
            run: "edit The strip was stored in the open",
        },
        {
            trigger: ".modal .o_field_widget[name=evidence] textarea",
            run: "edit Rust from outside",
        },
        {trigger: ".modal .o_field_widget[name=cause_id] input", run: "click"},
        {trigger: ".o-autocomplete--dropdown-item:contains(Process)", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=responsible_id] input",
            run: "click",
        },
        {trigger: ".o_select_menu_item:contains(Customer)", run: "click"},
        {
            trigger: ".modal button[name=action_confirm]:contains(Reject and write)",
            run: "click",
        },
        {
            content: "the letter explains",
            trigger: ".modal .o_field_widget[name=body]:contains(stored in the open)",
        },
        {trigger: ".modal button[name=action_send]:contains(Send)", run: "click"},
        status("Replied"),
    ],
});

tours.add("quality_complaint_missing", {
    steps: () => [
        {trigger: ".nav-link:contains(Letters)", run: "click"},
        {trigger: "button[name=action_conclude]", run: "click"},
        {content: "says what is missing", trigger: ".modal:contains(Still missing)"},
        {trigger: ".modal .modal-footer button", run: "click"},
        {
            content: "and shows where",
            trigger: ".nav-link.active:contains(Investigation)",
        },
        {trigger: ".nav-link:contains(Letters)", run: "click"},
        {
            content: "the person's choice stays",
            trigger: ".nav-link.active:contains(Letters)",
        },
        {trigger: ".nav-link:contains(Investigation)", run: "click"},
        {
            trigger: ".o_field_widget[name=investigation_ids] td[name=method]",
            run: "click",
        },
        {trigger: ".modal button[name=action_done]:visible", run: "click"},
        {
            content: "what is missing is said, and the dialog stays",
            trigger: ".modal:contains(the result and the finding) .btn-primary",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=result] input[data-value=not_confirmed]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=finding] textarea",
            run: "edit Nothing to be seen",
        },
        {trigger: ".modal button[name=action_done]:visible", run: "click"},
        {
            content: "finished: the dialog closes, the row says so",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=investigation_ids] .o_data_row:contains(Not confirmed)",
        },
    ],
});

tours.add("quality_complaint_sample", {
    steps: () => [
        {trigger: "button[name=action_start_investigation]", run: "click"},
        status("Investigating"),
        {
            content: "the tab of the step is open",
            trigger: ".nav-link.active:contains(Investigation)",
        },
        {
            trigger: ".o_field_widget[name=investigation_ids] button[name=action_open]",
            run: "click",
        },
        {trigger: ".o_field_widget[name=method] input", run: "click"},
        {
            trigger: ".o_select_menu_item:contains(Sample sent by the customer)",
            run: "click",
        },
        {trigger: "button[name=action_ask_sample].btn-primary", run: "click"},
        {
            content: "the letter names the goods",
            trigger: ".modal .o_field_widget[name=body]:contains(TOUR-S)",
        },
        {trigger: ".modal button[name=action_send]:contains(Send)", run: "click"},
        status("Asked for"),
        {trigger: "button[name=action_sample_received]", run: "click"},
        status("Received"),
        {trigger: ".nav-link:contains(Measurements)", run: "click"},
        {
            trigger:
                ".o_field_widget[name=measurement_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=name] input", run: "edit Thickness"},
        {trigger: ".modal .o_field_widget[name=lower] input", run: "edit 0.48"},
        {trigger: ".modal .o_field_widget[name=upper] input", run: "edit 0.52"},
        {
            trigger: ".modal .o_field_widget[name=measured] input",
            run: "edit 0.5 0.53 && press Tab",
        },
        {
            content: "judged while it is typed",
            trigger: ".modal .o_field_widget[name=verdict]:contains(Fails)",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            trigger:
                ".o_field_widget[name=measurement_ids] .o_data_row:contains(0.48 – 0.52):contains(0.53):contains(Fails)",
        },
        {trigger: ".nav-link:contains(Finding)", run: "click"},
        {
            trigger: ".o_field_widget[name=finding] textarea",
            run: "edit One strip is too thick",
        },
        {
            trigger: ".o_field_widget[name=result] input[data-value=confirmed]",
            run: "click",
        },
        {trigger: "button[name=action_done]:visible", run: "click"},
        status("Tested"),
        {trigger: ".nav-link:contains(Lot)", run: "click"},
        {
            content: "figures of the lot",
            trigger:
                ".o_field_widget[name=lot_facts_html]:contains(Northwind Motors):contains(5 Units)",
        },
        {trigger: "button[name=action_sample_kept]", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Kept)"},
    ],
});

tours.add("quality_complaint_revisit_below_the_threshold", {
    steps: () => [
        {
            content: "what was promised",
            trigger: ".o_field_widget[name=promised]:contains(We are sorry)",
        },
        {
            content: "what was done",
            trigger: ".o_field_widget[name=done]:contains(Explanation)",
        },
        {trigger: ".o_field_widget[name=score] input", run: "edit 60 && press Tab"},
        {trigger: "button[name=action_done]", run: "click"},
        {
            content: "reason and measures are wanted",
            trigger: ".modal:contains(why the customer is not satisfied)",
        },
        {trigger: ".modal .btn-primary", run: "click"},
        {trigger: ".o_field_widget[name=reason] textarea", run: "edit Took too long"},
        {trigger: ".o_field_widget[name=measures] textarea", run: "edit Weekly call"},
        {trigger: "button[name=action_done]", run: "click"},
        {trigger: ".o_field_widget[name=result]:contains(Not satisfied)"},
        {trigger: ".o_field_widget[name=complaint_id] a", run: "click"},
        status("Investigating"),
        {
            content: "the next round says why",
            trigger: ".alert:contains(Round 2):contains(Took too long)",
        },
    ],
});

tours.add("quality_complaint_objection_reopens", {
    steps: () => [
        status("Replied"),
        {trigger: ".nav-link:contains(Letters)", run: "click"},
        {
            trigger:
                ".o_field_widget[name=reply_ids] .o_data_row .o_data_cell[name=kind]",
            run: "click",
        },
        {trigger: ".modal button[name=action_objected]", run: "click"},
        {
            content: "says what is missing",
            trigger: ".modal:contains(Write down what the customer objects to)",
        },
        {trigger: ".modal:contains(Write down) .btn-primary", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=answered_by] input",
            run: "edit Mr Wang",
        },
        {
            trigger: ".modal .o_field_widget[name=answer_note] textarea",
            run: "edit The scratches are still there",
        },
        {trigger: ".modal button[name=action_objected]", run: "click"},
        status("Investigating"),
        {trigger: ".alert:contains(Round 2):contains(still there)"},
        {trigger: ".nav-link:contains(Letters)", run: "click"},
        {
            content: "one thread",
            trigger:
                ".o_complaint_lazy[data-field=correspondence]:contains(Scratched surface):contains(We are sorry):contains(still there)",
        },
    ],
});

const stepDone = (code) => ({
    content: `${code} is closed`,
    trigger: `[data-step-item=${code}][data-state=done]`,
});
const closeStep = (code) => [
    {trigger: `[data-step-item=${code}].bg-primary-subtle`},
    {trigger: ".o_8d_step_done", run: "click"},
    stepDone(code),
];
const inStep = (code, name) => `.o_8d_page_${code} .o_field_widget[name=${name}]`;
const addCause = (kind, name, place) => [
    {
        trigger: `${inStep("D4", "node_ids")} .o_field_x2many_list_row_add a`,
        run: "click",
    },
    {
        content: "the new row, not the one before",
        trigger: `${inStep("D4", "node_ids")} .o_selected_row:nth-child(${place}) .o_field_widget[name=kind] input`,
        run: "click",
    },
    {trigger: `.o_select_menu_item:contains(${kind})`, run: "click"},
    {
        trigger: ".o_selected_row .o_field_widget[name=name] input",
        run: `edit ${name} && press Tab`,
    },
    {
        content: "it is drawn before it is saved",
        trigger: `.o_cause_diagram svg text:contains(${name.split(" ")[0]})`,
    },
    {trigger: ".o_selected_row .o_field_widget[name=verdict] input", run: "click"},
    {trigger: ".o_select_menu_item:contains(Verified)", run: "click"},
    {trigger: ".o_selected_row .o_field_widget[name=is_root] input", run: "check"},
    {
        content: "its share is proposed",
        trigger: ".o_selected_row .o_field_widget[name=share] input:value(100)",
    },
    {
        trigger: ".o_selected_row .o_field_widget[name=evidence] textarea",
        run: "edit Trial of 20 parts",
    },
];
const chooseAction = (name, cause) => [
    {trigger: ".o_8d_page_D5 button[name=action_new_action]", run: "click"},
    {trigger: ".modal .o_field_widget[name=name] input", run: `edit ${name}`},
    {trigger: ".modal .o_field_widget[name=node_id] input", run: `edit ${cause}`},
    {trigger: `.o-autocomplete--dropdown-item:contains(${cause})`, run: "click"},
    {trigger: ".modal .o_field_widget[name=user_id] input", run: "edit Olga"},
    {trigger: ".o-autocomplete--dropdown-item:contains(Olga)", run: "click"},
    {
        trigger:
            ".modal .o_field_widget[name=due_on] input, .modal .o_field_widget[name=due_on] button",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=due_on] input",
        run: "edit 12/01/2030 10:00:00 && press Enter",
    },
    {
        trigger: ".modal .o_field_widget[name=choice_reason] textarea",
        run: "edit Cannot be bypassed",
    },
    {
        trigger: ".modal .o_field_widget[name=pre_check] textarea",
        run: "edit 50 parts without a fault",
    },
    {trigger: ".modal .o_form_button_save", run: "click"},
    {trigger: `${inStep("D5", "corrective_action_ids")} .o_data_row:contains(${name})`},
];

tours.add("quality_complaint_8d_to_the_chosen_actions", {
    steps: () => [
        ...press("action_start_8d"),
        {
            content: "the report has a number",
            trigger: "h1 .o_field_widget[name=name]:contains(8D/)",
        },
        {trigger: ".o_8d_step_done", run: "click"},
        {
            content: "an empty step is refused",
            trigger: ".modal:contains(Still missing)",
        },
        {trigger: ".modal .modal-footer button", run: "click"},
        {trigger: `${inStep("D0", "stop_ship")} input[data-value=no]`, run: "click"},
        ...closeStep("D0"),
        {trigger: `${inStep("D1", "champion_id")} input`, run: "edit Mona"},
        {trigger: ".o-autocomplete--dropdown-item:contains(Mona)", run: "click"},
        {
            trigger: `${inStep("D1", "member_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Willi Works",
        },
        ...closeStep("D1"),
        {trigger: `${inStep("D2", "where_found")} textarea`, run: "edit At the bend"},
        {trigger: `${inStep("D2", "how_many")} textarea`, run: "edit 3 of 5"},
        {trigger: `${inStep("D2", "specification")} textarea`, run: "edit No crack"},
        {trigger: `${inStep("D2", "actual")} textarea`, run: "edit Crack of 4 mm"},
        ...closeStep("D2"),
        {
            trigger: ".o_8d_page_D3 button[name=action_propose_containment]",
            run: "click",
        },
        {
            trigger: `${inStep("D3", "containment_ids")} .o_data_row:contains(TOUR-8) [name=checked_quantity]`,
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=checked_quantity] input",
            run: "edit 5",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=bad_quantity] input",
            run: "edit 3",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=user_id] input",
            run: "edit Olga",
        },
        {trigger: ".o-autocomplete--dropdown-item:contains(Olga)", run: "click"},
        {
            trigger:
                ".o_selected_row .o_field_widget[name=done_on] input, .o_selected_row .o_field_widget[name=done_on] button",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=done_on] input",
            run: "edit 03/05/2026 && press Enter",
        },
        {trigger: `${inStep("D3", "clean_mark")} input`, run: "edit Green dot"},
        {
            trigger: `${inStep("D3", "clean_on")} input, ${inStep("D3", "clean_on")} button`,
            run: "click",
        },
        {
            trigger: `${inStep("D3", "clean_on")} input`,
            run: "edit 03/06/2026 && press Enter",
        },
        ...closeStep("D3"),
        ...addCause("Occurrence", "Fixture tilts", 1),
        ...addCause("Escape", "Gauge is missing", 2),
        {
            trigger: `${inStep("D4", "escape_point")} input`,
            run: "edit Final inspection",
        },
        {trigger: ".o_cause_diagram button:contains(5 why)", run: "click"},
        {
            content: "the chain is drawn",
            trigger: ".o_cause_diagram svg text:contains(why?)",
        },
        ...closeStep("D4"),
        ...chooseAction("Stop in the fixture", "Fixture tilts"),
        ...chooseAction("Gauge at the bend", "Gauge is missing"),
        ...closeStep("D5"),
    ],
});

tours.add("quality_complaint_8d_to_the_end", {
    steps: () => [
        ...closeStep("D6"),
        ...["pfmea", "control_plan", "instruction", "inspection"].flatMap(
            (_kind, number) => [
                {
                    trigger: `${inStep("D7", "document_ids")} .o_data_row:eq(${number}) [name=document]`,
                    run: "click",
                },
                {
                    trigger: ".o_selected_row .o_field_widget[name=document] input",
                    run: `edit DOC-${number}`,
                },
                {
                    trigger: ".o_selected_row .o_field_widget[name=revision] input",
                    run: "edit B",
                },
                {
                    trigger:
                        ".o_selected_row .o_field_widget[name=date] input, .o_selected_row .o_field_widget[name=date] button",
                    run: "click",
                },
                {
                    trigger: ".o_selected_row .o_field_widget[name=date] input",
                    run: "edit 03/20/2026 && press Enter",
                },
            ]
        ),
        {
            trigger: `${inStep("D7", "readacross_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Pipe 22 mm",
        },
        {trigger: ".o_selected_row .o_field_widget[name=affected] input", run: "click"},
        {trigger: ".o_select_menu_item:contains(Does not have it)", run: "click"},
        ...closeStep("D7"),
        ...[0, 1].flatMap((number) => [
            {
                trigger: `${inStep("D8", "corrective_action_ids")} .o_data_row:eq(${number}) button[name=action_open]`,
                run: "click",
            },
            {
                trigger: ".modal .o_field_widget[name=effect_note] textarea",
                run: "edit 2,000 parts without a crack",
            },
            {trigger: ".modal button[name=action_effective]", run: "click"},
            {
                trigger: `body:not(:has(.modal)) ${inStep("D8", "corrective_action_ids")} .o_data_row:eq(${number}) [name=effect]:contains(Effective)`,
            },
        ]),
        {trigger: `${inStep("D8", "thanks")} textarea`, run: "edit Well done"},
        {
            trigger: `${inStep("D8", "containment_ended_on")} input, ${inStep("D8", "containment_ended_on")} button`,
            run: "click",
        },
        {
            trigger: `${inStep("D8", "containment_ended_on")} input`,
            run: "edit 04/01/2026 && press Enter",
        },
        ...closeStep("D8"),
        {
            content: "the report is closed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Closed)",
        },
    ],
});
