"""The words people type for each item of the city: colloquial, spelt, by initials, with a slip."""

import pytest

from yueban.catalogue import selectors

pytestmark = pytest.mark.django_db
TYPED = {
    "animal-epidemic-prevention": ["养猪场要办什么证", "动物防疫证", "dwfytj"],
    "archive-consultation": ["查档", "知青档案", "dacx"],
    "birth-registration": ["shhk", "宝宝报户口", "生了孩子要上户口"],
    "birth-service-registration": ["准生证", "怀孕登记"],
    "bookkeeping-agency-permit": ["代账公司", "代理记账", "dljzxk"],
    "building-works-permit": ["施工许可证", "开工要办什么手续", "jzsgxk"],
    "class2-device-filing": ["卖血压计", "elylqx"],
    "clinic-filing": ["开诊所", "中医诊所备案", "zsba"],
    "commercial-performance-approval": ["办演唱会", "商业演出要审批吗", "yyxyc"],
    "company-change-registration": ["换法人", "法人换人", "营业执照换地址", "gqzr"],
    "company-deregistration": ["注销公司", "关公司", "gszxdj"],
    "company-registration": ["开公司", "yyzz", "工商注册", "我想开家公司"],
    "compulsory-school-admission": ["幼升小", "xsc", "小孩要上小学了", "划片", "外地户口孩子上学"],
    "construction-planning-permit": ["工规证", "建设工程规化许可"],
    "construction-waste-disposal": ["渣土证", "工地渣土要办什么手续", "jzljcz"],
    "cross-region-medical-filing": ["异地就医", "去上海看病要备案吗", "ydjyba"],
    "disability-certificate": ["残疾证", "残级证"],
    "doctor-registration": ["医师注册", "医生换医院", "yszyzc"],
    "drainage-permit": ["排水证", "饭店排水", "paishuixukezheng"],
    "driving-licence-renewal": ["驾照到期了怎么办", "换驾照", "jszhz"],
    "eia-report-form-approval": ["办环评", "环评", "hjyxbg"],
    "elderly-care-institution-filing": ["开养老院", "yljgba"],
    "employee-retirement": ["tuixiu", "几岁退休", "退修"],
    "employment-difficulty-recognition": ["4050", "大龄就业"],
    "entertainment-venue-permit": ["娱乐经营许可证", "开舞厅", "电玩城"],
    "ethnic-status-change": ["改民族", "民族变更", "mzcf"],
    "extreme-poverty-support": ["五保户", "没人养的老人"],
    "fire-safety-check": ["消防手续", "开业消防检查", "xfaqjc"],
    "firework-retail-permit": ["卖鞭炮要什么证", "炮仗", "yhbz"],
    "flexible-employment-subsidy": ["社保补贴", "自己交社保有补贴吗", "lhjy"],
    "flexible-worker-enrolment": ["个人交社保", "自己交养老保险", "lhjycb"],
    "food-business-permit": ["开饭店", "开早餐店", "餐饮"],
    "hazardous-chemicals-permit": ["危化证", "加油站要办危化品许可吗", "whpjy"],
    "high-risk-sports-permit": ["攀岩馆", "滑雪场要什么许可", "gwxty"],
    "hotel-security-permit": ["特行证", "民宿特种行业许可", "lgytzhy"],
    "house-presale-permit": ["预售证", "楼盘开盘要什么证", "spfys"],
    "household-migration": ["qhk", "人才落户", "户口怎么迁"],
    "housing-fund-withdrawal": ["gjj", "公积金怎么取", "公鸡金提取"],
    "investment-project-filing": ["项目备案", "技改备案", "tzxmba"],
    "legal-aid": ["免费律师", "讨工资请律师", "flyz"],
    "lightning-design-review": ["防雷审核", "避雷针", "ldfhzz"],
    "maternity-allowance": ["生育津贴", "产假工资怎么领", "syjt"],
    "no-criminal-record": ["无犯罪证明", "wfzjl", "找工作要开无犯罪"],
    "old-age-allowance": ["高龄补贴", "80岁老人津贴"],
    "outdoor-advertising-permit": ["广告牌要不要审批", "户外广告", "hwggsz"],
    "pesticide-business-permit": ["卖农药", "农资店", "nyjyxk"],
    "pollutant-discharge-permit": ["排污许可", "工厂环保证", "pwxk"],
    "prepaid-card-filing": ["会员卡备案", "预付卡", "dytyfk"],
    "printing-permit": ["开印刷厂", "印刷许可证", "yinshuajyxk"],
    "private-school-establishment": ["开幼儿园", "办学许可证怎么办"],
    "public-place-hygiene-permit": ["开理发店", "wsxkz"],
    "publication-retail-permit": ["开书店", "网店卖书"],
    "real-estate-record-search": ["无房证明", "查名下房产", "bdccx"],
    "real-estate-transfer-registration": ["过户", "fcgh", "房产证加名字", "买了新房怎么办证"],
    "residence-permit": ["居住证", "暂住证怎么办", "jzz"],
    "ride-hailing-driver-certificate": ["跑滴滴要什么证", "网约车证", "wycjsy"],
    "road-freight-permit": ["拉货", "跑运输要什么证"],
    "road-transport-certificate": ["营运证", "营运征"],
    "rural-homestead-approval": ["农村造房子", "批宅基地", "农村建房"],
    "social-organisation-registration": ["成立商会", "注册一个协会"],
    "sole-trader-registration": ["个体户", "摆摊办执照", "gtgsh"],
    "special-equipment-use-registration": ["叉车上牌", "dtdj", "小区电梯"],
    "subsistence-allowance": ["低保", "吃低保", "家里困难想申请低保", "dbh"],
    "talent-recognition": ["rcrd", "人材认定"],
    "tax-clearance-certificate": ["清税证明", "税务注销", "qszm"],
    "teacher-qualification": ["教师资格证", "教资认定", "jszgrd"],
    "new-taxpayer-setup": ["税务报到", "首次领发票", "gsswkh"],
    "employer-insurance-registration": ["单位参保", "给员工交社保", "gssbkh"],
    "compliance-information-check": ["无违规证明", "上市合规证明", "sshc"],
    "technology-contract-registration": ["技术合同登记", "技术合同免税", "jshtrd"],
    "temporary-relief": ["临时救助", "火灾补助", "linshijz"],
    "unemployment-benefit": ["失业金怎么领", "被辞退能领失业金吗", "sybxj"],
    "unemployment-registration": ["失业登记", "失业证", "下岗登记"],
    "veteran-card": ["优待证", "退伍军人优待", "老兵证"],
    "water-abstraction-permit": ["打井要办证吗", "取水证", "qsxk"],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in TYPED.items() for text in texts])
def test_what_people_type_brings_the_item_first(key, text):
    assert selectors.search_items(text)[0].key == key


def test_every_item_of_the_city_is_tried():
    assert set(TYPED) == {version.item.key for version in selectors.published_items()}
