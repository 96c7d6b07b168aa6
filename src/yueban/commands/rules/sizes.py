"""Files stay within 500 lines and functions within 60, tests too; data and migrations are left out."""

import ast

from yueban.commands.rules.finding import Finding, at, parse, python_files

LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def find_sizes() -> list[Finding]:
    """Files and functions that have grown too long."""
    findings = []
    for path in python_files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            findings.append(at(path, 1, "size", f"{lines} 行，超过 {LONGEST_FILE} 行：按名词拆成几个文件"))
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    message = (
                        f"{node.name} 有 {length} 行，超过 {LONGEST_FUNCTION} 行：把其中的步骤命名成函数"
                    )
                    findings.append(at(path, node.lineno, "size", message))
    return findings
