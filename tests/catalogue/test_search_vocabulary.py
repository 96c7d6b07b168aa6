"""The words people type for each item of the city: colloquial, spelt, by initials, with a slip."""

import pytest

from yueban.catalogue import selectors

pytestmark = pytest.mark.django_db
TYPED = {
    "birth-registration": ["shhk", "宝宝报户口", "生了孩子要上户口"],
    "birth-service-registration": ["准生证", "怀孕登记"],
    "class2-device-filing": ["卖血压计", "elylqx"],
    "company-change-registration": ["换法人", "法人换人", "营业执照换地址", "gqzr"],
    "company-registration": ["开公司", "yyzz", "工商注册", "我想开家公司"],
    "compulsory-school-admission": ["幼升小", "xsc", "小孩要上小学了", "划片", "外地户口孩子上学"],
    "construction-planning-permit": ["工规证", "建设工程规化许可"],
    "disability-certificate": ["残疾证", "残级证"],
    "drainage-permit": ["排水证", "饭店排水", "paishuixukezheng"],
    "employee-retirement": ["tuixiu", "几岁退休", "退修"],
    "employment-difficulty-recognition": ["4050", "大龄就业"],
    "extreme-poverty-support": ["五保户", "没人养的老人"],
    "flexible-employment-subsidy": ["社保补贴", "自己交社保有补贴吗", "lhjy"],
    "food-business-permit": ["开饭店", "开早餐店", "餐饮"],
    "household-migration": ["qhk", "人才落户", "户口怎么迁"],
    "housing-fund-withdrawal": ["gjj", "公积金怎么取", "公鸡金提取"],
    "old-age-allowance": ["高龄补贴", "80岁老人津贴"],
    "private-school-establishment": ["开幼儿园", "办学许可证怎么办"],
    "public-place-hygiene-permit": ["开理发店", "wsxkz"],
    "publication-retail-permit": ["开书店", "网店卖书"],
    "real-estate-transfer-registration": ["过户", "fcgh", "房产证加名字", "买了新房怎么办证"],
    "road-freight-permit": ["拉货", "跑运输要什么证"],
    "road-transport-certificate": ["营运证", "营运征"],
    "social-organisation-registration": ["成立商会", "注册一个协会"],
    "special-equipment-use-registration": ["叉车上牌", "dtdj", "小区电梯"],
    "talent-recognition": ["rcrd", "人材认定"],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in TYPED.items() for text in texts])
def test_what_people_type_brings_the_item_first(key, text):
    assert selectors.search_items(text)[0].key == key


def test_every_item_of_the_city_is_tried():
    assert set(TYPED) == {version.item.key for version in selectors.published_items()}
