"""The families and codes that are shipped: one set for every device, and a small one for each common family.

A house begins with these and makes them its own: staff rename, retire and add. Source: the fault tables that
maintenance manuals carry (令18第17条, 故障代码表), reduced to what engineers tell apart on site.
"""

from typing import NamedTuple

from portal.core.db import Text2
from portal.domain.faultcodes.words import CodeKind

S, A, C, R = CodeKind.SYMPTOM, CodeKind.AREA, CodeKind.CAUSE, CodeKind.ACTION

FAMILIES = {
    "VENT": Text2("呼吸机", "Ventilators"),
    "PUMP": Text2("输液泵与注射泵", "Infusion and syringe pumps"),
    "MON": Text2("监护仪", "Patient monitors"),
    "US": Text2("超声诊断设备", "Ultrasound systems"),
    "DEF": Text2("除颤设备", "Defibrillators"),
    "ANES": Text2("麻醉机", "Anaesthesia machines"),
    "INCU": Text2("婴儿培养箱", "Infant incubators"),
    "ECG": Text2("心电图机", "Electrocardiographs"),
    "ESU": Text2("高频手术设备", "Electrosurgical units"),
    "HD": Text2("血液透析设备", "Haemodialysis machines"),
}


class Shipped(NamedTuple):
    kind: CodeKind
    code: str
    zh: str
    en: str
    family: str = ""


