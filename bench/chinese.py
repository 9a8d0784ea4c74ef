"""The texts of the README's table of goals in Chinese. Values only."""

from collections.abc import Mapping, Sequence

HEAD: Sequence[str] = ("指标", "目标", "实测", "")

GOALS: Mapping[str, str] = {
    "requests/s, 240 B, 32 connections": "每秒请求数，240 B，32 个连接",
    "requests/s, 240 B, 32 connections (rules)": "每秒请求数，240 B，32 个连接（有规则）",
    "requests/s, 240 B, 32 connections (default log)": "每秒请求数，240 B，32 个连接（默认日志）",
    "requests/s, 200 KB, 1 connection": "每秒请求数，200 KB，1 个连接",
    "requests/s, 5 MB, 1 connection": "每秒请求数，5 MB，1 个连接",
    "requests/s, 1 MB, 1 connection": "每秒请求数，1 MB，1 个连接",
    "p99, 1 MB, 200 requests/s, minus the baseline's": "p99 与基线之差，1 MB，每秒 200 次请求",
    "start to a generated person": "从启动到返回第一个虚构人物",
    "memory, idle": "内存，空闲",
    "memory after 10,000 calls of 200 KB": "内存，10,000 次 200 KB 调用之后",
    "CPU of a picture never seen (a specimen)": "处理一张新图片（样本）的 CPU 时间",
    "pytest: a fresh account": "pytest：新建账号",
    "pytest: start in the session": "pytest：在会话中启动",
}
"""By the subject of a goal."""

BOUNDS: Mapping[str, str] = {
    " of the baseline": "基线的 {:g} 倍",
    " of the hashing floor": "哈希下限的 {:g} 倍",
    " x baseline": "基线的 {:g} 倍",
    " x baseline, idle": "基线空闲时的 {:g} 倍",
    " ms": "{:g} 毫秒",
}
"""By the unit of a goal."""

MET, MISSED, NOT_MEASURED = "达到", "**未达到**", "未测量"

MEASURED = "测量日期 {}，同一次运行中并列测得。"
