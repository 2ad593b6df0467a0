import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const page = {expectUnloadPage: true};

tours.add("quality_complaint_purchase_supplier_answers", {
    steps: () => [
        {
            content: "found on the portal's home",
            trigger: "a[href='/my/supplier-complaints']",
            run: "click",
            ...page,
        },
        {trigger: "td a:first", run: "click", ...page},
        {trigger: "p:contains(Cracks at the edge)"},
        {trigger: "select[name=answer]", run: "select refused"},
        {trigger: "button:contains(Send the answer)", run: "click", ...page},
        {
            content: "a refusal needs its reason",
            trigger: ".alert-danger:contains(say why you refuse)",
        },
        {trigger: "select[name=answer]", run: "select partly"},
        {trigger: "input[name=share]", run: "edit 40"},
        {trigger: "textarea[name=note]", run: "edit The rest was the carrier"},
        {trigger: "button:contains(Send the answer)", run: "click", ...page},
        {trigger: ".alert-success:contains(We have received it)"},
        {trigger: "p:contains(The rest was the carrier)"},
        {
            trigger: "section:contains(D4 Root cause) textarea",
            run: "edit The roll was worn",
        },
        {
            trigger: "section:contains(D4 Root cause) button:contains(Hand in)",
            run: "click",
            ...page,
        },
        {trigger: "section:contains(D4 Root cause):contains(To be checked)"},
    ],
});

tours.add("quality_complaint_purchase_supplier_completes", {
    steps: () => [
        {
            content: "what is missing, and what they wrote",
            trigger:
                "section:contains(D4 Root cause):contains(Why was it not found?) textarea:value(The roll was worn)",
            run: "edit Worn, and the gauge was off",
        },
        {
            trigger: "section:contains(D4 Root cause) button:contains(Hand in)",
            run: "click",
            ...page,
        },
        {trigger: "section:contains(D4 Root cause):contains(To be checked)"},
    ],
});
