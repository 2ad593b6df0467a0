import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("quality_complaint_plans_and_records_a_visit", {
    steps: () => [
        {
            content: "the plan: whom, how often, from when",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=partner_id] input",
            run: "edit Northwind Motors",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Northwind Motors)",
            run: "click",
        },
        {trigger: ".o_list_button_save", run: "click"},
        {
            content: "the next one now",
            trigger:
                ".o_data_row:contains(Northwind Motors) button[name=action_plan_now]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=findings] textarea",
            run: "edit The coils run well",
        },
        {
            trigger: ".o_field_widget[name=suggestion] textarea",
            run: "edit A smaller drum",
        },
        {trigger: "button[name=action_done]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Done)"},
        {trigger: "button[name=action_make_feedback]", run: "click"},
        {
            content: "it is feedback with a number",
            trigger: "h1:contains(QC/)",
        },
    ],
});
