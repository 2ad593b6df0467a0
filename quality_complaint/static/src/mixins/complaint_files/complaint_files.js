import {useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useFileUploader} from "@web/core/utils/files";
import {
    many2ManyBinaryField,
    Many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/** Photos and documents that can also be dropped onto the field. */
export class ComplaintFilesField extends Many2ManyBinaryField {
    static template = "quality_complaint.ComplaintFilesField";

    setup() {
        super.setup();
        this.drop = useState({over: false});
        this.uploadFiles = useFileUploader();
    }

    onDragOver() {
        this.drop.over = !this.props.readonly;
    }

    onDragLeave() {
        this.drop.over = false;
    }

    async onDrop(ev) {
        this.drop.over = false;
        const files = [...(ev.dataTransfer?.files || [])];
        if (this.props.readonly || !files.length) {
            return;
        }
        const uploaded = await this.uploadFiles("/web/binary/upload_attachment", {
            csrf_token: odoo.csrf_token,
            ufile: files,
            model: this.props.record.resModel,
            id: this.props.record.resId || 0,
        });
        if (uploaded) {
            await this.onFileUploaded(uploaded);
        }
    }
}

registry.category("fields").add("complaint_files", {
    ...many2ManyBinaryField,
    component: ComplaintFilesField,
});
