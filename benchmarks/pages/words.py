"""Names of synthetic service items."""

from collections.abc import Iterator

OBJECTS_TEXT = """
民办幼儿园 职业技能培训机构 劳务派遣 生猪定点屠宰 农作物种子生产经营 城镇燃气经营 建筑施工企业安全生产
食品生产 药品零售 小餐饮店 医疗机构执业 护士执业 放射诊疗 母婴保健技术服务 生活饮用水卫生 消毒产品生产
危险化学品经营 烟花爆竹零售 特种设备使用 计量标准器具 检验检测机构 广告发布 企业名称 个体工商户 农民专业合作社
外商投资企业 房地产开发企业资质 商品房预售 房屋租赁 住房公积金缴存 城市建筑垃圾处置 占用城市道路 户外广告设置
排水户 取水 河道采砂 水土保持方案 水利工程占用 渔业捕捞 水域滩涂养殖 动物防疫条件 兽药经营 农药经营 林木采伐
野生动物人工繁育 木材运输 植物检疫 出租汽车经营 网络预约出租汽车 道路旅客运输 机动车维修 驾驶员培训
公路涉路施工 超限运输车辆 船舶营业运输 港口经营 机动车登记 机动车驾驶证 电动自行车登记 居民身份证 居住证
户口登记 出入境通行证 养犬登记 旅馆业特种行业 印章刻制 保安服务 互联网上网服务 营业性演出 文艺表演团体
歌舞娱乐场所 电影放映 广播电视节目制作 文物保护工程 体育场馆经营 健身气功活动 社会团体 民办非企业单位 慈善组织
养老机构 婚姻登记 收养登记 殡葬服务 最低生活保障 临时救助 残疾人补贴 孤儿基本生活 高龄老人津贴 工伤认定
失业保险金 社会保险登记 基本医疗保险 生育保险待遇 异地就医 就业登记 创业担保贷款 人才引进 专业技术资格
教师资格 义务教育入学 学籍转接 中小学生资助 法律援助 律师执业 公证服务 司法鉴定
"""
OBJECTS = tuple(OBJECTS_TEXT.split())
ACTS_TEXT = """
许可 审批 变更登记 注销登记 延续 补办 备案 年度报告 现场核查 资格认定 补贴申领 证明开具 信息更正 异议处理
暂停申请 恢复申请 信用修复 跨区迁移
"""
ACTS = tuple(ACTS_TEXT.split())


def names(count: int) -> Iterator[tuple[str, str]]:
    """So many different (object, act), spread over both lists."""
    total = len(OBJECTS) * len(ACTS)
    if count > total:
        raise ValueError(f"at most {total} synthetic items")
    # A step that has no divisor in common with the total meets each pair once, in no order one could see.
    for number in range(count):
        place = number * 677 % total
        yield OBJECTS[place // len(ACTS)], ACTS[place % len(ACTS)]
