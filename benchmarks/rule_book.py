"""How many rules the book has in each dimension, as written and repeated for every feed.

python -m benchmarks.rule_book
"""

from __future__ import annotations

from pipelines.quality.model import Dimension
from pipelines.quality.rules import load_rules


def main() -> None:
    """Print one line a dimension and a total."""
    rules = load_rules()
    written = {rule.code.split("__")[0]: rule.dimension for rule in rules}
    for dimension in Dimension:
        repeated = sum(rule.dimension is dimension for rule in rules)
        print(f"{dimension.value:5} {sum(d is dimension for d in written.values()):4} {repeated:4}")
    print(f"{'cộng':5} {len(written):4} {len(rules):4}")


if __name__ == "__main__":
    main()
