# SPDX-License-Identifier: GPL-3.0-or-later
"""For each fault: how many clients could not send, and for how long."""

NOTICED_S = 1.0  # an answer that took longer counts as not being able to send
SLOW_S = 5.0  # it is told why
JUST_BEFORE_S = 0.5  # what was on its way when the fault began; older trouble is that of the fault before


def percentile(values, part):
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


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
                f"{percentile(self.gaps, 0.5):6.2f} {percentile(self.gaps, 0.99):6.2f} {percentile(self.gaps, 1):6.2f}")


def outages(schedule, sends, ended):
    begins = [fault.began for fault in schedule[1:]] + [ended]
    return [Outage(fault, until, sends) for fault, until in zip(schedule, begins)]


def table(schedule, sends, ended):
    lines = [f"  {'fault':<52} {'healed':>7}  {'could not':>14} {'p50':>6} {'p99':>6} {'max':>6}  (seconds until the next acknowledged message)"]
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
            lines.append(f"  {kind:<52} {'':>7}  {len(gaps):>5}          {percentile(gaps, 0.5):6.2f} {percentile(gaps, 0.99):6.2f} {percentile(gaps, 1):6.2f}")
    return lines


def calm(sends, began, ended):
    """What a message took while nothing was done to the cluster."""
    times = sorted(send.acked - send.pressed for send in sends if send.acked is not None and began <= send.pressed < ended)
    return (f"  {'nothing (the load alone)':<52} {'':>7}  {len(times):>5} messages "
            f"{percentile(times, 0.5):6.3f} {percentile(times, 0.99):6.3f} {percentile(times, 1):6.3f}")
