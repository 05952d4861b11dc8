/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a stream is made of: queue, window, and the index of who sees what. */
#include "http/hub-private.h"

#include <string.h>

static void
test_queue (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  GuicheStreamQueue queue = { 0 };
  gsize account = 0, n_pushed = 0, n_taken = 0;
  guint n_frames = 0;

  while (n_taken < 100000) {
    struct iovec vectors[8];
    guint n_vectors;
    gsize n = 0;

    if (n_pushed < 100000) {
      gsize length = (gsize) g_rand_int_range (rand, 1, 300);
      g_autoptr (GuicheSegment) segment = guiche_segment_new (&account, length, 1);

      for (gsize i = 0; i < length; i++)
        segment->data[i] = (guint8) (n_pushed++ * 7);
      guiche_stream_queue_push (&queue, segment);
    }
    if (g_rand_int_range (rand, 0, 3) > 0 && n_pushed < 100000)
      continue;
    n_vectors = guiche_stream_queue_peek (&queue, vectors, G_N_ELEMENTS (vectors));
    for (guint i = 0; i < n_vectors; i++) {
      gsize take = i + 1 < n_vectors
                       ? vectors[i].iov_len
                       : (gsize) g_rand_int_range (rand, 0, (gint32) vectors[i].iov_len + 1);

      for (gsize k = 0; k < take; k++)
        g_assert_cmpuint (((guint8 *) vectors[i].iov_base)[k], ==, (guint8) (n_taken++ * 7));
      n += take;
    }
    n_frames += guiche_stream_queue_advance (&queue, n);
    g_assert_cmpuint (queue.n_bytes, ==, n_pushed - n_taken);
  }
  while (queue.n_bytes > 0)
    n_frames += guiche_stream_queue_advance (&queue, MIN (queue.n_bytes, 1000));
  g_assert_cmpuint (n_frames, >, 300);
  g_assert_cmpuint (account, ==, 0);
  guiche_stream_queue_clear (&queue);
}

/* A frame that is half written stays: the client would lose the boundary. */
static void
test_queue_drop (void)
{
  GuicheStreamQueue queue = { 0 };
  gsize account = 0;

  for (guint i = 0; i < 3; i++) {
    g_autoptr (GuicheSegment) segment = guiche_segment_new (&account, 10, 1);

    guiche_stream_queue_push (&queue, segment);
  }
  guiche_stream_queue_advance (&queue, 4);
  guiche_stream_queue_drop_unwritten (&queue);
  g_assert_cmpuint (queue.n_bytes, ==, 6);
  guiche_stream_queue_advance (&queue, 6);
  guiche_stream_queue_drop_unwritten (&queue);
  g_assert_cmpuint (queue.n_bytes, ==, 0);
  g_assert_cmpuint (account, ==, 0);
  guiche_stream_queue_clear (&queue);
}

static void
test_window (void)
{
  GuicheStreamWindow window = { 0 };

  g_assert_true (guiche_stream_window_admits (&window, 1, 10 * GUICHE_WINDOW_MAX_BYTES));
  g_assert_false (guiche_stream_window_admits (&window, 2, 10 * GUICHE_WINDOW_MAX_BYTES));
  for (gint64 seq = 1; seq <= GUICHE_WINDOW_MAX_EVENTS; seq++) {
    g_assert_true (guiche_stream_window_admits (&window, 1, 10));
    guiche_stream_window_push (&window, seq, 1, 10);
  }
  g_assert_false (guiche_stream_window_admits (&window, 1, 10));
  g_assert_false (guiche_stream_window_is_open (&window));
  g_assert_cmpuint (window.n_marks, <=, 64);
  guiche_stream_window_acknowledge (&window, 0);
  g_assert_cmpuint (window.n_events, ==, GUICHE_WINDOW_MAX_EVENTS);
  /* What is acknowledged counts but for one mark at most. */
  guiche_stream_window_acknowledge (&window, 2048);
  g_assert_cmpuint (window.n_events, <=, 2048 + 128);
  g_assert_cmpuint (window.n_bytes, ==, 10 * window.n_events);
  g_assert_true (guiche_stream_window_is_open (&window));
  guiche_stream_window_acknowledge (&window, 5000);
  g_assert_cmpuint (window.n_events, ==, 0);
  g_assert_null (window.marks);
  /* By bytes as well, in marks of an eighth of a quarter. */
  for (gint64 seq = 1; guiche_stream_window_admits (&window, 1, 900); seq++)
    guiche_stream_window_push (&window, seq, 1, 900);
  g_assert_cmpuint (window.n_bytes, <=, GUICHE_WINDOW_MAX_BYTES);
  g_assert_cmpuint (window.n_marks, <=, 64);
  guiche_stream_window_acknowledge (&window, 150);
  g_assert_true (guiche_stream_window_is_open (&window));
  guiche_stream_window_clear (&window);
}

