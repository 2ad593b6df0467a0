import re
import unicodedata

from odoo import api, fields, models, tools
from odoo.tools import format_list

from ...tools import says_nothing

CHINESE = "\u3400-\u9fff"
# words of Latin letters, or single Chinese characters; numbers say nothing
TOKENS = re.compile(rf"[^\W\d_{CHINESE}]+|[{CHINESE}]")
# what may be left beside a weak term before a text says something of its own
REST_WORDS = 2
REST_CHARACTERS = 4
# words that change no meaning; without them “was not followed” is “not followed”
ARTICLES = re.compile(
    r"\b(?:the|a|an|is|was|were|are|am|be|been|being|has|have|had|do|does|did|this|that|it)\b"
)
# a cause stands behind “because of”, and before 导致
BEHIND = re.compile(
    r"\b(?:because(?: of)?|due to|caused by|owing to|as result of|resulting from)\b|由于|因为|原因在于|原因是|原因为|起因是"  # noqa: E501
)
BEFORE = re.compile(
    r"\b(?:leads? to|led to|leading to|result(?:s|ed|ing)? in)\b|导致|造成|引起|致使"
)
# 操作工 is no operator in 操作工艺 or 操作工序
NOT_A_WORKER = "艺序具况程"
# the characters of the words in data, where Taiwan and Hong Kong write them differently
TRADITIONAL = str.maketrans(
    "員為誤錯訓練檢過強責識質設備計圖紙參數傳應鎖視覺標準業導書規範違記習會議開講達獎罰處問題個這該與對於並讓時進實執織組從們確認無沒錄調試損鬆斷"
    "裝術態經驗動機線顯電壓綫碼軟體證據條馬職勞務臨總產發現間關係聯隨將換辭監紀說談話課團隊領長車週報燈氣軸給養護潤貼選顏區夠難輸銲痺細緻優變結構"
    "劃遺觀點佈編學節衝輔場註嚴舉義倉況後囑塊頭夾崗帶庫當戶掃擋攝極槍柵樣汙溝洩溫濕紋統績維簽蝕軌轉輪運還連針鏈門鳴貫資訴評討訂藝稱懶舊製爲昇",
    "员为误错训练检过强责识质设备计图纸参数传应锁视觉标准业导书规范违记习会议开讲达奖罚处问题个这该与对于并让时进实执织组从们确认无没录调试损松断"
    "装术态经验动机线显电压线码软体证据条马职劳务临总产发现间关系联随将换辞监纪说谈话课团队领长车周报灯气轴给养护润贴选颜区够难输焊痹细致优变结构"
    "划遗观点布编学节冲辅场注严举义仓况后嘱块头夹岗带库当户扫挡摄极枪栅样污沟泄温湿纹统绩维签蚀轨转轮运还连针链门鸣贯资诉评讨订艺称懒旧制为升",
)


