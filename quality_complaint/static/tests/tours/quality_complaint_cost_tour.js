import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("quality_complaint_reads_the_cost", {
    steps: () => [
        {trigger: ".nav-link:contains(Cost)", run: "click"},
        {
            content: "the credit note is a row",
            trigger:
                ".o_complaint_lazy[data-field=cost_table] tr:contains(RINV):contains(40.00)",
        },
        {
            content: "the total is right",
            trigger: ".o_complaint_lazy[data-field=cost_table] tfoot:contains(24.00)",
        },
        {trigger: "button[name=action_view_costs]", run: "click"},
        {
            content: "by source and month",
            trigger: ".o_pivot th:contains(Returned goods)",
        },
        {trigger: ".o_pivot .o_pivot_cell_value:contains(24.00)"},
        {trigger: ".o_switch_view.o_graph", run: "click"},
        {trigger: ".o_graph_renderer canvas"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        {trigger: ".o_data_row:contains(Credit notes):contains(40.00)"},
    ],
});
