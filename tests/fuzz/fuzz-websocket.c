/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket-reference.h"

/* The first byte chooses the side and the pieces, the rest is the byte stream. With -Dfuzz=true
 * libFuzzer calls this; otherwise fuzz-main.c replays the corpus with mutations of it. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *expected = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;
  gboolean expect_mask;

  if (size == 0)
    return 0;
  expect_mask = (data[0] & 1) == 0;
  expected = websocket_reference_trace (data + 1, size - 1, expect_mask);
  whole = websocket_decoder_trace (data + 1, size - 1, expect_mask, size, 0);
  pieces = websocket_decoder_trace (data + 1, size - 1, expect_mask, data[0] >> 4, data[0]);
  g_assert_cmpstr (whole, ==, expected);
  g_assert_cmpstr (pieces, ==, expected);
  return 0;
}
