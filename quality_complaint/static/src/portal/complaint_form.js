import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {Interaction} from "@web/public/interaction";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

// A photo of a phone is several megabytes; this shows all that matters
const LONGEST_SIDE = 2000;
const LARGE = 700 * 1024;
const QUALITY = 0.85;
const SHRINKABLE = ["image/jpeg", "image/png", "image/webp"];

/**
 * @param {File} file as taken
 * @returns {Promise<File>} a smaller picture, or the file as it is
 */
export async function shrunk(file) {
    if (!SHRINKABLE.includes(file.type) || file.size < LARGE) {
        return file;
    }
    let picture = null;
    try {
        picture = await window.createImageBitmap(file, {
            imageOrientation: "from-image",
        });
    } catch {
        return file;
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "white";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) =>
        canvas.toBlob(resolve, "image/jpeg", QUALITY)
    );
    if (!blob || blob.size >= file.size) {
        return file;
    }
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return new File([blob], name, {type: "image/jpeg"});
}

/**
 * A form a customer fills in: photos are made smaller, what is typed is kept until it
 * is sent, and it is sent once.
 */
export class ComplaintForm extends Interaction {
    static selector = ".o_complaint_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit, "t-on-input": this.keepDraft},
        "input[type=file]": {"t-on-change": this.onFiles},
    };

    setup() {
        this.draftKey = this.el.dataset.draft && `draft:${this.el.dataset.draft}`;
        this.isSent = false;
    }

    start() {
        this.restoreDraft();
    }

    get typed() {
        return [
            ...this.el.querySelectorAll(
                "textarea[name], select[name], input[name]:not([type=hidden], [type=file], [type=radio], [name=website])"
            ),
        ];
    }

    restoreDraft() {
        let draft = {};
        try {
            draft = JSON.parse(browser.localStorage.getItem(this.draftKey)) || {};
        } catch {
            return;
        }
        for (const input of this.typed) {
            if (!input.value && draft[input.name]) {
                input.value = draft[input.name];
            }
        }
    }

    keepDraft() {
        if (!this.draftKey) {
            return;
        }
        const draft = Object.fromEntries(
            this.typed
                .filter((input) => input.value)
                .map((input) => [input.name, input.value])
        );
        try {
            browser.localStorage.setItem(this.draftKey, JSON.stringify(draft));
        } catch {
            // Nothing is kept where the browser allows none
        }
    }

    async onFiles(ev) {
        const input = ev.currentTarget;
        const files = await this.waitFor(Promise.all([...input.files].map(shrunk)));
        const chosen = new DataTransfer();
        for (const file of files) {
            chosen.items.add(file);
        }
        input.files = chosen.files;
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
        // Back from the page that follows it may be sent again
        this.waitForTimeout(() => {
            this.isSent = false;
        }, 5000);
    }
}

/** The label is read by the camera of the phone. */
export class ComplaintScan extends Interaction {
    static selector = ".o_complaint_scan";
    dynamicContent = {_root: {"t-on-click": this.onClick}};

    start() {
        if (isBarcodeScannerSupported()) {
            this.el.classList.remove("d-none");
        }
    }

    async onClick() {
        const read = await this.waitFor(scanBarcode(this.env));
        const input = document.getElementById(this.el.dataset.into);
        if (read && input) {
            input.value = read;
            input.dispatchEvent(new Event("input", {bubbles: true}));
            if (input.type === "search") {
                input.form.requestSubmit();
            }
        }
    }
}

/** What was sent is no draft any more. */
export class ComplaintSent extends Interaction {
    static selector = ".o_complaint_sent";

    start() {
        for (const name of ["complaint", "intake"]) {
            browser.localStorage.removeItem(`draft:${name}`);
        }
    }
}

const interactions = registry.category("public.interactions");
interactions.add("quality_complaint.form", ComplaintForm);
interactions.add("quality_complaint.scan", ComplaintScan);
interactions.add("quality_complaint.sent", ComplaintSent);
