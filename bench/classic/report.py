# SPDX-License-Identifier: Apache-2.0
"""The table and the plot: our smallest against the smallest peer, our fastest against the fastest."""

import statistics


def best(rows, key, ours):
    """The row that is least by `key` among those that fit, or None."""
    fitting = [row for row in rows if (row["tool"] == "whit") == ours and row[key] is not None]
    return min(fitting, key=lambda row: row[key], default=None)


def cells(rows):
    """The rows of each (data, model, target), in their order."""
    groups = {}
    for row in rows:
        groups.setdefault((row["data"], row["model"], row["target"]), []).append(row)
    return groups


def figure(row, key):
    return f"{row[key]:,}" if row else "-"


def ratio(rows, key):
    ours, peer = best(rows, key, True), best(rows, key, False)
    return peer[key] / ours[key] if ours and peer and ours[key] else None


def words(place, rows):
    entries = [*place]
    for key in ("flash", "cycles"):
        ours, peer = best(rows, key, True), best(rows, key, False)
        factor = ratio(rows, key)
        entries += [figure(ours, key), f"{figure(peer, key)} {peer['tool'] if peer else ''}".strip(), f"{factor:.2f}" if factor else "-"]
    ours, peer = best(rows, "flash", True), best(rows, "flash", False)
    entries += [f"{ours['accuracy']:.4f}" if ours else "-", *(str(row["labels_differ"]) if row else "-" for row in (ours, peer))]
    return entries


HEADINGS = ["data", "model", "target", "flash", "smallest peer", "x", "cycles", "fastest peer", "x", "accuracy", "differ", "peer's"]


def line(rows, *place):
    return "  ".join(words(place, cells(rows).get(place, [])))


def table(rows):
    lines = [HEADINGS] + [words(place, group) for place, group in cells(rows).items()]
    widths = [max(len(entries[column]) for entries in lines) for column in range(len(HEADINGS))]
    text = "".join("  ".join(entry.rjust(width) if index > 2 else entry.ljust(width)
                             for index, (entry, width) in enumerate(zip(entries, widths))).rstrip() + "\n" for entries in lines)
    for key, name in (("flash", "smaller"), ("cycles", "faster")):
        factors = [factor for group in cells(rows).values() if (factor := ratio(group, key))]
        if factors:
            text += f"{name}: median {statistics.median(factors):.2f} x, least {min(factors):.2f} x, of {len(factors)} rows with a peer that fits\n"
    fits = [(best(group, "flash", True) is not None, best(group, "flash", False) is not None) for group in cells(rows).values()]
    text += (f"fits by whit and a peer: {fits.count((True, True))} rows, by whit alone: {fits.count((True, False))}, "
             f"by a peer alone: {fits.count((False, True))}, by none: {fits.count((False, False))}\n")
    text += "flash: bytes of the image less one with an empty predict; cycles: mean of the first 12 test samples, zero wait states;\n"
    text += "differ: labels of the smallest that are not the estimator's own\n"
    return text


def plot(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    targets = list(dict.fromkeys(row["target"] for row in rows))
    figure_, axes = pyplot.subplots(1, max(1, len(targets)), figsize=(6 * max(1, len(targets)), 5), squeeze=False)
    for axis, target in zip(axes[0], targets):
        for tool in dict.fromkeys(row["tool"] for row in rows):
            points = [(row["flash"], row["cycles"]) for row in rows if row["target"] == target and row["tool"] == tool and row["flash"]]
            axis.scatter(*zip(*points) if points else ((), ()), s=18, label=tool, alpha=0.7, zorder=3 if tool == "whit" else 2)
        axis.set(title=target, xlabel="flash, bytes", ylabel="cycles a sample", xscale="log", yscale="log")
        axis.grid(True, alpha=0.3)
        axis.legend()
    figure_.tight_layout()
    figure_.savefig(path, dpi=110)
