# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped files of several-machines, run on one machine: what `try` shows and the tests drive."""
