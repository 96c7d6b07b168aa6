"""The item standard: every element of 实施清单, 申请材料 and 情形引导, as strict typed rows, one noun a file."""

from yueban.catalogue.standard.item import ItemStandard as ItemStandard
