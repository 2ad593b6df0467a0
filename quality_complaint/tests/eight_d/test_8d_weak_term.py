from odoo.tests import TransactionCase, tagged

from ..common import OnOneDay

WEAK_CAUSES = """
Operator inattention
The worker forgot to tighten the screw
HUMAN MISTAKE!!!
Employee mixed up left and right parts
New temporary worker on night shift
Insufficient training of the packing staff
The inspector overlooked the scratch
Scratches on the outer surface of the housing were caused by operator error
The procedure was not followed by the employee
Operators weren't trained
Poor quality awareness of the team
Operator didn't read the instruction
Work instructions were not respected
Carelessness during assembly
Technician skipped a step
Wrong part taken by the operator
Mistake
Misjudgement of the inspector
Unknown
People were in a hurry
Standard operating procedure violated
Employee's lack of knowledge
操作工粗心大意
员工 未按 SOP 操作
由于操作人员疏忽导致零件划伤
檢驗員漏檢
新進員工培訓不足
工人忘记拧紧螺栓
作业者没有遵守操作规程
班组长监督不到位
检验员责任心不强，未认真检查
操作者误判
员工质量意识淡薄
人員疏失
装配工漏装垫片
操作员拿错零件
没有严格按照工艺纪律执行
临时工经验不足
包装人员贴错标签
造成不良的原因是员工操作不规范
ｏｐｅｒａｔｏｒ　ｅｒｒｏｒ
作业员疲劳作业
失误
未按規定作業
The operator was not careful enough
Human error during packing
Lack of concentration of the operator at the end of the shift
Operator did not work according to the work instruction
Operator placed part in wrong box
Failure of the worker to follow the procedure
Employee was new and not familiar with the process
Operator assembled the wrong cover
Operator's mistake when counting
Shop floor staff did not respect the rules
The worker wasn't paying attention
Operator pressed the wrong button
QC inspector did not find the defect
Insufficient awareness of employees
Non-compliance with SOP
Untrained personnel
Operators not qualified
Inspector fatigue
The person responsible forgot
Worker did not do self inspection
Manual handling mistake by employee
The operator made an error
Procedure wasn't followed
Human negligence
operator-error
人为操作失误
操作人员技能不熟练
员工违反工艺纪律
检验人员责任心不够
工人操作不当造成
作业员没有按照标准作业指导书作业
员工操作时不够认真
员工未进行自检
操作工未按要求自检
人员变动，新员工不熟悉
检验员没有检查出来
未按工艺操作
未按图作业
员工工作不仔细
品管人員疏忽
作業員未依SOP作業
個人失誤
员工误操作
质检漏检
操作手失误
新人操作不熟
Operators did not follow the process
Worker failed to check the first piece
SOP not respected by night shift
The employee was distracted by his phone
Lack of supervision
Human mistake while reading the scale
Assembly worker forgot the seal
Operator lost concentration
Personnel lacked training
Operator not aware of the requirement
Lack of operator training
Operator inexperience
Low skill level of new staff
Visual inspection missed by inspector
员工没有执行首件检验
操作工装反零件
新员工未经培训上岗
員工沒有按作業指導書操作
作业员一时疏忽
作业人员漏打螺丝
管理人员监督不力
操作者未及时发现
由于检验员疏忽，不良品流出
员工操作手法不当
人的因素
人为
操作问题
"""

