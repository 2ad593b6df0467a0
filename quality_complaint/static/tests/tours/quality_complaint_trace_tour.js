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
