"""How well consultation answers: question sets in, figures out (domain: 准确率, 覆盖率, 引用支持率, 拒答准确率 …)."""