REAL_CAUSES = """
Operator error because of glare on the workpiece
Work instruction outdated
Operator could not see the mark under the guard
Welding current drifted after the electrode was changed
Wrong torque set in the PLC program
Fault in the drawing: radius missing
Clamping force lost because of a worn cylinder
Material fatigue of the spring
Mistake in the routing
Inspection characteristic missing in the control plan
Unknown coating on supplied parts
Two look-alike parts stored in the same rack
Cooling water failure in tool 4
Instruction does not say how to place the seal
Robot program error
Sloppy fit between shaft and bushing
Improper heat treatment of the batch
Sensor not detecting black parts
Operator has to reach over the conveyor, no poka-yoke
Batch mixed up by the supplier's warehouse software
Operator had no torque wrench
Hopper wasn't emptied automatically after a change of colour
工艺参数错误
夹具定位销磨损
作业指导书未规定检查频次
作业指导书错误
供应商材料硬度不合格
传感器误判黑色零件
图纸公差标注错误
操作工无法看到背面的焊点
因光线不足导致操作失误
设备能力不足
点焊工艺不当
模具冷却水路堵塞
兩種零件外觀相似且混放
程序版本未更新
机器人抓取位置偏移
装配工装定位不当
金属疲劳断裂
检验规范漏了这个尺寸
扭矩枪未校准
员工没有力矩扳手可用
包装结构设计不当，运输中松动
热处理温度偏低
Operator protection door sensor failed
Error in torque table
Wrong bearing mounted because both bearings look the same
Improper grounding of the test bench
Missed lubrication interval
Skipped stitch caused by a worn needle
Incorrect heat treatment
Poor adhesion of the paint
Failed to detect because camera resolution is too low
Wrong glue
Solder paste expired
Forgotten burr in the mould
Control plan does not require the check
Inspection instruction does not mention the edge
Standard not met by the raw material
Work instruction does not show the orientation
No error proofing for orientation
Poor lighting at the inspection station
Insufficient cooling time
Lack of lubrication
Lack of adhesive
Cycle time too short for the worker to check
Unknown inclusion in the casting
Operators use different setups because setup values are not defined
Process window too small
Handling damage in transit
Wrong temperature
Man-made fibre wrong
Team of robots
Human machine interface shows wrong unit
设备误动作
检测设备漏检
材料错误
热处理不当
供应商来料不良
工艺规定不合理
标准未更新
操作按钮布局不合理
镀层厚度不足
冷却时间不足
作业标准不明确
检验标准缺失
焊接参数不当
漏油
误差过大
工艺设计未考虑热膨胀
人机界面显示错误
员工通道未封闭
工装未定期保养
流程缺少检查环节
注塑机喷嘴堵塞
操作系统错误
Coating thickness not according to standard
Operator seat height wrong
Wrong default in the operator terminal
Fatigue of the spring steel
Personnel lock not interlocked with the press
Deviation from flatness because of residual stress
Improper curing of the adhesive
No error signal from the load cell
Missed by automatic inspection because the threshold is too high
Standard tolerance too wide
Procedure does not cover rework
Instruction was missing a step
Failure of O-ring
Operator overload: three machines per person
Worker-independent drift of the scale
Incorrect storage temperature of resin
Labels of left and right parts differ by one digit only
操作指引缺少图片
模温过低
员工同时看三台机器，节拍不足
错误的公差标注
两个零件仅差1毫米，无法目视区分
设计失误
探针接触不良
检测软件漏判
作业环境粉尘过多
人工目检难以发现微裂纹
标准错误
量具误差大
未按周期更换电极
包装箱强度不足
"""

