/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"
#include "model/view.h"

/* The view against a naive sort: after every change the same order, and the signals that were told
 * rebuild it. */

#define N 60
#define N_STEPS 4000

typedef struct {
  GuicheConversation *conversations[N];
  GuicheViewKey keys[N];
  gboolean belongs[N];
  GPtrArray *mirror; /* rebuilt from items-changed alone */
  guint n_signals;
} Fixture;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, Fixture *fixture)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&fixture->mirror);

  fixture->n_signals++;
  fixture->mirror = g_ptr_array_new ();
  for (guint i = 0; i < position; i++)
    g_ptr_array_add (fixture->mirror, g_ptr_array_index (before, i));
  for (guint i = 0; i < added; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, position + i);
    g_ptr_array_add (fixture->mirror, item);
  }
  for (guint i = position + removed; i < before->len; i++)
    g_ptr_array_add (fixture->mirror, g_ptr_array_index (before, i));
}

static int
compare_index (gconstpointer a, gconstpointer b, gpointer user_data)
{
  Fixture *fixture = user_data;
  guint one = *(const guint *) a, other = *(const guint *) b;
  const GuicheViewKey *x = &fixture->keys[one], *y = &fixture->keys[other];

  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  if (x->second != y->second)
    return x->second < y->second ? -1 : 1;
  return one < other ? -1 : 1;
}

static void
check (Fixture *fixture, GListModel *model)
{
  g_autoptr (GArray) naive = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < N; i++)
    if (fixture->belongs[i])
      g_array_append_val (naive, i);
  g_array_sort_with_data (naive, compare_index, fixture);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, naive->len);
  g_assert_cmpuint (fixture->mirror->len, ==, naive->len);
  for (guint i = 0; i < naive->len; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);
    g_assert_true (item == (gpointer) fixture->conversations[g_array_index (naive, guint, i)]);
    g_assert_true (item == g_ptr_array_index (fixture->mirror, i));
  }
}

static void
test_like_a_naive_sort (void)
{
  g_autoptr (GuicheConversationView) view = guiche_conversation_view_new ();
  Fixture fixture = { .mirror = g_ptr_array_new () };

  for (guint i = 0; i < N; i++) {
    g_autofree char *id = g_strdup_printf ("%04u", i);
    fixture.conversations[i] = guiche_conversation_new (id);
  }
  g_signal_connect (view, "items-changed", G_CALLBACK (on_items_changed), &fixture);
  for (guint step = 0; step < N_STEPS; step++) {
    guint i = (guint) g_test_rand_int_range (0, N);

    fixture.keys[i] = (GuicheViewKey){ g_test_rand_int_range (0, 8), g_test_rand_int_range (0, 8) };
    fixture.belongs[i] = g_test_rand_int_range (0, 4) > 0;
    guiche_conversation_view_update (view, fixture.conversations[i],
                                     fixture.belongs[i] ? &fixture.keys[i] : NULL);
    check (&fixture, G_LIST_MODEL (view));
  }
  for (guint i = 0; i < N; i++)
    g_object_unref (fixture.conversations[i]);
  g_ptr_array_unref (fixture.mirror);
}

static void
test_tells_no_more_than_it_must (void)
{
  g_autoptr (GuicheConversationView) view = guiche_conversation_view_new ();
  Fixture fixture = { .mirror = g_ptr_array_new () };
  g_autoptr (GuicheConversation) one = guiche_conversation_new ("1");
  g_autoptr (GuicheConversation) other = guiche_conversation_new ("2");

  g_signal_connect (view, "items-changed", G_CALLBACK (on_items_changed), &fixture);
  guiche_conversation_view_begin (view);
  guiche_conversation_view_update (view, one, &(GuicheViewKey){ 1, 0 });
  guiche_conversation_view_update (view, other, &(GuicheViewKey){ 2, 0 });
  guiche_conversation_view_end (view);
  g_assert_cmpuint (fixture.n_signals, ==, 1);
  guiche_conversation_view_update (view, other, &(GuicheViewKey){ 9, 0 });
  guiche_conversation_view_update (view, one, &(GuicheViewKey){ 1, 0 });
  g_assert_cmpuint (fixture.n_signals, ==, 1);
  guiche_conversation_view_update (view, other, &(GuicheViewKey){ 0, 0 });
  g_assert_cmpuint (fixture.n_signals, ==, 2);
  g_ptr_array_unref (fixture.mirror);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/view/like-a-naive-sort", test_like_a_naive_sort);
  g_test_add_func ("/model/view/tells-no-more-than-it-must", test_tells_no_more_than_it_must);
  return g_test_run ();
}