static GuicheId
id_of (guint number)
{
  GuicheId id = { { 0x70 } };

  id.bytes[15] = (guint8) number;
  return id;
}

static GuicheViewer *
random_viewer (GRand *rand)
{
  static const char *const keys[] = { "financial", "commercial", "technical_urgent" };
  GuicheId user = id_of ((guint) g_rand_int_range (rand, 1, 6));
  GuicheId channels[2] = { id_of (20), id_of ((guint) g_rand_int_range (rand, 21, 24)) };
  GuicheId conversation = id_of ((guint) g_rand_int_range (rand, 30, 34));
  const char *queues[4] = { NULL };
  gint32 role = g_rand_int_range (rand, GUICHE_ROLE_VISITOR, GUICHE_ROLE_ADMIN + 1);

  if (role == GUICHE_ROLE_VISITOR)
    return guiche_viewer_new (GUICHE_ROLE_VISITOR, NULL, &conversation, NULL, NULL, 0);
  for (gint32 i = 0, n = g_rand_int_range (rand, 0, 4); i < n; i++)
    queues[i] = keys[i];
  return guiche_viewer_new ((GuicheRole) role, &user, NULL, queues, channels,
                            (gsize) g_rand_int_range (rand, 0, 3));
}

static char *
random_audience (GRand *rand)
{
  static const char *const fixed[] = { "*",           "s",       "q:financial", "q:commercial",
                                       "q:technical", "q:financ" };
  GString *text = g_string_new (NULL);

  for (gint32 n = g_rand_int_range (rand, 1, 5); n > 0; n--) {
    gint32 kind = g_rand_int_range (rand, 0, 9);
    GuicheId id = id_of ((guint) g_rand_int_range (rand, 1, 35));
    char id_text[GUICHE_ID_STRING_LENGTH + 1];

    guiche_id_to_string (&id, id_text);
    if (text->len > 0)
      g_string_append_c (text, ' ');
    if (kind < 6)
      g_string_append (text, fixed[kind]);
    else
      g_string_append_printf (text, "%c:%s", "ucv"[kind - 6], id_text);
  }
  return g_string_free (text, FALSE);
}

/* The index finds exactly those whom guiche_audience_matches() lets see, while they come and go. */
static void
test_index (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  GuicheHubIndex *index = guiche_hub_index_new ();
  GuicheStream streams[24] = { 0 };

  for (guint round = 0; round < 3000; round++) {
    GuicheStream *changed = &streams[g_rand_int_range (rand, 0, G_N_ELEMENTS (streams))];
    g_autoptr (GuicheViewer) viewer = random_viewer (rand);
    g_autofree char *audience = random_audience (rand);
    GuicheHubAudience *resolved;

    if (changed->group != NULL)
      guiche_hub_index_remove (index, changed);
    if (g_rand_int_range (rand, 0, 4) > 0)
      guiche_hub_index_add (index, changed, viewer);
    guiche_hub_index_trim (index);
    resolved = guiche_hub_index_resolve (index, audience);
    for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
      gboolean is_found =
          streams[i].group != NULL && g_ptr_array_find (resolved->groups, streams[i].group, NULL);
      gboolean is_meant =
          streams[i].group != NULL && guiche_audience_matches (audience, streams[i].group->viewer);

      g_assert_cmpint (is_found, ==, is_meant);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (streams[i].group != NULL)
      guiche_hub_index_remove (index, &streams[i]);
  g_assert_cmpuint (guiche_hub_index_n_groups (index), ==, 0);
  guiche_hub_index_free (index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream/queue", test_queue);
  g_test_add_func ("/stream/queue-drop", test_queue_drop);
  g_test_add_func ("/stream/window", test_window);
  g_test_add_func ("/stream/index", test_index);
  return g_test_run ();
}
