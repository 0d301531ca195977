"""What a section measured, and how that is written down."""


class Section:
    def __init__(self, name):
        self.data = {"name": name, "title": name, "goals": [], "tables": [], "notes": []}

    def title(self, title):
        self.data["title"] = title

    def goal(self, what, value, at_most=None, at_least=None):
        met = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
        self.data["goals"].append({"what": what, "value": value, "at most": at_most, "at least": at_least, "met": met})

    def table(self, title, columns, rows):
        """A cell is text, or a number with how it is to be written: (2.5, "{:.1f} MB")."""
        self.data["tables"].append({"title": title, "columns": columns,
                                    "rows": [[{"value": c[0], "text": c[1].format(c[0])} if isinstance(c, tuple)
                                              else {"value": c, "text": str(c)} for c in row] for row in rows]})

    def note(self, text):
        self.data["notes"].append(text)


def markdown(result):
    m = result["machine"]
    lines = ["# Figures of scripts/bench.sh", "",
             f"{m['date']}, {m['cpus']} CPUs ({m['model']}), load {m['load']:.1f} at the start"
             + (", --quick: few repetitions" if result["quick"] else "") + "."]
    if m["load"] > 0.5 * m["cpus"]:
        lines += ["", "The machine was busy with other things: take the ratios as rough."]
    for section in result["sections"]:
        lines += ["", f"## {section['title']}"]
        for goal in section["goals"]:
            limit = f"at most {goal['at most']}" if goal["at most"] is not None else f"at least {goal['at least']}"
            lines += ["", f"**{goal['what']}: {goal['value']:.2f}** (goal: {limit}; {'met' if goal['met'] else 'MISSED'})"]
        for table in section["tables"]:
            lines += ["", f"{table['title']}:" if table["title"] else "", ""] if table["title"] else [""]
            lines += table_lines(table)
        for note in section["notes"]:
            lines += ["", note]
    return "\n".join(lines) + "\n"


def table_lines(table):
    rows = [table["columns"]] + [[cell["text"] for cell in row] for row in table["rows"]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    numeric = [all(isinstance(row[i]["value"], (int, float)) for row in table["rows"]) for i in range(len(widths))]

    def line(row):
        cells = [text.rjust(width) if right else text.ljust(width) for text, width, right in zip(row, widths, numeric)]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (width + 1) + (":" if right else "-") for width, right in zip(widths, numeric)) + "|"
    return [line(rows[0]), rule, *(line(row) for row in rows[1:])]
