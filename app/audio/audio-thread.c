/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/audio-thread.h"

struct _GuicheAudioThread {
  GMainLoop *loop; /* (owned by the thread) */
};

static gpointer
run_thread (gpointer data)
{
  GuicheAudioThread *self = data;
  GMainContext *context = g_main_loop_get_context (self->loop);

  g_main_context_push_thread_default (context);
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (context);
  g_main_loop_unref (self->loop);
  g_free (self);
  return NULL;
}

static void
attach (GMainContext *context, GSourceFunc function, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, destroy);
  g_source_attach (source, context);
}

static gboolean
quit_cb (gpointer data)
{
  GuicheAudioThread *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

GuicheAudioThread *
guiche_audio_thread_new (const char *name)
{
  GuicheAudioThread *self = g_new0 (GuicheAudioThread, 1);
  g_autoptr (GMainContext) context = g_main_context_new ();

  self->loop = g_main_loop_new (context, FALSE);
  g_thread_unref (g_thread_new (name, run_thread, self));
  return self;
}

void
guiche_audio_thread_invoke (GuicheAudioThread *self,
                            GSourceFunc function,
                            gpointer data,
                            GDestroyNotify destroy)
{
  attach (g_main_loop_get_context (self->loop), function, data, destroy);
}

void
guiche_audio_thread_release (GuicheAudioThread *self)
{
  guiche_audio_thread_invoke (self, quit_cb, self, NULL);
}

void
guiche_audio_reply (GSourceFunc function, gpointer data, GDestroyNotify destroy)
{
  attach (NULL, function, data, destroy);
}

static gboolean
stop_task (GstElement *element, GstPad *pad, gpointer data)
{
  gst_pad_stop_task (pad);
  return TRUE;
}

static void
stop_tasks (const GValue *element, gpointer data)
{
  gst_element_foreach_sink_pad (g_value_get_object (element), stop_task, NULL);
}

void
guiche_audio_stop_pipeline (GstElement *pipeline)
{
  GstIterator *elements = gst_bin_iterate_elements (GST_BIN (pipeline));

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_iterator_foreach (elements, stop_tasks, NULL);
  gst_iterator_free (elements);
}
