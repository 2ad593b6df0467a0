import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const page = {expectUnloadPage: true};

tours.add("quality_complaint_customer_files_and_objects", {
    steps: () => [
        {trigger: "a[href='/my/complaints/new']", run: "click", ...page},
        {
            content: "find the goods",
            trigger: "#search",
            run: "edit PT-1",
        },
        {trigger: "button:contains(Find)", run: "click", ...page},
        {trigger: "input[name^=quantity_]", run: "edit 2"},
        {trigger: "#description", run: "edit Bent at one end"},
        {trigger: "button:contains(Send the complaint)", run: "click", ...page},
        {trigger: ".alert-success:contains(We have received your complaint)"},
        {
            content: "back to the list",
            trigger: "a[href='/my/complaints']",
            run: "click",
            ...page,
        },
        {
            content: "one waits for an answer",
            trigger: "tr:contains(Your answer is asked for) a",
            run: "click",
            ...page,
        },
        {trigger: "textarea[name=note]", run: "edit The freight is missing"},
        {trigger: "button:contains(I object)", run: "click", ...page},
        {trigger: ".alert-success:contains(Your answer has reached us)"},
        {
            content: "what was answered stays to be read",
            trigger: "strong:contains(Answer of)",
        },
    ],
});

tours.add("quality_complaint_phone_by_code", {
    steps: () => [
        {
            content: "the goods of the delivery and no account",
            trigger: "fieldset:contains(PT-1) input[name^=quantity_]",
            run: "edit 1",
        },
        {trigger: "#description", run: "edit Scratched"},
        {trigger: "#complainant", run: "edit Jo Hart"},
        {trigger: "#email", run: "edit jo@home.example"},
        {
            content: "nothing is wider than the phone",
            trigger: "body",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        {
            content: "programs are faster than this",
            trigger: "button:contains(Send)",
            async run({click}) {
                await new Promise((resolve) => setTimeout(resolve, 3100));
                await click();
            },
            ...page,
        },
        {trigger: "p:contains(Reference) strong"},
    ],
});

tours.add("quality_complaint_customer_signs", {
    steps: () => [
        {trigger: "h2:contains(Please sign the settlement agreement)"},
        {trigger: "a:contains(Read and sign)", run: "click", ...page},
        {trigger: "p:contains(SHA-256)"},
        {
            content: "the name is there and drawn",
            trigger: ".o_web_sign_name_input",
            run: "edit Pia Portal",
        },
        {trigger: "canvas.o_web_sign_signature"},
        {trigger: ".o_portal_sign_submit:enabled", run: "click", ...page},
        {trigger: ".alert-success:contains(You find what you signed below)"},
        {trigger: "li:contains(Signed by) a"},
    ],
});