class Quality8dWeakTerm(models.Model):
    """Words that alone explain nothing or change nothing: “operator error” is no root
    cause, “training” no corrective action.

    How a text is judged:

    1. A word that says something technical (`strong`: drawing, sensor, 夹具 …) clears it,
      whatever else it says.
    2. It is weak when it has weak words, and beside them, beside persons, rules and
      fillers at most a word or two. Words with `beside` count only
       together with a person (“operator … wrong”; a wrong drawing is a technical
       cause), or with a person or a rule (“instruction … not followed”).
    3. It is weak too when it names nothing but persons, or nothing but such words
      (“mistake”).

    Longer words win over shorter ones inside them: “training program” is training,
    “work instruction” a rule. Of a text that says why (“scratched because
    of …”, “… 导致划伤”) the cause is judged. Case, blanks, hyphens, full-width and
    traditional characters make no difference; longer English words are
    found with the endings -s, -es, -d, -ed, -ing.

    Data in English and Chinese, to be extended by the company. Source: IATF 16949
    10.2.3, customers' guidelines for 8D reports.
    """  # noqa: E501

    _name = "quality.8d.weak.term"
    _description = "Weak Cause or Action"
    _inherit = ["quality.complaint.words"]
    _order = "kind, name"

    name = fields.Char(
        "Words",
        required=True,
        help="A word or phrase as people write it, in any language.",
    )
    kind = fields.Selection(
        [
            ("cause", "No root cause"),
            ("action", "No corrective action"),
            ("person", "Person"),
            ("rule", "Rule a person follows"),
            ("filler", "Says nothing"),
            ("strong", "Says something technical"),
        ],
        required=True,
        default="cause",
        help=(
            "A technical word clears a text. A text of weak words, persons, rules and "
            "words that say nothing is weak."
        ),
    )
    beside = fields.Selection(
        [("person", "A person"), ("rule", "A person or a rule")],
        "Only Beside",
        help=(
            "Weak only in a text that names a person, or a rule: “operator … wrong”. "
            "Empty: weak in any case."
        ),
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(kind, lower(name))", "These words are listed already."
    )

    @api.model
    @tools.ormcache("kind")
    def _patterns(self, kind):
        """:return: (pattern of all words that matter for causes or actions, what each
        of them says)
        """
        says = {}
        for wanted in (
            "filler",
            "rule",
            "person",
            "strong",
            kind,
        ):  # what comes later counts for a word of two kinds
            terms = self.sudo().search(
                [("kind", "=", wanted), ("active", "=", True)]
            )  # sudo: words for everybody
            for term in terms:
                says[self._normalise(term.name)] = (
                    f"beside_{term.beside}"
                    if wanted == kind and term.beside
                    else "weak"
                    if wanted == kind
                    else wanted
                )
        says.pop("", None)
        return self._pattern(says), says

    @staticmethod
    def _pattern(words):
        """:return: a pattern that finds the longest word first, each in one of its
        groups: Latin words whole, Chinese ones anywhere
        """
        endings, whole, anywhere = [], [], []
        for word in sorted(words, key=len, reverse=True):
            if word.isascii():
                (endings if len(word) > 3 else whole).append(re.escape(word))
            else:
                anywhere.append(
                    re.escape(word)
                    + (f"(?![{NOT_A_WORKER}])" if word.endswith("工") else "")
                )
        groups = ["|".join(group) or "(?!)" for group in (endings, whole, anywhere)]
        return re.compile(
            r"(?<![a-z0-9])(?:({})(?:s|es|d|ed|ing)?|({}))(?![a-z0-9])|({})".format(
                *groups
            )
        )

    @staticmethod
    def _normalise(text):
        """A text without what makes no difference: case, width, script, punctuation,
        blanks between Chinese characters, articles.
        """
        text = (
            unicodedata.normalize("NFKC", text or "")
            .lower()
            .translate(TRADITIONAL)
            .replace("’", "'")
        )
        text = "".join(
            sign for sign in text if unicodedata.category(sign) != "Cf"
        )  # soft hyphens, zero-width blanks
        text = re.sub(r"\bcan't\b", "cannot", text)
        text = re.sub(r"n't\b", " not", text)
        text = re.sub(r"'s?\b", " ", text)
        text = re.sub(r"[\W_]+", " ", text)
        text = re.sub(
            rf"(?<=[{CHINESE}]) | (?=[{CHINESE}])", "", ARTICLES.sub(" ", text)
        )
        return " ".join(text.split())

    @api.model
    def _add(self, kind, texts):
        """List wordings as weak, by a click on an answer that explains nothing.

        :param str kind: `cause` or `action`
        :param list texts: as they were written
        :return: the action that says so
        """
        known = {
            self._normalise(name)
            for name in self.with_context(active_test=False)
            .search([("kind", "=", kind)])
            .mapped("name")
        }
        self.create(
            [
                {"kind": kind, "name": text}
                for text in texts
                if self._normalise(text) not in known
            ]
        )
        message = self.env._(
            "Weak from now on, wherever it is written: %s", format_list(self.env, texts)
        )
        params = {
            "type": "success",
            "message": message,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": params,
        }

    @api.model
    def _is_weak(self, text, kind):
        """Whether a text says nothing (“n/a”, “-”), or nothing but weak terms, apart
        from fillers and a word or two.

        :param str text: in any language
        :param str kind: `cause` or `action`
        """
        if says_nothing(text):
            return bool(text and text.strip())  # an empty text is missing, not weak
        text = self._normalise(text)
        if kind == "cause":
            cause = BEHIND.split(BEFORE.split(text)[0])[-1]
            said, rest = self._read(cause, kind)
            text = cause if said - {"filler"} or rest else text
        said, rest = self._read(text, kind)
        if "strong" in said:
            return False
        nothing_else = not rest and (
            said <= {"person", "filler"}
            or said <= {"person", "beside_person", "beside_rule"}
        )
        weak = (
            "weak" in said
            or ("person" in said and said & {"beside_person", "beside_rule"})
            or ("rule" in said and "beside_rule" in said)
            or (nothing_else and said - {"filler"})
        )
        characters = sum(token >= "\u3400" for token in rest)
        return (
            bool(weak)
            and len(rest) - characters <= REST_WORDS
            and characters <= REST_CHARACTERS
        )

    def _read(self, text, kind):
        """:return: (what the known words of a normalised text say, the words left)"""
        pattern, says = self._patterns(kind)
        said = {says[match[match.lastindex]] for match in pattern.finditer(text)}
        return said, TOKENS.findall(pattern.sub(" ", text))