WEAK_ACTIONS = """
Re-training of the worker
Retrain all employees
Operators were informed about the defect
Training!
Awareness training for the assembly team
Toolbox talk with night shift
The operator was warned
Coach the operator
Remind inspectors to check more carefully
Quality alert posted at the station
Employee instructed
Reprimand of the responsible worker
On-the-job training of new staff
Pay more attention
Training programme for operators
Shift meeting with all workers
Workers' supervision strengthened
Lesson for the team
Conduct refresher training according to SOP
Operators will be coached
对相关人员进行再培训
加强员工质量意识
班前会宣导
對作業員進行教育訓練
提醒员工注意
要求操作工认真检查
对责任人罚款处理
组织全体员工学习
加强现场监督管理
培训操作员
通报批评
召開品質會議
告知检验人员
警告操作工
强化员工责任心
对新员工进行岗前培训并考试
按照作业指导书重新培训
早会宣讲质量案例
考核当班人员
提高员工操作技能
Train all operators on the new work instruction
Operator has been reminded to follow SOP
Discussed with the operator
Retraining of packaging personnel done
Inform team about customer complaint
All inspectors instructed again
Quality awareness meeting with production
Increase supervision
More training for operators
Training record attached
Operators signed the instruction
Employees made aware of the problem
Disciplinary measures against the worker
Team briefing every morning
OPL for operators
Communicate the defect to all shifts
Talk to the worker
Operator re-qualified
Explain the defect to operators
对员工进行质量培训
加强对员工的管理
培训员工按SOP作业
教育员工提高质量意识
对检验员进行再培训，提高检验技能
每天早会强调质量要求
现场培训作业员
加强巡检力度
口头警告当事人
要求作业员严格按作业指导书操作
對檢驗員進行培訓
通知相关人员
员工考核
质量意识宣导
组织质量专题会
张贴不良案例并培训
Hold a meeting with the operators
Awareness
Briefing of inspectors before the shift
Instruct staff to pay attention
Train and qualify operators
Remind everybody
Verbal warning to employee
Ask operators to be careful
Operator training and awareness
加强培训和监督
班组培训
对操作工进行技能培训与考核
提高操作者责任心
召集相关人员开会
内部培训
强调作业纪律
安排新员工学习SOP
"""

REAL_ACTIONS = """
Fixture with a stop for the part
Interlock between door and spindle
Work instruction revised and operators trained on it
Alarm when the torque is too low
Poka-yoke pin prevents wrong loading
Replace worn gripper fingers weekly
Automatic warning in the MES
New gauge for the bend
Vision model trained with black parts
Power train redesigned
Drawing revision B released
Warning label printed on the carton
Sensor informs the operator of a missing part
Separate storage of left and right parts
Sampling plan changed from 1/h to 5/h
Reminder in the maintenance system every 500 cycles
Light curtain at the press
100 % inspection with a go/no-go gauge
Supplier switched to hardened steel
Coach screws replaced by hex bolts
夹具增加防呆销
修改作业指导书并培训员工
程序增加互锁
更换刀具并设定寿命
视觉系统自动检测
要求供应商提供材质报告
模具增加排气槽
扭矩枪联网，低于下限时报警
设备提醒更换滤芯
检具每班校准
增加警示灯
机器学习检测缺陷
图纸增加圆角要求
料架按左右件分开
改用不同颜色的接头
传感器检测漏装
人员防护光栅
参数锁定，修改需授权
增加自动称重剔除
工裝加裝限位塊
Add a stop to the fixture
Change of coating
Warning limit in SPC
Add camera inspection
Operator panel locked by password
Training mode of the robot disabled
Enlarge the hole by 0.2 mm
Change supplier
Reduce batch size
Attention symbol on the drawing
Torque controller stops the line
Kit tray with one place per part
Inform the ERP of scrapped parts automatically
Second inspection at the end of line
Work instruction changed with photos
Replace operator panel
Team board replaced by MES screen
Increase cooling time to 20 s
Brief holding time raised to 5 s
Show left and right parts in different colours
Instruction sheet with limit samples
Add checklist at start of shift
注意标识贴于设备
增加一道检验工序
操作面板加锁
通知系统自动停机
工人操作台加高
更换供应商
增加首件检验
增加冷却时间
作业指导书增加图片
强调色标示左右件
提高模温
警告标签
设备小心轻放标志
要求图纸标注公差
会议室漏水处理
重新设计料架
电子作业指导书上线
Increase die temperature to 220 °C
Educate neural network with new images
Operator must scan the part before release
Second person checks the torque value with a calibrated wrench
Mark the orientation with an arrow
Move the workplace out of the sun
New staff door
Alarm informs team leader when limit is exceeded
Replace manual check with camera
Split the storage of similar parts
Define inspection frequency in the control plan
Meeting point of conveyors guarded
更改零件包装方式
增设光电检测
操作工位增加照明
操作员权限加密码
规定每班首件检验并记录
注意力检测摄像头安装
会议后更改设计
报警后自动停机并通知班长
作业指导书明确扭矩值
"""


