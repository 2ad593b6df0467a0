import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {Layout} from "@web/search/layout";

// Children of a lot that are shown at once
const PAGE = 50;
// Lots an address has room for
const MOST_IN_ADDRESS = 100;

/**
 * What became of lots, or what they were made of: a tree beside the mass balance of the chosen lot, and who got them.
 */
export class LotTrace extends Component {
    static template = "quality_complaint.LotTrace";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const params = this.props.action.params || {};
        const kept = this.props.state || {};
        this.lotIds = kept.lotIds || params.lot_ids || [];
        this.origin = params.origin || false;
        if (typeof params.from === "string") {
            const [model, id] = params.from.split(",");
            this.origin = [model, Number(id)];
        }
        this.display = {controlPanel: {}};
        this.state = useState({
            direction: kept.direction || params.direction || "down",
            view: "tree",
            trace: null,
            balance: null,
            chosen: null,
            open: {},
            shown: {},
            mayHold: false,
        });
        onWillStart(async () => {
            this.state.mayHold = await user.hasGroup(
                "quality_complaint.group_quality_complaint_officer"
            );
            if (!this.lotIds.length && params.lots) {
                this.lotIds = String(params.lots).split(",").map(Number);
            }
            await this.load();
        });
    }

    async load() {
        const trace = await this.orm.call("quality.complaint.trace", "read_trace", [
            this.lotIds,
            this.state.direction,
        ]);
        this.byId = {};
        this.children = {};
        for (const row of trace.lots) {
            this.byId[row.id] = row;
            if (row.before) {
                (this.children[row.before] ||= []).push(row);
            }
        }
        this.roots = trace.lots.filter((row) => !row.before);
        this.state.open = Object.fromEntries(this.roots.map((row) => [row.id, true]));
        this.state.shown = {};
        this.state.trace = trace;
        this.remember();
        await this.choose(this.roots[0]);
    }

    /** The address says what is traced, so that reloading the page and a copied link show it again. */
    remember() {
        if (this.lotIds.length <= MOST_IN_ADDRESS) {
            this.props.updateActionState?.({
                lots: this.lotIds.join(","),
                direction: this.state.direction,
                from: this.origin ? this.origin.join(",") : undefined,
            });
        }
    }

    async turn(direction) {
        if (this.state.direction !== direction) {
            this.state.direction = direction;
            await this.load();
        }
    }

    async choose(row) {
        this.state.chosen = row.id;
        const balance = await this.orm.call("quality.complaint.trace", "read_balance", [
            row.id,
        ]);
        if (this.state.chosen === row.id) {
            this.state.balance = balance;
        }
    }

    /** The rows of the tree that are open, in the order of reading; no recursion of components for thousands of lots. */
    get visible() {
        const rows = [];
        const add = (list, level, parent) => {
            const shown = this.state.shown[parent] || PAGE;
            for (const row of list.slice(0, shown)) {
                const children = this.children[row.id] || [];
                rows.push({row, level, children: children.length});
                if (this.state.open[row.id]) {
                    add(children, level + 1, row.id);
                }
            }
            if (list.length > shown) {
                rows.push({more: list.length - shown, level, parent});
            }
        };
        add(this.roots, 0, 0);
        return rows;
    }

    fold(row) {
        this.state.open[row.id] = !this.state.open[row.id];
    }

    more(parent) {
        this.state.shown[parent] = (this.state.shown[parent] || PAGE) + PAGE;
    }

    openAll(open) {
        this.state.open = open
            ? Object.fromEntries(this.state.trace.lots.map((row) => [row.id, true]))
            : {};
    }

    quantity(value) {
        return formatFloat(value, {digits: [16, 2], trailingZeros: false});
    }

    moment(text) {
        return text ? formatDateTime(deserializeDateTime(text)) : "";
    }

    share(row) {
        if (row.at_most === null || row.depth === 0) {
            return "";
        }
        const values = {
            least: this.quantity(row.at_least),
            most: this.quantity(row.at_most),
            unit: row.share_unit,
        };
        if (values.least === values.most) {
            return _t("%(most)s %(unit)s", values);
        }
        return _t("%(least)s to %(most)s %(unit)s", values);
    }

    /** Whether nothing is left to put on hold. */
    get allHeld() {
        return Boolean(this.state.trace && this.roots.every((row) => row.held));
    }

    get countLabel() {
        const count = this.state.trace.lots.length;
        return count === 1 ? _t("1 lot") : _t("%s lots", count);
    }

    moreText(count) {
        return _t("%s more lots…", count);
    }

    unexplainedText(row) {
        return _t("%s unexplained", this.quantity(row.unexplained));
    }

    lotsText(lots) {
        return lots.length > 3 ? `${lots.slice(0, 3).join(", ")} …` : lots.join(", ");
    }

    endText(end) {
        return _t("%(product)s, at most %(quantity)s %(unit)s (%(document)s)", {
            product: end.product,
            quantity: this.quantity(end.quantity),
            unit: end.unit,
            document: end.via ? end.via.name : "",
        });
    }

    get shareLabel() {
        return this.state.direction === "down"
            ? _t("Contains of the traced lot")
            : _t("Used for the traced lot");
    }

    openDocument(via) {
        if (via.model === "stock.move.line") {
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: via.model,
            res_id: via.id,
            views: [[false, "form"]],
        });
    }

    openLot(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "stock.lot",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    excel() {
        this.action.doAction({
            type: "ir.actions.act_url",
            url: `/quality_complaint/trace?lots=${this.lotIds.join(",")}&direction=${this.state.direction}`,
            target: "download",
        });
    }

    async run(method, args) {
        this.action.doAction(
            await this.orm.call("quality.complaint.trace", method, args)
        );
    }

    print() {
        return this.run("print_trace", [this.lotIds, this.state.direction]);
    }

    hold() {
        return this.run("hold_lots", [this.lotIds, this.origin]);
    }
}

registry.category("actions").add("quality_complaint.trace", LotTrace);
