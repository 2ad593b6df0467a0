import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("quality_complaint_traces_and_holds", {
    steps: () => [
        {
            content: "everything else is under the three dots",
            trigger:
                ".o_statusbar_buttons button.o_complaint_more, .o_form_statusbar .dropdown-toggle",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu button[name=action_trace], .o-dropdown-item button[name=action_trace], button[name=action_trace]",
            run: "click",
        },
        {
            content: "the lot and what was made of it",
            trigger: ".o_trace_lot[data-lot=TRACED]:contains(1)",
        },
        {
            trigger: ".o_trace_lot[data-lot=MADE]:contains(6)",
            run: "click",
        },
        {
            content: "its balance",
            trigger: ".o_trace_balance:contains(MADE):contains(Northwind Motors)",
        },
        {trigger: ".o_trace_unexplained:contains(0)"},
        {
            content: "who got them",
            trigger: ".o_trace_recipients tr:contains(Northwind Motors):contains(4)",
        },
        {trigger: "button[data-direction=up]", run: "click"},
        {trigger: "button[data-direction=up].active"},
        {trigger: "button[data-direction=down]", run: "click"},
        {trigger: ".o_trace_list", run: "click"},
        {trigger: ".o_trace_table tr:contains(MADE)"},
        {trigger: ".o_trace_hold", run: "click"},
        {
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit Edges too sharp",
        },
        {trigger: "button[name=action_order]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(On hold)"},
        {trigger: ".o_notebook .nav-link:contains(On Hold)", run: "click"},
        {trigger: ".o_data_row:contains(MADE)"},
        {trigger: "button[name=action_quarantine]", run: "click"},
        {trigger: ".o_notification:contains(Planned for the warehouse)"},
        {trigger: "button[name=action_lift]", run: "click"},
        {
            trigger:
                ".modal .o_field_widget[name=disposition] input[data-value=release]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Sorted by Quality",
        },
        {trigger: ".modal button[name=action_lift]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Lifted)"},
    ],
});

tours.add("quality_complaint_warehouse_is_stopped", {
    steps: () => [
        {trigger: "button[name=button_validate]", run: "click"},
        {
            content: "hold, reason and whom to ask",
            trigger:
                ".modal:contains(TRACED):contains(Edges too sharp):contains(Quentin Quality)",
        },
        {trigger: ".modal .modal-footer button", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Ready)"},
    ],
});

const page = {expectUnloadPage: true};

tours.add("quality_complaint_recall_is_proposed", {
    steps: () => [
        {
            content: "everything else is under the three dots",
            trigger:
                ".o_statusbar_buttons button.o_complaint_more, .o_form_statusbar .dropdown-toggle",
            run: "click",
        },
        {trigger: "button[name=action_start_recall]", run: "click"},
        {
            trigger: ".o_field_widget[name=class_id] input",
            run: "edit Food, class 1",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Food, class 1) a",
            run: "click",
        },
        {trigger: ".o_field_widget[name=hazard] textarea", run: "edit May cut hands"},
        {trigger: "button[name=action_propose]", run: "click"},
        {
            content: "all that is missing is named",
            trigger:
                ".modal:contains(What to Do With the Goods):contains(Contact), .o_notification:contains(What to Do With the Goods)",
        },
        {
            trigger:
                ".modal .modal-footer button, .o_notification .o_notification_close",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=instruction] textarea",
            run: "edit Put it aside",
        },
        {
            trigger: ".o_field_widget[name=contact] input",
            run: "edit Olga Officer, +1 555",
        },
        {trigger: "button[name=action_propose]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(To decide)"},
        {
            content: "who does not decide finds no button",
            trigger: ".o_form_statusbar:not(:has(button[name=action_decide]:visible))",
        },
    ],
});

tours.add("quality_complaint_recall_is_decided", {
    steps: () => [
        {trigger: "button[name=action_decide]", run: "click"},
        {trigger: ".modal:contains(put on hold) .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Running)"},
        {
            content: "who has it",
            trigger:
                ".o_field_widget[name=consignee_ids] .o_data_row:contains(Northwind Motors)",
        },
        {trigger: ".o_notebook .nav-link[name=reports]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=report_ids] .o_data_row:contains(Notices to consignees)",
        },
        {trigger: "button[name=action_view_hold]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(On hold)"},
    ],
});

tours.add("quality_complaint_consignee_answers", {
    steps: () => [
        {trigger: "h1:contains(Recall), h2:contains(Defect)"},
        {trigger: "input[name^=used_]", run: "edit 9"},
        {trigger: "input[name^=stock_]", run: "edit 6"},
        {trigger: "input[name=who]", run: "edit Jo Hart"},
        {trigger: "button:contains(Confirm)", run: "click", ...page},
        {
            content: "more than they got; nothing typed is lost",
            trigger: ".alert-danger:contains(15):contains(10)",
        },
        {trigger: "input[name=who]:value(Jo Hart)"},
        {trigger: "input[name^=used_]", run: "edit 3"},
        {trigger: "input[name^=passed_]", run: "edit 1"},
        {
            trigger: "textarea[name^=to_]",
            run: "edit Corner Shop, ann@corner.example",
        },
        {trigger: "button:contains(Confirm)", run: "click", ...page},
        {trigger: ".alert-success:contains(received your answer)"},
    ],
});

tours.add("quality_complaint_recall_brings_goods_back", {
    steps: () => [
        {
            trigger:
                ".o_field_widget[name=consignee_ids] .o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {trigger: ".modal button[name=action_passed_on]", run: "click"},
        {
            content: "taken from their words",
            trigger:
                ".modal .o_field_widget[name=email] input:value(ann@corner.example)",
        },
        {trigger: ".modal button[name=action_listed]", run: "click"},
        {
            content: "the list shows them at once",
            trigger:
                ".o_field_widget[name=consignee_ids] .o_data_row:contains(Corner Shop)",
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: "button[name=action_take_back]", run: "click"},
        {
            content: "what they have put aside",
            trigger: ".modal .o_data_row:contains(Northwind Motors):contains(6.00)",
        },
        {trigger: ".modal button[name=action_create]", run: "click"},
        {
            content: "the case of all of them",
            trigger: ".o_form_view button[name=action_view_children]",
        },
    ],
});