@tagged("post_install", "-at_install")
class TestWeakTerms(OnOneDay, TransactionCase):
    """What the words in data say about texts as teams write them; a technical answer
    must not be called weak.
    """

    def judged_weak(self, texts, kind):
        return [
            text
            for text in texts.strip().splitlines()
            if self.env["quality.8d.weak.term"]._is_weak(text, kind)
        ]

    def test_weak_causes(self):
        self.assertEqual(
            self.judged_weak(WEAK_CAUSES, "cause"), WEAK_CAUSES.strip().splitlines()
        )

    def test_technical_causes(self):
        self.assertEqual(self.judged_weak(REAL_CAUSES, "cause"), [])

    def test_weak_actions(self):
        self.assertEqual(
            self.judged_weak(WEAK_ACTIONS, "action"), WEAK_ACTIONS.strip().splitlines()
        )

    def test_technical_actions(self):
        self.assertEqual(self.judged_weak(REAL_ACTIONS, "action"), [])

    def test_texts_that_say_nothing_are_not_weak(self):
        """An empty text is missing, not weak; a dash or dots in its place are an answer
        that says nothing.
        """
        for text in (False, "", " ", "42"):
            for kind in ("cause", "action"):
                with self.subTest(text=text, kind=kind):
                    self.assertFalse(
                        self.env["quality.8d.weak.term"]._is_weak(text, kind)
                    )

    def test_a_new_word_counts_at_once_as_people_write_it(self):
        terms = self.env["quality.8d.weak.term"]
        self.assertFalse(terms._is_weak("Full moon", "cause"))
        moon = terms.create({"kind": "cause", "name": "Full-Moon"})
        self.assertTrue(terms._is_weak("the full  moons", "cause"))
        moon.active = False
        self.assertFalse(
            terms.with_context(active_test=False)._is_weak("Full moon", "cause")
        )

    def test_the_company_may_list_its_technical_words_and_persons(self):
        terms = self.env["quality.8d.weak.term"]
        self.assertTrue(terms._is_weak("Operator mistake at the frobnicator", "cause"))
        terms.create({"kind": "strong", "name": "frobnicator"})
        self.assertFalse(terms._is_weak("Operator mistake at the frobnicator", "cause"))
        self.assertFalse(terms._is_weak("Mistake by Heinzelmann", "cause"))
        terms.create({"kind": "person", "name": "Heinzelmann"})
        self.assertTrue(terms._is_weak("Mistake by Heinzelmann", "cause"))


@tagged("post_install", "-at_install")
class TestSaysNothing(OnOneDay, TransactionCase):
    """Blanks, dashes and “n/a” are no cause and no action; looking harder alone changes
    nothing.
    """

    def setUp(self):
        super().setUp()
        self.terms = self.env["quality.8d.weak.term"]

    def test_no_answer(self):
        for text in (
            "-",
            "--",
            "?",
            "…",
            "n/a",
            "N/A",
            "n.a.",
            "/",
            "无",
            "不适用",
            "TBD",
        ):
            for kind in ("cause", "action"):
                self.assertTrue(self.terms._is_weak(text, kind), (text, kind))

    def test_looking_harder_alone_is_no_corrective_action(self):
        for text in (
            "Increase inspection",
            "increased inspections",
            "More inspection by the operators",
            "We will strengthen inspection",
            "加强检验",
            "加强检验。",
            "增加抽检",
        ):
            self.assertTrue(self.terms._is_weak(text, "action"), text)
        for text in ("Camera checks every part before packing", "加装视觉检测相机"):
            self.assertFalse(self.terms._is_weak(text, "action"), text)

    def test_not_careful_enough_is_a_person(self):
        for text in (
            "not careful enough",
            "The operator was not careful enough",
            "Not careful enough!",
            "不够小心",
            "操作工不够小心",
        ):
            self.assertTrue(self.terms._is_weak(text, "cause"), text)