CODES = (
    Shipped(S, "S01", "不能开机", "Does not start"),
    Shipped(S, "S02", "工作中停机或重启", "Stops or restarts while working"),
    Shipped(S, "S03", "自检不通过", "Self-test fails"),
    Shipped(S, "S04", "报警不消除", "An alarm does not clear"),
    Shipped(S, "S05", "测量或输出不准", "Reads or delivers wrong values"),
    Shipped(S, "S06", "显示或操作面板异常", "Screen or panel faulty"),
    Shipped(S, "S07", "异响、异味或发热", "Noise, smell or heat"),
    Shipped(S, "S08", "机械损坏或松动", "Broken or loose mechanics"),
    Shipped(S, "S09", "通信或联网中断", "Connection or network lost"),
    Shipped(S, "S10", "附件不被识别", "Accessory not recognised"),
    Shipped(A, "A01", "电源与电池", "Power supply and battery"),
    Shipped(A, "A02", "主控板与软件", "Main board and software"),
    Shipped(A, "A03", "显示与操作面板", "Screen and panel"),
    Shipped(A, "A04", "传感器与测量", "Sensors and measurement"),
    Shipped(A, "A05", "机械与传动", "Mechanics and drive"),
    Shipped(A, "A06", "线缆与接口", "Cables and connectors"),
    Shipped(A, "A07", "附件与耗材", "Accessories and consumables"),
    Shipped(A, "A08", "使用环境（电源、气源、水源）", "Surroundings (mains, gas, water)"),
    Shipped(C, "C01", "元件老化或磨损", "Aged or worn component"),
    Shipped(C, "C02", "元件失效", "Component failed"),
    Shipped(C, "C03", "接触不良或松脱", "Bad contact or loose connection"),
    Shipped(C, "C04", "进液或污染", "Liquid or dirt inside"),
    Shipped(C, "C05", "跌落或碰撞", "Fall or impact"),
    Shipped(C, "C06", "漂移，需校准", "Drift, calibration needed"),
    Shipped(C, "C07", "软件错误或设置不当", "Software error or wrong setting"),
    Shipped(C, "C08", "操作不当", "Handled wrongly"),
    Shipped(C, "C09", "电源、气源或环境原因", "Mains, gas or surroundings"),
    Shipped(C, "C10", "未发现故障", "No fault found"),
    Shipped(R, "R01", "更换部件", "Part replaced"),
    Shipped(R, "R02", "更换整机", "Unit replaced"),
    Shipped(R, "R03", "清洁、除尘或消毒", "Cleaned or disinfected"),
    Shipped(R, "R04", "校准或定标", "Calibrated"),
    Shipped(R, "R05", "紧固或重新连接", "Tightened or reconnected"),
    Shipped(R, "R06", "升级或重装软件", "Software updated or reinstalled"),
    Shipped(R, "R07", "调整设置", "Settings adjusted"),
    Shipped(R, "R08", "指导使用", "Users instructed"),
    Shipped(R, "R09", "返厂维修", "Sent to the workshop"),
    Shipped(R, "R10", "检测正常，未处理", "Tested, nothing to do"),
    Shipped(S, "VENT-S1", "气道压力过高或过低报警", "Airway pressure too high or too low", "VENT"),
    Shipped(S, "VENT-S2", "潮气量偏差或漏气", "Tidal volume off, or a leak", "VENT"),
    Shipped(S, "VENT-S3", "氧浓度偏差", "Oxygen concentration off", "VENT"),
    Shipped(S, "VENT-S4", "气源压力不足报警", "Gas supply pressure low", "VENT"),
    Shipped(A, "VENT-A1", "呼气阀与膜片", "Expiratory valve and membrane", "VENT"),
    Shipped(A, "VENT-A2", "流量传感器", "Flow sensor", "VENT"),
    Shipped(A, "VENT-A3", "氧电池", "Oxygen cell", "VENT"),
    Shipped(A, "VENT-A4", "涡轮或气路", "Turbine or gas path", "VENT"),
    Shipped(C, "VENT-C1", "膜片变形或破损", "Membrane deformed or torn", "VENT"),
    Shipped(C, "VENT-C2", "氧电池耗尽", "Oxygen cell used up", "VENT"),
    Shipped(S, "PUMP-S1", "阻塞误报警", "False occlusion alarm", "PUMP"),
    Shipped(S, "PUMP-S2", "流速不准", "Flow rate off", "PUMP"),
    Shipped(S, "PUMP-S3", "空气报警", "Air-in-line alarm", "PUMP"),
    Shipped(S, "PUMP-S4", "电池不能维持", "Battery does not last", "PUMP"),
    Shipped(A, "PUMP-A1", "推头与压力传感器", "Pusher and force sensor", "PUMP"),
    Shipped(A, "PUMP-A2", "丝杆与电机", "Lead screw and motor", "PUMP"),
    Shipped(C, "PUMP-C1", "压力传感器零点漂移", "Zero drift of the force sensor", "PUMP"),
    Shipped(S, "MON-S1", "血氧无读数或不稳", "SpO2 missing or unsteady", "MON"),
    Shipped(S, "MON-S2", "无创血压测量失败", "NIBP fails", "MON"),
    Shipped(S, "MON-S3", "心电导联脱落或干扰", "ECG lead off or disturbed", "MON"),
    Shipped(S, "MON-S4", "有创压或体温异常", "Invasive pressure or temperature wrong", "MON"),
    Shipped(A, "MON-A1", "血氧探头与延长线", "SpO2 probe and extension", "MON"),
    Shipped(A, "MON-A2", "血压气泵与气路", "NIBP pump and air path", "MON"),
    Shipped(A, "MON-A3", "心电导联线", "ECG lead wires", "MON"),
    Shipped(S, "US-S1", "图像有暗带或伪影", "Dark bands or artefacts", "US"),
    Shipped(S, "US-S2", "探头不被识别", "Probe not recognised", "US"),
    Shipped(S, "US-S3", "系统启动停顿", "System hangs at start", "US"),
    Shipped(A, "US-A1", "探头与探头线", "Probe and its cable", "US"),
    Shipped(A, "US-A2", "前端板与探头接口", "Front end and probe port", "US"),
    Shipped(A, "US-A3", "硬盘与工作站", "Disk and workstation", "US"),
    Shipped(S, "DEF-S1", "充电失败或过慢", "Charging fails or is slow", "DEF"),
    Shipped(S, "DEF-S2", "放电能量偏差", "Delivered energy off", "DEF"),
    Shipped(S, "DEF-S3", "电池不能维持", "Battery does not last", "DEF"),
    Shipped(A, "DEF-A1", "高压电容与放电电路", "Capacitor and discharge circuit", "DEF"),
    Shipped(A, "DEF-A2", "除颤手柄与电极", "Paddles and electrodes", "DEF"),
    Shipped(C, "DEF-C1", "电池容量衰减", "Battery capacity lost", "DEF"),
    Shipped(S, "ANES-S1", "漏气测试不通过", "Leak test fails", "ANES"),
    Shipped(S, "ANES-S2", "蒸发罐浓度偏差", "Vaporiser output off", "ANES"),
    Shipped(A, "ANES-A1", "吸收罐与密封", "Absorber and seals", "ANES"),
    Shipped(A, "ANES-A2", "蒸发罐", "Vaporiser", "ANES"),
    Shipped(C, "ANES-C1", "密封圈开裂", "Seal cracked", "ANES"),
    Shipped(S, "INCU-S1", "箱温偏差", "Air temperature off", "INCU"),
    Shipped(S, "INCU-S2", "湿度异常", "Humidity wrong", "INCU"),
    Shipped(A, "INCU-A1", "皮温与箱温传感器", "Skin and air temperature sensors", "INCU"),
    Shipped(A, "INCU-A2", "加热与风道", "Heater and air duct", "INCU"),
    Shipped(S, "ECG-S1", "波形干扰或缺失", "Trace disturbed or missing", "ECG"),
    Shipped(S, "ECG-S2", "走纸或打印异常", "Paper feed or print faulty", "ECG"),
    Shipped(A, "ECG-A1", "导联线", "Lead wires", "ECG"),
    Shipped(A, "ECG-A2", "走纸与打印头", "Paper drive and print head", "ECG"),
    Shipped(S, "ESU-S1", "无输出或输出偏差", "No output, or output off", "ESU"),
    Shipped(S, "ESU-S2", "中性电极报警", "Neutral electrode alarm", "ESU"),
    Shipped(A, "ESU-A1", "输出板与手柄接口", "Output board and handpiece port", "ESU"),
    Shipped(S, "HD-S1", "电导率报警", "Conductivity alarm", "HD"),
    Shipped(S, "HD-S2", "跨膜压或静脉压报警", "TMP or venous pressure alarm", "HD"),
    Shipped(A, "HD-A1", "配液与电导率电极", "Mixing and conductivity cell", "HD"),
    Shipped(A, "HD-A2", "血泵与压力检测", "Blood pump and pressure sensing", "HD"),
)
