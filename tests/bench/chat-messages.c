/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens a conversation of 100,000 messages and scrolls through it; prints what a frame costs. */
#include "chat-fixture.h"
#include "chat/chat-view.h"
#include "chat/message-view.h"

#include <adwaita.h>
#include <time.h>

#define N_MESSAGES 100000
#define N_FRAMES 300
#define STEP_PIXELS 90
#define N_JUMPS 60

typedef struct {
  GuicheChatView *chat;
  GuicheMessageView *view; /* in it */
  GArray *costs;           /* (element-type double): milliseconds a frame */
  GArray *work;            /* (element-type double): of them, on the processor */
  gint64 begun_us, begun_work_us;
  guint n_painted;
} Bench;

/* What this thread worked: a busy machine makes frames late, not dear. */
static gint64
worked_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
on_before (Bench *bench)
{
  bench->begun_work_us = worked_us ();
  bench->begun_us = g_get_monotonic_time ();
}

static void
on_after (Bench *bench)
{
  double cost = (double) (g_get_monotonic_time () - bench->begun_us) / 1000;

  double work = (double) (worked_us () - bench->begun_work_us) / 1000;

  g_array_append_val (bench->costs, cost);
  g_array_append_val (bench->work, work);
  bench->n_painted++;
}

static void
wait_for_frame (Bench *bench)
{
  guint n = bench->n_painted;

  gtk_widget_queue_draw (GTK_WIDGET (bench->chat));
  while (bench->n_painted == n)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
percentile (GArray *costs, double part)
{
  g_array_sort (costs, compare);
  return g_array_index (costs, double, (guint) ((costs->len - 1) * part));
}

static void
forget (Bench *bench)
{
  g_array_set_size (bench->costs, 0);
  g_array_set_size (bench->work, 0);
}

static void
report (Bench *bench, const char *what, double limit_ms)
{
  guint n_over = 0;

  for (guint i = 0; i < bench->costs->len; i++)
    n_over += g_array_index (bench->costs, double, i) > limit_ms;
  g_print ("%s: %u frames, p50 %.1f ms, p95 %.1f ms, max %.1f ms, %u over %.0f ms; work p50 %.1f "
           "ms, p95 %.1f ms, max %.1f ms\n",
           what, bench->costs->len, percentile (bench->costs, 0.5), percentile (bench->costs, 0.95),
           percentile (bench->costs, 1), n_over, limit_ms, percentile (bench->work, 0.5),
           percentile (bench->work, 0.95), percentile (bench->work, 1));
  forget (bench);
}

static void
open_conversation (Bench *bench, GuicheConversation *conversation, const char *what)
{
  gint64 start = g_get_monotonic_time (), start_work = worked_us (), shown, shown_work;

  guiche_chat_view_set_conversation (bench->chat, conversation);
  wait_for_frame (bench);
  shown = g_get_monotonic_time ();
  shown_work = worked_us ();
  for (guint i = 0; i < 5; i++)
    wait_for_frame (bench);
  g_print ("%s: first frame after %.0f ms, %.0f ms of work\n", what,
           (double) (shown - start) / 1000, (double) (shown_work - start_work) / 1000);
  report (bench, "  frames while opening", 33);
}

static void
scroll (Bench *bench, double step)
{
  GtkAdjustment *adjustment = guiche_message_view_get_adjustment (bench->view);

  for (guint i = 0; i < N_FRAMES; i++) {
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + step);
    wait_for_frame (bench);
  }
}

static void
run (GtkApplication *application)
{
  Bench bench = { .costs = g_array_new (FALSE, FALSE, sizeof (double)),
                  .work = g_array_new (FALSE, FALSE, sizeof (double)) };
  g_autoptr (GuicheDesk) desk = chat_fixture_open_desk (&(GuichePopulate){ .n_long = N_MESSAGES });
  GuicheConversation *many = guiche_desk_find_conversation (desk, GUICHE_POPULATE_LONG_ID);
  GuicheConversation *few = chat_fixture_conversation (desk);
  GtkWidget *window = adw_application_window_new (application);
  GdkFrameClock *clock;

  chat_fixture_load_style ();
  bench.chat = guiche_chat_view_new (desk);
  bench.view = chat_fixture_find (GTK_WIDGET (bench.chat), GUICHE_TYPE_MESSAGE_VIEW);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), GTK_WIDGET (bench.chat));
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 860);
  gtk_window_present (GTK_WINDOW (window));
  clock = gtk_widget_get_frame_clock (window);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (on_before), &bench);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (on_after), &bench);
  for (guint i = 0; i < 10; i++)
    wait_for_frame (&bench);
  forget (&bench);

  open_conversation (&bench, few, "open a short conversation");
  open_conversation (&bench, many, "open 100,000 messages");
  open_conversation (&bench, few, "open a short conversation again");
  open_conversation (&bench, many, "open 100,000 messages again");
  scroll (&bench, -STEP_PIXELS);
  report (&bench, "scroll up by 90 pixels a frame", 33);
  scroll (&bench, -860);
  report (&bench, "scroll up by a page a frame", 33);
  scroll (&bench, STEP_PIXELS);
  report (&bench, "scroll down by 90 pixels a frame", 33);
  for (guint i = 0; i < N_JUMPS; i++) {
    guiche_message_view_show_position (bench.view, (i * 7919 * 13) % N_MESSAGES);
    wait_for_frame (&bench);
  }
  report (&bench, "jump anywhere", 33);
  guiche_chat_view_set_conversation (bench.chat, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_array_unref (bench.costs);
  g_array_unref (bench.work);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application =
                 adw_application_new ("io.github.guiche.Guiche.Bench", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (run), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
