from odoo.tests import TransactionCase, tagged

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
"""


@tagged("post_install", "-at_install")
class TestWeakTerms(TransactionCase):
    """What the words in data say about texts nobody thought of when they were listed."""

    def judged_weak(self, texts, kind):
        return [text for text in texts.strip().splitlines() if self.env["quality.8d.weak.term"]._is_weak(text, kind)]

    def test_weak_causes(self):
        self.assertEqual(self.judged_weak(WEAK_CAUSES, "cause"), WEAK_CAUSES.strip().splitlines())

    def test_technical_causes(self):
        self.assertEqual(self.judged_weak(REAL_CAUSES, "cause"), [])

    def test_weak_actions(self):
        self.assertEqual(self.judged_weak(WEAK_ACTIONS, "action"), WEAK_ACTIONS.strip().splitlines())

    def test_technical_actions(self):
        self.assertEqual(self.judged_weak(REAL_ACTIONS, "action"), [])

    def test_texts_that_say_nothing_are_not_weak(self):
        """An empty text is missing, not weak."""
        for text in (False, "", " ", "?", "42", "…"):
            for kind in ("cause", "action"):
                with self.subTest(text=text, kind=kind):
                    self.assertFalse(self.env["quality.8d.weak.term"]._is_weak(text, kind))

    def test_a_new_word_counts_at_once_as_people_write_it(self):
        terms = self.env["quality.8d.weak.term"]
        self.assertFalse(terms._is_weak("Full moon", "cause"))
        moon = terms.create({"kind": "cause", "name": "Full-Moon"})
        self.assertTrue(terms._is_weak("the full  moons", "cause"))
        moon.active = False
        self.assertFalse(terms.with_context(active_test=False)._is_weak("Full moon", "cause"))

    def test_the_company_may_list_its_technical_words_and_persons(self):
        terms = self.env["quality.8d.weak.term"]
        self.assertTrue(terms._is_weak("Operator mistake at the frobnicator", "cause"))
        terms.create({"kind": "strong", "name": "frobnicator"})
        self.assertFalse(terms._is_weak("Operator mistake at the frobnicator", "cause"))
        self.assertFalse(terms._is_weak("Mistake by Heinzelmann", "cause"))
        terms.create({"kind": "person", "name": "Heinzelmann"})
        self.assertTrue(terms._is_weak("Mistake by Heinzelmann", "cause"))
