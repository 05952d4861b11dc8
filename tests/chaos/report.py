# SPDX-License-Identifier: GPL-3.0-or-later
"""For each fault: how many clients could not send, and for how long; how late events were seen; and how late the load's own
process came, which says whether the machine had the time for all this."""

NOTICED_S = 1.0  # an answer that took longer counts as not being able to send
SLOW_S = 5.0  # it is told why
JUST_BEFORE_S = 0.5  # what was on its way when the fault began; older trouble is that of the fault before


def percentile(values, part):
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def figures(values):
    return f"{percentile(values, 0.5):6.2f} {percentile(values, 0.99):6.2f} {percentile(values, 1):6.2f}"


class Outage:
    """What one fault did to senders: for each client the longest time from wanting to send (or the fault's beginning) to the
    acknowledgement, among the messages that needed another attempt or longer than a second."""

    def __init__(self, fault, until, sends):
        self.fault = fault
        longest, tried, self.slowest = {}, set(), None
        for send in sends:
            if not fault.began - JUST_BEFORE_S <= send.pressed < until or (send.acked or until) < fault.began or send.is_scheduled:
                continue
            tried.add(send.client)
            start = max(send.pressed, fault.began)
            if send.acked is None or (send.attempts == 1 and send.acked - start <= NOTICED_S):
                continue
            if not longest or send.acked - start > max(longest.values()):
                self.slowest = send
            longest[send.client] = max(longest.get(send.client, 0.0), send.acked - start)
        self.n_tried = len(tried)
        self.gaps = sorted(longest.values())

    def line(self):
        took = self.fault.healed - self.fault.began
        return (f"  {str(self.fault):<52} {took:5.1f} s  {len(self.gaps):>5} of {self.n_tried:<5} "
                f"{figures(self.gaps)}   {figures(self.fault.delays)}   {percentile(self.fault.lags, 0.99):5.2f}")


def outages(schedule, sends, ended):
    begins = [fault.began for fault in schedule[1:]] + [ended]
    return [Outage(fault, until, sends) for fault, until in zip(schedule, begins)]


def table(schedule, sends, ended):
    lines = [f"  {'':<52} {'':>7}  {'could not send':>14} {'for, in seconds':>20}   {'events seen after':>20}   own",
             f"  {'fault':<52} {'lasted':>7}  {'clients':>14} {'p50':>6} {'p99':>6} {'max':>6}   {'p50':>6} {'p99':>6} {'max':>6}   lag99"]
    all_outages = outages(schedule, sends, ended)
    lines += [outage.line() for outage in all_outages]
    for outage in all_outages:
        if outage.gaps and outage.gaps[-1] > SLOW_S:
            send = outage.slowest
            lines.append(f"  slowest in {outage.fault.kind}: {send.client.name}, {send.attempts} attempts, {'stream' if send.by_stream else 'POST'}: {'; '.join(send.trail)}")
    by_kind = {}
    for outage in all_outages:
        by_kind.setdefault(outage.fault.kind, []).extend(outage.gaps)
    if len(by_kind) < len(all_outages):
        lines.append("  by kind")
        for kind, gaps in sorted(by_kind.items()):
            gaps.sort()
            lines.append(f"  {kind:<52} {'':>7}  {len(gaps):>14} {figures(gaps)}")
    return lines


def calm(sends, began, ended, delays, lags):
    """What a message took while nothing was done to the cluster."""
    times = sorted(send.acked - send.pressed for send in sends if send.acked is not None and began <= send.pressed < ended)
    return (f"  {'nothing (messages until acknowledged)':<52} {'':>7}  {len(times):>5} messages {figures(times)}   {figures(delays)}   {percentile(lags, 0.99):5.2f}")
