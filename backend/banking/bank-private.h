/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the banks use. */
#include "banking/bank.h"
#include "banking/check-digit.h"
#include "banking/refusal.h"
