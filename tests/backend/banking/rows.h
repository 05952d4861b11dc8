/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A CSV file of the conformance data (`linha_digitavel/bb.csv`), by the names of its first line. */
typedef struct {
  GPtrArray *lines; /* (element-type GPtrArray): of text; the first are the names */
} TestRows;

TestRows *test_rows_load (const char *name);
void test_rows_free (TestRows *self);
guint test_rows_count (const TestRows *self);
/* Borrowed; the name must exist. */
const char *test_rows_get (const TestRows *self, guint row, const char *name);
/* The path of a file of the conformance data. (transfer full) */
char *test_data_path (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRows, test_rows_free)

G_END_DECLS
