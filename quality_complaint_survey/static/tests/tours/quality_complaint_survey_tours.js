import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (question, answer) => ({
    content: `${question}: ${answer}`,
    trigger: `.js_question-wrapper:contains("${question}") label:contains("${answer}"):first`,
    run: "click",
});
const submit = {trigger: "button[type=submit]:enabled", run: "click"};

tours.add("quality_complaint_survey_answered_on_the_phone", {
    steps: () => [
        {
            content: "nothing is wider than the phone",
            trigger: "button:contains(Start)",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        {trigger: "button:contains(Start)", run: "click"},
        choose("Ability to communicate", "Very satisfied"),
        choose("Speed of response", "Very satisfied"),
        choose("Speed of delivery", "Very satisfied"),
        choose("Accuracy of delivery", "Very satisfied"),
        submit,
        choose("Quality of the products", "Very satisfied"),
        choose("Price of the products", "Very satisfied"),
        submit,
        choose("Service before the sale", "Very satisfied"),
        choose("Service after the sale", "Very satisfied"),
        choose("Handling of complaints", "Very satisfied"),
        {
            trigger: ".js_question-wrapper:contains(What should we do better) textarea",
            run: "edit Thinner sheets",
        },
        submit,
        {trigger: ".modal button.btn-primary", run: "click"},
        {trigger: "h1:contains(Thank you), div:contains(We read every answer)"},
    ],
});

tours.add("quality_complaint_survey_sent_and_ended", {
    steps: () => [
        {
            content: "the survey that was prepared",
            trigger: ".o_data_row:contains(Satisfaction) .o_data_cell",
            run: "click",
        },
        {trigger: "button[name=action_send]", run: "click"},
        {trigger: ".modal button.btn-primary", run: "click"},
        {
            content: "it is being sent",
            trigger: ".o_arrow_button_current:contains(Being sent)",
        },
    ],
});
